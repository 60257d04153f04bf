// On the pages beside the desk a form that was sent redraws its page: words in the other forms stay, the focus stays
// where she worked, and who leaves with words unsent is asked first.
let words = [];
let place = null;

const boxes = (part) => [...part.querySelectorAll("textarea[id]")];
const written = (box) => box.value.trim() !== "" && box.value !== box.defaultValue;

document.addEventListener("htmx:beforeSwap", ({ detail: { target, requestConfig } }) => {
  if (requestConfig.verb === "get" || !target.querySelector("form")) return;
  const sent = requestConfig.elt;
  words = boxes(target).filter((box) => box.form !== sent && written(box));
  place = sent.closest("[aria-labelledby]")?.getAttribute("aria-labelledby") ?? target.id;
});

document.addEventListener("htmx:afterSettle", () => {
  for (const { id, value } of words) {
    const box = document.getElementById(id);
    if (!box) continue;
    box.value = value;
    box.closest("details")?.setAttribute("open", "");
  }
  words = [];
  if (place === null) return;
  const part = document.getElementById(place);
  const head = part?.matches("main") ? part.querySelector("h1") : part;
  head?.setAttribute("tabindex", "-1");
  head?.focus({ preventScroll: true });
  place = null;
});

window.addEventListener("beforeunload", (event) => {
  if (boxes(document).some(written)) event.preventDefault();
});
