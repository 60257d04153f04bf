// How long each one waits, kept going between refreshes; and how many are urgent, in the title.
import { countUrgent } from "./title.js";

let skew = 0; // the clock of this machine may be wrong; the server's counts

function compare() {
  skew = Date.now() - Date.parse(document.querySelector("#lists").dataset.now);
}

function words(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return "不到1分钟";
  if (minutes < 60) return `${minutes}分钟`;
  if (minutes < 1440) return `${Math.floor(minutes / 60)}小时${minutes % 60}分`;
  return `${Math.floor(minutes / 1440)}天${Math.floor((minutes % 1440) / 60)}小时`;
}

function tick() {
  for (const time of document.querySelectorAll("time[data-since]")) {
    const seconds = (Date.now() - skew - Date.parse(time.dateTime)) / 1000;
    time.textContent = `等了${words(seconds)}`;
    time.classList.toggle("late", seconds >= Number(time.dataset.late));
  }
}

function count() {
  countUrgent(Number(document.querySelector("#lists").dataset.urgent));
}

setInterval(tick, 5000);
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id === "lists") {
    compare();
    tick(); // cards are drawn once, and their times a little old
  }
  count();
  document.body.classList.toggle("reading", Boolean(document.querySelector("#conversation[data-id]")));
});

compare();
count();
