// Vetted answers and canned replies: "/" or Ctrl+K goes to the search, the arrows through what was found, Enter puts it
// into the reply; Ctrl and a number puts one of those at hand there.
import { remember } from "./draft.js";

const search = () => document.querySelector("#library input[type=search]");
const found = () => document.querySelector("#found");
const atHand = () => document.querySelectorAll("#library .at-hand [data-insert]");
const buttons = () => [...found().querySelectorAll("[data-insert]")];

function insert(button) {
  const textarea = document.querySelector("#reply textarea");
  const words = button.nextElementSibling.textContent;
  const before = textarea.value.slice(0, textarea.selectionStart);
  const gap = before && !before.endsWith("\n") ? "\n" : "";
  if (button.dataset.article) remember(textarea.form, button.dataset.article);
  textarea.setRangeText(gap + words, textarea.selectionStart, textarea.selectionEnd, "end");
  textarea.dispatchEvent(new Event("input", { bubbles: true }));
  search().value = "";
  found().replaceChildren();
  textarea.focus();
}

function step(by) {
  const all = buttons();
  const at = all.indexOf(document.activeElement) + by;
  (all[Math.min(at, all.length - 1)] ?? search()).focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && search()) {
    event.preventDefault();
    search().focus();
  } else if (/^Digit[1-9]$/.test(event.code) && event.ctrlKey && !event.altKey && !event.shiftKey && search()) {
    event.preventDefault();
    atHand()[Number(event.code.at(-1)) - 1]?.click();
  } else if (event.target.closest?.("#library") && !event.isComposing) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && event.target === search()) {
      event.preventDefault();
      if (!found().dataset.stale) buttons()[0]?.click();
    }
  }
});

// What stands there answers the words of before: Enter must not take it. An answer on its way may be to those, too.
document.addEventListener("input", ({ target }) => {
  if (target === search()) found().dataset.stale = "yes";
});

document.addEventListener("htmx:afterSwap", ({ detail: { target, requestConfig } }) => {
  if (target.id === "found" && requestConfig.parameters.q === search()?.value) delete target.dataset.stale;
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest("#library [data-insert]");
  if (button) insert(button);
});
