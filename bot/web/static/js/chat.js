// The chat stays at its end while she reads the end; the file slides in on a narrow screen; menus close.
const NEAR_PX = 80;
let atEnd = true;

const lines = () => document.querySelector("[data-lines]");

function toEnd() {
  const list = lines();
  if (list) list.scrollTop = list.scrollHeight;
}

document.addEventListener("htmx:beforeSwap", () => {
  const list = lines();
  atEnd = !list || list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX;
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (atEnd || detail.requestConfig?.triggeringEvent?.type === "click") toEnd();
});

document.addEventListener("click", ({ target }) => {
  const menu = document.querySelector(".ending[open]");
  if (menu && !menu.contains(target)) menu.open = false;
  const toggle = target.closest("[data-file]");
  if (!toggle) return;
  const open = document.body.classList.toggle("file-open");
  toggle.setAttribute("aria-expanded", String(open));
});

toEnd();
