// Draws the tables that have a canvas beside them; the table stays, for close reading and for screen readers.
const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const COLOURS = [ink("--accent"), ink("--high"), ink("--well")];

function read(table) {
  const heads = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent);
  const rows = [...table.tBodies[0].rows];
  const column = (at) => rows.map((row) => Number(row.cells[at + 1].textContent));
  return {
    labels: rows.map((row) => row.cells[0].textContent),
    datasets: heads.map((label, at) => ({
      label,
      data: column(at),
      backgroundColor: COLOURS[at],
      borderColor: COLOURS[at],
      borderWidth: 2,
      pointRadius: 2,
      maxBarThickness: 18,
    })),
  };
}

function draw(canvas) {
  const lying = canvas.dataset.chart === "bar";
  const count = { beginAtZero: true, ticks: { precision: 0 } };
  const name = { grid: { display: false }, ticks: { autoSkip: !lying, maxRotation: 0 } };
  canvas.parentElement.hidden = false;
  new Chart(canvas, {
    type: canvas.dataset.chart,
    data: read(document.getElementById(canvas.dataset.table)),
    options: {
      indexAxis: lying ? "y" : "x",
      animation: false,
      maintainAspectRatio: false,
      scales: lying ? { x: count, y: name } : { x: name, y: count },
      plugins: { legend: { position: "bottom", labels: { boxWidth: 14 } } },
    },
  });
}

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
Chart.defaults.font.size = 13;
Chart.defaults.color = ink("--quiet");
document.querySelectorAll("canvas[data-chart]").forEach(draw);
