// The keyboard: one key a move, never while she is typing.
const help = document.querySelector("#help");

function step(by) {
  const cards = [...document.querySelectorAll("#lists .card > a")];
  const at = cards.indexOf(document.activeElement);
  cards[Math.min(Math.max(at + by, 0), cards.length - 1)]?.focus();
}

const MOVES = {
  n: () => document.querySelector("#take-next").click(),
  j: () => step(1),
  k: () => step(-1),
  r: () => document.querySelector("#reply textarea")?.focus(),
  "/": () => document.querySelector("#library input[type=search]")?.focus(),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (key === "Enter" && (event.ctrlKey || event.metaKey) && target.closest("#reply")) {
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
