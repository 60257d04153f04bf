// Escape twice, or the button where there are no keys, hides the screen at once, whatever is open; what she was doing
// stays as it was.
import { coverTitle } from "./title.js";

const TWICE_MS = 600;
// A dialog of its own: nothing else may lie above an open dialog or an enlarged picture.
const cover = Object.assign(document.createElement("dialog"), { id: "cover", tabIndex: -1 });
cover.setAttribute("aria-label", "屏幕已遮住，点一下回来");
document.body.append(cover);
let last = -TWICE_MS;
let worked = null; // where she was before the Escapes, the first of which may have led her elsewhere

function hide() {
  for (const sound of document.querySelectorAll("audio, video")) sound.pause();
  if (document.fullscreenElement) document.exitFullscreen();
  cover.showModal();
  coverTitle(true);
}

function show() {
  cover.close();
  coverTitle(false);
  worked?.focus();
  worked = null;
}

document.addEventListener(
  "keydown",
  (event) => {
    if (cover.open) {
      event.stopImmediatePropagation();
      event.preventDefault();
      if (event.key === "Enter") show();
      return;
    }
    if (event.code !== "Escape" && event.key !== "Escape") { // while Chinese is typed, the key has another name
      worked = null;
      return;
    }
    worked ??= document.activeElement;
    const twice = event.timeStamp - last < TWICE_MS;
    last = twice ? -TWICE_MS : event.timeStamp;
    if (!twice) return;
    event.preventDefault();
    hide();
  },
  true,
);

document.addEventListener("pointerdown", () => {
  if (!cover.open) worked = null;
}, true);
document.addEventListener("click", ({ target }) => target.closest("[data-cover]") && hide());
cover.addEventListener("cancel", (event) => event.preventDefault());
cover.addEventListener("click", show);
