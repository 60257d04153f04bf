// The address that she opened is taken out of the history, and leaving replaces this page by a harmless one.
history.replaceState(null, "", "/p/");
const leave = document.getElementById("leave");
function go(event) {
  event.preventDefault();
  fetch("/p/leave", { method: "POST", redirect: "manual", keepalive: true });
  location.replace(leave.dataset.to);
}
leave.addEventListener("click", go);
addEventListener("keydown", (event) => { if (event.key === "Escape") go(event); });
