// Signing out takes along what was not sent, in every tab of this browser: the next one at this machine finds nothing.
const KEY = "niangjia.signed-out";
const DRAFTS = "niangjia.draft.";

export function forgetDrafts(but = null) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(DRAFTS) && (but === null || !key.startsWith(but))) sessionStorage.removeItem(key);
  }
}

document.addEventListener("submit", ({ target }) => {
  if (!/\/sign-out(-everywhere)?$/.test(target.action)) return;
  forgetDrafts();
  localStorage.setItem(KEY, String(Date.now()));
});

window.addEventListener("storage", ({ key }) => {
  if (key !== KEY) return;
  forgetDrafts();
  for (const box of document.querySelectorAll("textarea")) box.value = "";
  setTimeout(() => location.reload(), 1000); // the sign-out first reaches the server
});
