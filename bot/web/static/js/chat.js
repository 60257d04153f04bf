// The chat stays at its end while she reads the end, and says what came below while she reads above; the file slides in
// on a narrow screen, and Escape leads out of what is open.
const NEAR_PX = 80;
const BOXES = "input, textarea, select";
let atEnd = true;
let lastTop = 0;
let shown = openId();
let lastLine = null;
let fresh = false; // something came below while she reads above

const lines = () => document.querySelector("[data-lines]");
const toLines = () => lines()?.focus({ preventScroll: true });

function openId() {
  return document.querySelector("#conversation")?.dataset.id;
}

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

function slideFile(open) {
  document.body.classList.toggle("file-open", open);
  sayWhereFileIs();
  document.querySelector(open ? ".file" : "[data-file]")?.focus();
}

function sayWhereFileIs() {
  const open = document.body.classList.contains("file-open");
  document.querySelector("[data-file]")?.setAttribute("aria-expanded", String(open));
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
  const open = openId();
  if (open !== shown || detail.requestConfig?.triggeringEvent?.type === "click") atEnd = true;
  if (open && open !== shown && !document.activeElement.matches(BOXES)) toLines(); // the keys that scroll are heard there
  if (detail.requestConfig?.elt.matches("#reply, #picture") && detail.successful) atEnd = true;
  if (detail.requestConfig?.verb === "post" && document.activeElement === document.body) toLines();
  shown = open;
  sayWhereFileIs();
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
  if (target.closest("[data-file]")) slideFile(!document.body.classList.contains("file-open"));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || event.target.closest("dialog")) return;
  if (document.body.classList.contains("file-open")) {
    slideFile(false);
  } else if (event.target.closest(`#library, #conversation :is(${BOXES})`)) {
    toLines();
  }
});

toEnd();
showFresh();
