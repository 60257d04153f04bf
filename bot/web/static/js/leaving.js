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

async function stillSignedIn() {
  try {
    return (await fetch("/desk/here", { redirect: "manual", cache: "no-store" })).type !== "opaqueredirect";
  } catch {
    return false; // no connection: nothing may stay on the screen
  }
}

window.addEventListener("storage", async ({ key }) => {
  if (key !== KEY) return;
  forgetDrafts();
  for (const box of document.querySelectorAll("textarea")) box.value = "";
  // The sign-out first reaches the server: loaded sooner, this page would come back as it is.
  while (await stillSignedIn()) await new Promise((done) => setTimeout(done, 500));
  location.reload();
});
