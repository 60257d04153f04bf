// The live stream: what changed is fetched again as it now stands, so nothing is lost or doubled after a reconnect.
const KINDS = [
  "handoff.requested", "handoff.raised", "handoff.moved", "handoff.claimed", "handoff.resolved",
  "message.added", "delivery.settled", "note.added", "contact.changed",
  "alert.raised", "alert.cleared",
];
const QUICKEST_MS = 100;
const AGAIN_MS = 3000;
const PARTS = { lists: "#lists", chat: "#conversation[data-id]", alerts: "#alerts" };

// What an answer shows is as old as its request. So whatever is heard gets a number, a request remembers the last one
// heard before it, and a part that comes to rest older than what was heard of it is asked for again. htmx alone would
// lose a refresh that is wanted before it knows a new part, or that waits behind an answer which replaces the part.
let heard = 0;
let opened = 0; // the stream began, or began anew
const heardOf = new Map(); // a part's name or a conversation's id
const begun = new WeakMap(); // a request
const orders = new WeakMap(); // a request: the how many-th it was
const asking = new WeakMap(); // a part of the page: the request that is under way for it
const shown = new WeakMap(); // a part of the page: the order of the request whose answer it shows
let order = 0;

const stale = new Set();
let timer = null;
let last = 0; // when the last refresh was asked for

const openId = () => document.querySelector("#conversation")?.dataset.id;
const listed = () => [...document.querySelectorAll("#lists [data-conversation]")].map((card) => card.dataset.conversation);
const concerns = { lists: () => ["lists", ...listed()], chat: () => [openId()], alerts: () => ["alerts"] };
const partOf = (element) => Object.keys(PARTS).find((name) => element.matches?.(PARTS[name]));
const newest = (name) => Math.max(opened, ...concerns[name]().map((one) => heardOf.get(one) ?? 0));

function hear(...names) {
  heard += 1;
  for (const name of names) heardOf.set(name, heard);
}

// The first event is a refresh at once, and a burst of them the next one. The server says how often (data-pace): where
// many desks are open, each waits longer, and not all ask in the same moment.
function refreshSoon(...names) {
  for (const name of names) stale.add(name);
  if (timer !== null) return;
  const pace = Number(document.querySelector("#lists").dataset.pace) || QUICKEST_MS;
  const spread = Math.random() * (pace - QUICKEST_MS);
  timer = setTimeout(refresh, Math.max(spread, last + pace - Date.now()));
}

function refresh() {
  timer = null;
  last = Date.now();
  for (const name of stale) {
    const part = document.querySelector(PARTS[name]);
    if (part) htmx.trigger(part, "refresh");
  }
  stale.clear();
}

function refreshAll() {
  heard += 1;
  opened = heard;
  refreshSoon(...Object.keys(PARTS));
}

function onEvent({ data }) {
  const { kind, conversation_id: id } = JSON.parse(data);
  if (kind.startsWith("alert.") || document.querySelector("#given-back")) {
    hear("alerts");
    refreshSoon("alerts");
  }
  if (kind.startsWith("alert.")) return;
  const handed = kind.startsWith("handoff.");
  hear(id, ...(handed ? ["lists"] : []));
  if (handed || listed().includes(id)) refreshSoon("lists");
  if (openId() === id) refreshSoon("chat");
}

document.addEventListener("htmx:beforeSend", ({ detail: { elt, xhr } }) => {
  begun.set(xhr, heard);
  orders.set(xhr, ++order);
  if (partOf(elt)) asking.set(elt, xhr);
});

document.addEventListener("htmx:afterRequest", ({ detail: { elt, xhr } }) => {
  if (asking.get(elt) === xhr) asking.delete(elt);
});

// Two may be under way for one part, since htmx forgets the first where an answer replaced its part: the older answer
// must not come last.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { xhr, requestConfig } = detail;
  const { elt } = requestConfig;
  if (!partOf(elt)) return;
  if (orders.get(xhr) < (shown.get(elt) ?? 0)) detail.shouldSwap = false;
  else shown.set(elt, orders.get(xhr));
});

document.addEventListener("htmx:afterSettle", ({ target, detail: { xhr } }) => {
  const name = partOf(target);
  if (!name) return;
  const known = Math.max(begun.get(xhr) ?? 0, begun.get(asking.get(target)) ?? 0);
  if (newest(name) > known) refreshSoon(name);
});

// A refresh that failed is asked for again; what the server refuses (a conversation out of reach) is not.
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, ({ detail: { elt, xhr } }) => {
    const part = partOf(elt);
    if (part && (xhr.status === 0 || xhr.status >= 500)) setTimeout(refreshSoon, AGAIN_MS, part);
  });
}

function showLink(state, words) {
  const link = document.querySelector("[data-link]");
  link.dataset.link = state;
  link.lastElementChild.textContent = words;
}

document.addEventListener("htmx:sseOpen", ({ detail: { source } }) => {
  showLink("up", "实时");
  refreshAll();
  if (source.heard) return; // the browser reconnects the same source
  source.heard = true;
  for (const kind of KINDS) source.addEventListener(kind, onEvent);
  source.addEventListener("ready", refreshAll);
  source.addEventListener("reload", () => location.reload());
});

document.addEventListener("htmx:sseError", () => showLink("down", "断开，正在重连"));

// htmx refreshes them itself, unless they are just coming to rest.
document.addEventListener("stale", () => hear("lists", "alerts"));

document.addEventListener("htmx:pushedIntoHistory", () => {
  hear("lists"); // the card of what is open is marked
  refreshSoon("lists");
});
