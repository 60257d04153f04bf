// A small window over the page (details with data-menu) closes at a click beside it and at Escape, which then leads back
// to what opened it and nowhere else.
const open = () => document.querySelector("[data-menu][open]");

document.addEventListener("click", ({ target }) => {
  const menu = open();
  if (menu && !menu.contains(target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  const menu = open();
  if (!menu || event.key !== "Escape" || event.isComposing || event.target.closest("dialog")) return;
  event.preventDefault();
  menu.open = false;
  menu.querySelector("summary").focus();
});
