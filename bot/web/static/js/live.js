// The live stream: what changed is fetched again as it now stands, so nothing is lost or doubled after a reconnect.
const KINDS = ["handoff.requested", "handoff.raised", "handoff.claimed", "handoff.resolved", "message.added", "delivery.settled"];
const PAUSE_MS = 150; // a burst of events is one refresh
const AT_MOST_EVERY_MS = 500;

const stale = new Set();
const passed = new Set(); // what happened in conversations that were not open
let timer = null;
let last = 0;

const openId = () => document.querySelector("#conversation")?.dataset.id;

function refreshSoon(...names) {
  for (const name of names) stale.add(name);
  if (timer === null) timer = setTimeout(refresh, Math.max(PAUSE_MS, last + AT_MOST_EVERY_MS - Date.now()));
}

function refresh() {
  timer = null;
  last = Date.now();
  if (stale.has("lists")) htmx.trigger("#lists", "refresh");
  if (stale.has("chat") && document.querySelector("#conversation[data-id]")) htmx.trigger("#conversation", "refresh");
  stale.clear();
}

function onEvent({ data }) {
  const { kind, conversation_id } = JSON.parse(data);
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
  refreshSoon("lists", "chat");
  if (source.heard) return; // the browser reconnects the same source
  source.heard = true;
  for (const kind of KINDS) source.addEventListener(kind, onEvent);
  source.addEventListener("ready", () => refreshSoon("lists", "chat"));
  source.addEventListener("reload", () => location.reload());
});

document.addEventListener("htmx:sseError", () => showLink("down", "断开，正在重连"));

// It may have happened while the conversation was on its way to this page.
document.addEventListener("htmx:afterSettle", () => {
  if (passed.delete(openId())) refreshSoon("chat");
});

document.addEventListener("htmx:pushedIntoHistory", () => refreshSoon("lists"));
