// Words not sent yet outlive a reload and a lost session, in this tab only; and how many messages they will cost.
const MESSAGE_BYTES = 2047;
const box = () => document.querySelector("#reply textarea");
const key = (form) => `niangjia.draft.${form.dataset.conversation}`;

function show(textarea) {
  const count = textarea.form.querySelector("[data-count]");
  const length = [...textarea.value].length;
  const messages = Math.ceil(new TextEncoder().encode(textarea.value).length / MESSAGE_BYTES);
  count.textContent = length ? `${length} 字${messages > 1 ? `，会分成 ${messages} 条` : ""}` : "";
}

function restore() {
  const textarea = box();
  if (!textarea || textarea.dataset.restored) return;
  textarea.dataset.restored = "yes";
  textarea.value ||= sessionStorage.getItem(key(textarea.form)) ?? "";
  show(textarea);
}

document.addEventListener("input", ({ target }) => {
  if (target !== box()) return;
  sessionStorage.setItem(key(target.form), target.value);
  show(target);
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = detail.requestConfig.elt;
  if (form.id === "reply" && detail.xhr.status === 200) sessionStorage.removeItem(key(form));
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  restore();
  if (detail.requestConfig?.elt.id === "reply") box()?.focus();
});

// The next one at this machine finds nothing.
document.addEventListener("submit", ({ target }) => {
  if (target.action.endsWith("/sign-out")) sessionStorage.clear();
});

restore();
