// One phone: shows its chat as it happens and sends what the person does.

import { render, showDelivery } from "./bubble.js";
import { moment } from "./moments.js";

const GAP = 5 * 60 * 1000;
const TYPING_LASTS = 15 * 1000;

const byId = (id) => document.getElementById(id);
const phone = document.querySelector(".phone");
const base = `/phones/${encodeURIComponent(phone.dataset.openid)}`;
const chat = byId("chat");
const words = byId("words");
const menu = byId("menu");
const lines = new Map();
let lastAt = 0;
let typingTimer = 0;

// ---- the chat

function add(bubble, fresh) {
  if (lines.has(bubble.id)) return;
  const at = new Date(bubble.at);
  if (at - lastAt > GAP) {
    const time = document.createElement("li");
    time.className = "time";
    time.textContent = moment(at);
    chat.append(time);
  }
  lastAt = at;
  const stay = bubble.from !== "me" && !atEnd();
  const line = render(bubble);
  line.classList.toggle("fresh", fresh);
  lines.set(bubble.id, line);
  chat.append(line);
  if (bubble.from !== "me") showTyping(false);
  if (!stay) toEnd();
}

// Whoever scrolled up to read is left there.
function atEnd(within = 120) {
  return chat.scrollHeight - chat.scrollTop - chat.clientHeight < within;
}

function toEnd() {
  chat.scrollTop = chat.scrollHeight;
}

function showTyping(on) {
  clearTimeout(typingTimer);
  byId("title").textContent = on ? "对方正在输入…" : phone.dataset.name;
  if (on) typingTimer = setTimeout(() => showTyping(false), TYPING_LASTS);
}

function showFollowing(following) {
  byId("stranger").hidden = following;
  byId("unfollow").textContent = following ? "取消关注" : "关注公众号";
  phone.dataset.following = following ? "yes" : "no";
  showBottom(menu ? "menu" : "words");
}

function watch(after) {
  const source = new EventSource(`${base}/events${after ? `?after=${after}` : ""}`);
  const on = (name, act) => source.addEventListener(name, (event) => act(JSON.parse(event.data)));
  on("bubble", (bubble) => add(bubble, true));
  on("typing", ({ on: shown }) => showTyping(shown));
  on("follow", ({ following }) => showFollowing(following));
  on("delivery", (delivery) => {
    const line = lines.get(delivery.msg_id);
    const follow = atEnd();
    if (line) showDelivery(line, delivery);
    if (follow) toEnd();
  });
  source.addEventListener("error", () => {
    // Refused for good: the simulator was started anew and knows this phone no longer.
    if (source.readyState === EventSource.CLOSED) location.reload();
  });
}

// ---- sending

async function post(path, body) {
  const json = !(body instanceof FormData);
  const request = { method: "POST", body: json ? JSON.stringify(body) : body };
  if (json) request.headers = { "Content-Type": "application/json" };
  let answer;
  try {
    answer = await fetch(base + path, request);
  } catch {
    toast("发不出去，请稍后再试");
    return null;
  }
  const result = await answer.json().catch(() => ({}));
  if (answer.ok && !result.errcode) return result;
  toast(answer.status === 409 ? "先关注公众号，才能发消息" : "发不出去，请稍后再试");
  return null;
}

async function say() {
  const text = words.value;
  if (!text.trim()) return;
  words.value = "";
  fit();
  if (!(await post("/messages", { type: "text", text }))) {
    words.value = text;
    fit();
  }
}

async function keep(type, file) {
  const form = new FormData();
  form.append("media", file);
  return (await post(`/media?type=${type}`, form))?.media_id;
}

async function sendPicture(file) {
  const button = takeMenu();
  const kept = await keep("image", file);
  if (!kept) return;
  if (button) await post("/events", { ...button, media_ids: [kept] });
  else await post("/messages", { type: "image", media_id: kept });
}

async function sendVideo(file) {
  const kept = await keep("video", file);
  if (kept) await post("/messages", { type: "video", media_id: kept });
}

const asked = {
  place: ({ label, latitude, longitude }) => {
    const button = takeMenu();
    const place = { label, latitude: Number(latitude), longitude: Number(longitude) };
    return button ? post("/events", { ...button, ...place }) : post("/messages", { type: "location", ...place });
  },
  voice: ({ speech, seconds }) => post("/messages", { type: "voice", speech, seconds: Number(seconds) }),
  link: ({ title, url }) => post("/messages", { type: "link", title, url }),
  code: ({ result }) => post("/events", { ...takeMenu(), result }),
  scan: ({ key }) => post("/events", { type: "scan", key }),
  click: ({ key }) => post("/events", { type: "click", key }),
};

// ---- menu buttons that ask for something first

let tapped = null;

function takeMenu() {
  const button = tapped;
  tapped = null;
  return button;
}

function tapMenu({ menu: type, key }) {
  tapped = { type, key };
  if (type.startsWith("scancode")) byId("code").showModal();
  else if (type.startsWith("pic_")) byId("picture").click();
  else if (type === "location_select") byId("place").showModal();
  else if (type === "miniprogram") post("/events", { type: "view_miniprogram", key });
  else if (type === "click") post("/events", takeMenu());
  else toast("模拟微信打不开这种菜单");
}

function toast(text) {
  const shown = byId("toast");
  shown.textContent = text;
  shown.hidden = false;
  setTimeout(() => { shown.hidden = true; }, 2500);
}

// ---- the lower part

function showBottom(what) {
  const following = phone.dataset.following === "yes";
  byId("composer").hidden = !following || what === "menu";
  if (menu) menu.hidden = !following || what !== "menu";
  showPanel(false);
}

function showPanel(open) {
  byId("panel").hidden = !open;
  byId("plus").setAttribute("aria-expanded", String(open));
  toEnd();
}

function fit() {
  const filled = words.value.trim() !== "";
  byId("send").hidden = !filled;
  byId("plus").hidden = filled;
  words.style.height = "auto";
  words.style.height = `${words.scrollHeight}px`;
  toEnd();
}

function closeSubmenus(except) {
  for (const button of document.querySelectorAll(".opens")) {
    if (button === except) continue;
    button.previousElementSibling.hidden = true;
    button.setAttribute("aria-expanded", "false");
  }
}

function toggleSubmenu(button) {
  closeSubmenus(button);
  const list = button.previousElementSibling;
  list.hidden = !list.hidden;
  button.setAttribute("aria-expanded", String(!list.hidden));
}

function showStatus(on) {
  chat.classList.toggle("shows-status", on);
  byId("status").setAttribute("aria-pressed", String(on));
  localStorage.setItem("shows-status", on ? "yes" : "no");
}

function chooses(id, send) {
  byId(id).addEventListener("change", (event) => {
    const [file] = event.target.files;
    showPanel(false);
    if (file) send(file);
    event.target.value = "";
  });
}

function listen() {
  byId("composer").addEventListener("submit", (event) => { event.preventDefault(); say(); });
  words.addEventListener("input", fit);
  words.addEventListener("focus", () => showPanel(false));
  words.addEventListener("keydown", (event) => {
    // While a Chinese input method is composing, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    say();
  });
  byId("plus").addEventListener("click", () => {
    tapped = null;
    showPanel(byId("panel").hidden);
  });
  chooses("picture", sendPicture);
  chooses("video", sendVideo);
  chooses("file", ({ name, size }) => post("/messages", { type: "file", title: name, size }));
  byId("more").addEventListener("click", () => byId("sheet").showModal());
  byId("status").addEventListener("click", () => {
    showStatus(!chat.classList.contains("shows-status"));
    byId("sheet").close();
  });
  byId("follow").addEventListener("click", () => post("/events", { type: "subscribe" }));
  byId("unfollow").addEventListener("click", () => {
    byId("sheet").close();
    post("/events", { type: phone.dataset.following === "yes" ? "unsubscribe" : "subscribe" });
  });
  // Pictures grow the chat only once they are loaded, each by less than this much.
  chat.addEventListener("load", () => {
    if (atEnd(360)) toEnd();
  }, true);
  chat.addEventListener("menu-tap", (event) => {
    const { id, text } = event.detail;
    post("/messages", { type: "text", text, ...(id && { bizmsgmenuid: id }) });
  });
  byId("to-menu")?.addEventListener("click", () => showBottom("menu"));
  byId("to-words")?.addEventListener("click", () => { showBottom("words"); words.focus(); });
  document.addEventListener("click", clicked);
  for (const dialog of document.querySelectorAll("dialog.ask form")) {
    dialog.addEventListener("submit", () => {
      showPanel(false);
      asked[dialog.parentElement.id](Object.fromEntries(new FormData(dialog)));
    });
  }
}

function clicked({ target }) {
  const opens = target.closest(".opens");
  if (opens) toggleSubmenu(opens);
  else closeSubmenus();
  const button = target.closest("[data-close], [data-ask], [data-menu], [data-view]");
  if (target instanceof HTMLDialogElement) target.close();
  if (!button) return;
  const { ask, menu: kind, view, close } = button.dataset;
  if (close !== undefined) button.closest("dialog").close();
  if (ask) {
    tapped = null;
    byId(ask).showModal();
  }
  if (kind) tapMenu(button.dataset);
  if (view) post("/events", { type: "view", key: view });
}

async function start() {
  listen();
  showFollowing(phone.dataset.following === "yes");
  showStatus(localStorage.getItem("shows-status") === "yes");
  const bubbles = await (await fetch(`${base}/chat`)).json();
  for (const bubble of bubbles) add(bubble, false);
  watch(bubbles.at(-1)?.id ?? "0");
}

start();
