// Each tab leaves word of how the server's answer showed the switches (on duty, drills); another tab that shows them
// otherwise loads itself afresh.
const KEY = "niangjia.duty";
const switches = [...document.querySelectorAll("[data-duty] input:not([name=csrf_token])")];
const shown = switches.map(({ name, value }) => `${name}=${value}`).join();

localStorage.setItem(KEY, shown);
window.addEventListener("storage", ({ key, newValue }) => {
  if (key === KEY && newValue !== shown) location.reload();
});
