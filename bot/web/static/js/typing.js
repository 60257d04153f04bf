// While she writes, the person may see it; told at most every ten seconds, and it does not matter if it fails.
const EVERY_MS = 10000;
const told = new Map(); // when, by conversation

document.addEventListener("input", ({ target }) => {
  const address = target.form?.dataset.typing;
  if (!address || !target.value.trim() || Date.now() - (told.get(address) ?? 0) < EVERY_MS) return;
  told.set(address, Date.now());
  const token = target.form.elements.csrf_token.value;
  fetch(address, { method: "POST", headers: { "X-CSRF-Token": token } }).catch(() => {});
});
