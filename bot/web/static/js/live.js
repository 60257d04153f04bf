// The live stream: what changed is fetched again as it now stands, so nothing is lost or doubled after a reconnect.
const KINDS = [
  "handoff.requested", "handoff.raised", "handoff.moved", "handoff.claimed", "handoff.resolved",
  "message.added", "delivery.settled", "note.added", "contact.changed",
  "alert.raised", "alert.cleared",
];
const QUICKEST_MS = 100;

const stale = new Set();
const passed = new Set(); // what happened in conversations that were not open
let timer = null;
let last = 0; // when the last refresh was asked for

const openId = () => document.querySelector("#conversation")?.dataset.id;

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
  if (stale.has("lists")) htmx.trigger("#lists", "refresh");
  if (stale.has("chat") && document.querySelector("#conversation[data-id]")) htmx.trigger("#conversation", "refresh");
  if (stale.has("alerts")) htmx.trigger("#alerts", "refresh");
  stale.clear();
}

function onEvent({ data }) {
  const { kind, conversation_id } = JSON.parse(data);
  if (kind.startsWith("alert.") || document.querySelector("#given-back")) refreshSoon("alerts");
  if (kind.startsWith("alert.")) return;
  const listed = document.querySelector(`#lists [data-conversation="${CSS.escape(conversation_id)}"]`);
  if (listed || kind.startsWith("handoff.")) refreshSoon("lists");
  if (openId() === conversation_id) refreshSoon("chat");
  else passed.add(conversation_id);
}

function showLink(state, words) {
  const link = document.querySelector("[data-link]");
  link.dataset.link = state;
  link.lastElementChild.textContent = words;
}

document.addEventListener("htmx:sseOpen", ({ detail: { source } }) => {
  showLink("up", "实时");
  refreshSoon("lists", "chat", "alerts");
  if (source.heard) return; // the browser reconnects the same source
  source.heard = true;
  for (const kind of KINDS) source.addEventListener(kind, onEvent);
  source.addEventListener("ready", () => refreshSoon("lists", "chat", "alerts"));
  source.addEventListener("reload", () => location.reload());
});

document.addEventListener("htmx:sseError", () => showLink("down", "断开，正在重连"));

// It may have happened while the conversation was on its way to this page.
document.addEventListener("htmx:afterSettle", () => {
  if (passed.delete(openId())) refreshSoon("chat");
});

document.addEventListener("htmx:pushedIntoHistory", () => refreshSoon("lists"));
