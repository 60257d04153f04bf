// The keyboard: one key a move, never while she is typing; a key that lies under something takes no second conversation.
const help = document.querySelector("#help");
const openId = () => document.querySelector("#conversation")?.dataset.id;

function step(by) {
  const cards = [...document.querySelectorAll("#lists .card > a")];
  const focused = cards.indexOf(document.activeElement);
  const at = focused < 0 ? cards.findIndex((card) => card.parentElement.dataset.conversation === openId()) : focused;
  cards[Math.min(Math.max(at + by, 0), cards.length - 1)]?.focus();
}

// The next of her own in which somebody waits for words of hers, from the open one on.
function nextUnread() {
  const own = [...document.querySelectorAll("#lists .card:not([data-waiting])")];
  const at = own.findIndex((card) => card.dataset.conversation === openId());
  const next = [...own.slice(at + 1), ...own.slice(0, at + 1)].find((card) => card.querySelector(".unread"));
  next?.querySelector("a").click();
}

function end() {
  const menu = document.querySelector("#conversation .chat-head .ending");
  menu?.setAttribute("open", "");
  menu?.querySelector("input:checked").focus();
}

const MOVES = {
  n: () => document.querySelector("#take-next").click(),
  j: () => step(1),
  k: () => step(-1),
  u: nextUnread,
  r: () => document.querySelector("#reply textarea")?.focus(),
  m: () => {
    document.querySelector("#note details")?.setAttribute("open", "");
    document.querySelector("#note textarea")?.focus();
  },
  t: () => document.querySelector("#conversation [data-pass-on] button")?.click(),
  e: end,
  "/": () => document.querySelector("#library input[type=search]")?.focus(),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.repeat && !["j", "k"].includes(key.toLowerCase())) return;
  if (key === "Enter" && (event.ctrlKey || event.metaKey) && target.closest("#reply, #note")) {
    event.preventDefault();
    target.form.requestSubmit();
    return;
  }
  const typing = target.closest("input, textarea, select, dialog") || event.isComposing;
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const move = MOVES[key.toLowerCase()];
  if (!move) return;
  event.preventDefault();
  move();
});

document.querySelector("[data-help]").addEventListener("click", () => help.showModal());
