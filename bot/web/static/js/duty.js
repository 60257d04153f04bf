// Another tab of hers learns that she went on or off duty, and loads itself afresh.
const KEY = "niangjia.duty";

document.querySelector("[data-duty]").addEventListener("submit", () => localStorage.setItem(KEY, String(Date.now())));

window.addEventListener("storage", ({ key }) => {
  if (key === KEY) setTimeout(() => location.reload(), 1000); // the switch first reaches the server
});
