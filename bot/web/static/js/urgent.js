// On the pages beside the desk: how many urgent ones wait, also in the title.
import { countUrgent } from "./title.js";

document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.matches("[data-urgent-count]")) countUrgent(Number(target.textContent));
});
