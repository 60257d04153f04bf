// Another tab of hers learns that she went on or off duty, or turned to drills or back, and loads itself afresh.
const KEY = "niangjia.duty";

for (const form of document.querySelectorAll("[data-duty]")) {
  form.addEventListener("submit", () => localStorage.setItem(KEY, String(Date.now())));
}

window.addEventListener("storage", ({ key }) => {
  if (key === KEY) setTimeout(() => location.reload(), 1000); // the switch first reaches the server
});
