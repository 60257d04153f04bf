// While she writes, the person may see it; told at most every ten seconds, and it does not matter if it fails.
const EVERY_MS = 10000;
let last = 0;

document.addEventListener("input", ({ target }) => {
  const address = target.form?.dataset.typing;
  if (!address || !target.value.trim() || Date.now() - last < EVERY_MS) return;
  last = Date.now();
  const token = target.form.elements.csrf_token.value;
  fetch(address, { method: "POST", headers: { "X-CSRF-Token": token } }).catch(() => {});
});
