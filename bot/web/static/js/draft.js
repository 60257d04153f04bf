// Words not sent yet outlive a reload and a lost session: in this tab only, and only for who wrote them.
import { forgetDrafts } from "./leaving.js";

const MESSAGE_BYTES = 2047;
const MINE = `niangjia.draft.${document.querySelector("#site").dataset.staff}.`;
const BOXES = "#reply textarea, #note textarea";
const sent = new WeakMap(); // a form: the words that it sent
const key = (form) => `${MINE}${form.id}.${form.dataset.conversation}`;

function show(textarea) {
  const count = textarea.form.querySelector("[data-count]");
  if (!count) return;
  const length = [...textarea.value].length;
  const messages = Math.ceil(new TextEncoder().encode(textarea.value).length / MESSAGE_BYTES);
  count.textContent = length ? `${length} 字${messages > 1 ? `，会分成 ${messages} 条` : ""}` : "";
}

// The articles that she put into a reply go with it, so that the office knows which wording the person got.
export function remember(form, article) {
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "article", value: article }));
}

function keep(textarea) {
  const articles = [...textarea.form.querySelectorAll("[name=article]")].map((input) => input.value);
  const box = textarea.form.elements.key?.value; // of a reply: sent once more after a reload, it is said once
  if (textarea.value) sessionStorage.setItem(key(textarea.form), JSON.stringify({ words: textarea.value, articles, box }));
  else sessionStorage.removeItem(key(textarea.form));
}

function restore() {
  for (const textarea of document.querySelectorAll(BOXES)) {
    if (textarea.dataset.restored) continue;
    textarea.dataset.restored = "yes";
    const kept = JSON.parse(sessionStorage.getItem(key(textarea.form)) ?? "null");
    if (kept) {
      textarea.value ||= kept.words;
      if (kept.box) textarea.form.elements.key.value = kept.box;
      kept.articles.forEach((article) => remember(textarea.form, article));
      textarea.closest("details")?.setAttribute("open", "");
    }
    show(textarea);
  }
}

document.addEventListener("input", ({ target }) => {
  if (!target.matches(BOXES)) return;
  keep(target);
  show(target);
});

document.addEventListener("htmx:beforeSend", ({ detail: { elt } }) => {
  if (elt.matches("#reply, #note")) sent.set(elt, elt.querySelector("textarea").value);
});

// What she wrote on while these words were under way is hers for the next message.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = detail.requestConfig.elt;
  if (!form.matches("#reply, #note") || detail.xhr.status !== 200) return;
  const { value } = form.querySelector("textarea");
  const words = value.startsWith(sent.get(form)) ? value.slice(sent.get(form).length) : value;
  if (words.trim()) sessionStorage.setItem(key(form), JSON.stringify({ words, articles: [] }));
  else sessionStorage.removeItem(key(form));
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  restore();
  if (detail.requestConfig?.elt.id === "reply") document.querySelector("#reply textarea")?.focus();
});

forgetDrafts(MINE);
restore();
