// Files that she sent: a picture opens large on this page, and a digest can be copied whole.
import { tell } from "./errors.js";

const dialog = document.querySelector("#enlarged");

document.addEventListener("click", async (event) => {
  const picture = event.target.closest("[data-enlarge]");
  if (picture && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    dialog.querySelector("img").src = picture.href;
    dialog.showModal();
  }
  if (event.target === dialog) dialog.close();
  const digest = event.target.closest("[data-copy]")?.dataset.copy;
  if (!digest) return;
  try {
    await navigator.clipboard.writeText(digest);
    tell("已复制完整的 SHA-256。", false);
  } catch {
    tell(`SHA-256：${digest}`, false); // no clipboard without https: she can mark it here
  }
});

// What she sent must not stay in the page behind the dialog once it is closed.
dialog.addEventListener("close", () => dialog.querySelector("img").removeAttribute("src"));

document.addEventListener(
  "error",
  ({ target }) => {
    if (target.matches?.(".kept audio, .kept video")) tell("这个浏览器放不出来。请点“存原件”，存下来再打开。");
  },
  true,
);
