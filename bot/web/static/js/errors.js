// Words for what went wrong. The server aims its own words at the notice (HX-Retarget); nothing else is swapped.
const notice = () => document.querySelector("#notice");

export function tell(words, troubled = true) {
  const line = document.createElement("p");
  line.className = troubled ? "said troubled" : "said";
  line.append(words, Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: "知道了" }));
  line.lastChild.dataset.dismiss = "";
  notice().replaceChildren(line);
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status >= 400 && detail.xhr.getResponseHeader("HX-Retarget")) detail.shouldSwap = true;
});

// A failed refresh is tried again by itself, and the state of the link is shown; only what she did herself is told.
const byHerself = ({ requestConfig }) => requestConfig?.verb === "post" || requestConfig?.triggeringEvent?.type === "click";

document.addEventListener("htmx:responseError", ({ detail }) => {
  if (byHerself(detail) && !detail.xhr.getResponseHeader("HX-Retarget")) tell("没有做成：服务器没有正常回答。请再试一次。");
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, ({ detail }) => {
    if (byHerself(detail)) tell("没有做成：网络不通。您写的话还在框里，请再试一次。");
  });
}

const GOOD_NEWS_MS = 8000;
let leaving = null;

// Each good news stands its own time: it may be told in the place of the one before.
for (const name of ["htmx:beforeSwap", "htmx:oobBeforeSwap"]) {
  document.addEventListener(name, ({ detail: { target } }) => {
    if (target.id !== "notice") return;
    clearTimeout(leaving);
    leaving = null;
  });
}

document.addEventListener("htmx:afterSettle", () => {
  const said = document.querySelector("#said:not(.troubled)");
  if (!said || leaving !== null) return;
  leaving = setTimeout(() => {
    leaving = null;
    said.remove();
  }, GOOD_NEWS_MS);
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-dismiss]")) notice().replaceChildren();
});
