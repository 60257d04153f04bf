// The form by which a conversation is passed on: a dialog that opens once it has come, and closes when it is done.
const dialog = document.querySelector("#passing");

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target === dialog && !dialog.open) dialog.showModal();
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target !== dialog && dialog.contains(detail.requestConfig?.elt)) dialog.close();
});

dialog.addEventListener("click", (event) => {
  if (!event.target.closest("[data-close]")) return;
  event.preventDefault();
  dialog.close();
});

dialog.addEventListener("close", () => dialog.replaceChildren());
