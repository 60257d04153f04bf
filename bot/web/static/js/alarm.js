// What calls her: an urgent conversation that comes to wait rings, a new message in one of hers knocks softly.
import { ring, knock } from "./sounds.js";

const KEY = "niangjia.sound";
const button = document.querySelector("[data-sound]");
let known = new Set(waiting()); // only while they wait: one that was taken and waits again rings again
let unread = unreadOfHers();

function waiting() {
  return [...document.querySelectorAll('#lists [data-waiting][data-level="critical"]')].map((card) => card.id);
}

function unreadOfHers() {
  const hers = document.querySelectorAll("#lists .card:not([data-waiting])");
  return new Map([...hers].map((card) => [card.id, Number(card.querySelector(".unread")?.textContent ?? 0)]));
}

function wanted() {
  return localStorage.getItem(KEY) !== "off";
}

function show() {
  button.setAttribute("aria-pressed", String(wanted()));
}

button.addEventListener("click", () => {
  localStorage.setItem(KEY, wanted() ? "off" : "on");
  show();
  if (wanted()) ring();
});

document.addEventListener("htmx:afterSettle", () => {
  const ids = waiting();
  const fresh = ids.filter((id) => !known.has(id));
  known = new Set(ids);
  const now = unreadOfHers();
  const wrote = [...now].some(([id, count]) => unread.has(id) && count > unread.get(id));
  unread = now;
  if (fresh.length) document.dispatchEvent(new Event("niangjia:urgent"));
  if (wanted() && fresh.length) ring();
  else if (wanted() && wrote) knock();
});

show();
