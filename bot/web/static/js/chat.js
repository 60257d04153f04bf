// The chat stays at its end while she reads the end, and says what came below while she reads above; the file slides in
// on a narrow screen; menus close.
const NEAR_PX = 80;
let atEnd = true;
let lastTop = 0;
let shown = null;
let lastLine = null;
let fresh = false; // something came below while she reads above

const lines = () => document.querySelector("[data-lines]");

function toEnd() {
  const list = lines();
  if (list) list.scrollTop = list.scrollHeight;
}

function showFresh() {
  const last = lines()?.lastElementChild?.id ?? null;
  fresh = !atEnd && (fresh || last !== lastLine);
  lastLine = last;
  const button = document.querySelector("[data-to-end]");
  if (button) button.hidden = !fresh;
}

// Only who scrolls up leaves the end: the chat also grows by itself, and pictures come late.
document.addEventListener(
  "scroll",
  ({ target }) => {
    if (target !== lines()) return;
    if (target.scrollHeight - target.scrollTop - target.clientHeight < NEAR_PX) atEnd = true;
    else if (target.scrollTop < lastTop) atEnd = false;
    lastTop = target.scrollTop;
    if (atEnd) showFresh();
  },
  true,
);

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const open = document.querySelector("#conversation")?.dataset.id;
  if (open !== shown || detail.requestConfig?.triggeringEvent?.type === "click") atEnd = true;
  if (detail.requestConfig?.elt.matches("#reply, #picture") && detail.successful) atEnd = true;
  if (detail.requestConfig?.verb === "post" && document.activeElement === document.body) lines()?.focus({ preventScroll: true });
  shown = open;
  if (atEnd) toEnd();
  showFresh();
});

// A picture that has just come makes the chat longer.
document.addEventListener("load", ({ target }) => target.closest?.("[data-lines]") && atEnd && toEnd(), true);

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-to-end]")) {
    toEnd();
    lines().focus();
  }
  const menu = document.querySelector(".ending[open]");
  if (menu && !menu.contains(target)) menu.open = false;
  const toggle = target.closest("[data-file]");
  if (!toggle) return;
  const open = document.body.classList.toggle("file-open");
  toggle.setAttribute("aria-expanded", String(open));
});

toEnd();
showFresh();
