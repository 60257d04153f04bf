// The pages beside the desk: words for what went wrong, how many urgent ones wait, and a list by keyboard.
import "./errors.js";
import "./unsent.js";
import "./urgent.js";

function step(by) {
  const rows = [...document.querySelectorAll("#case-list a")];
  const at = rows.indexOf(document.activeElement);
  rows[Math.min(Math.max(at + by, 0), rows.length - 1)]?.focus();
}

const MOVES = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => document.querySelector("input[type=search]")?.focus(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select") || event.isComposing;
  const move = MOVES[event.key.toLowerCase()];
  if (typing || !move || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  move();
});
