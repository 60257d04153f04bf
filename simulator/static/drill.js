// How one drill goes: what she wrote, what was answered, the hint, and at the end the list to look back on.

const LOOKS_EVERY_MS = 1500;
const main = document.querySelector("[data-number]");
const address = `/drills/${main.dataset.number}`;
const turns = document.querySelector("#turns");
const state = document.querySelector("#state");
const checks = document.querySelector("#checks");
const stop = document.querySelector("#stop");

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function turnOf({ said, answered, hint }, open) {
  const tip = element("details", "hint", element("summary", "", "好的做法"), element("p", "", hint));
  tip.open = open;
  const lines = [...said.map((words) => element("p", "hers", words)), ...answered.map((words) => element("p", "ours", words))];
  return element("li", "", ...lines, tip);
}

function words({ state: now, turns: done, of }) {
  if (now === "done") return "练完了。";
  if (now === "stopped") return "演练已经停下。";
  if (!done.length || (done.length < of && done.at(-1).answered.length)) return "她正在写……";
  return `第 ${done.length} 问，共 ${of} 问：等您在工作台回她。`;
}

let shown = "";
function show(report) {
  if (JSON.stringify(report) === shown) return;
  shown = JSON.stringify(report);
  const opened = [...turns.querySelectorAll("details")].map((tip) => tip.open);
  // What she answered already is explained; the hint of the open question waits until somebody asks for it.
  turns.replaceChildren(...report.turns.map((turn, at) => turnOf(turn, opened[at] || turn.answered.length > 0)));
  state.textContent = words(report);
  stop.hidden = report.state !== "playing";
  checks.hidden = !report.checks.length;
  checks.querySelector("ul").replaceChildren(...report.checks.map((check) => {
    const box = element("input");
    box.type = "checkbox";
    return element("li", "", element("label", "", box, check));
  }));
}

async function look() {
  const answer = await fetch(address);
  if (!answer.ok) return;
  const report = await answer.json();
  show(report);
  if (report.state === "playing") setTimeout(look, LOOKS_EVERY_MS);
}

stop.addEventListener("click", async () => {
  await fetch(address, { method: "DELETE" });
  await look();
});
look();
