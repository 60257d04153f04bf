// Escape twice hides the screen at once; what she was doing stays as it was.
const TWICE_MS = 600;
const cover = document.querySelector("#cover");
let last = 0;

document.addEventListener(
  "keydown",
  (event) => {
    if (!cover.hidden) {
      event.stopImmediatePropagation();
      event.preventDefault();
      if (event.key === "Enter") cover.hidden = true;
      return;
    }
    if (event.key !== "Escape") return;
    if (event.timeStamp - last < TWICE_MS) {
      cover.hidden = false;
      cover.focus();
    }
    last = event.timeStamp;
  },
  true,
);

cover.addEventListener("click", () => {
  cover.hidden = true;
});
