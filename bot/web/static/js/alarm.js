// A sound when an urgent conversation comes to wait; made by the browser, so that there is no file to fetch.
const KEY = "niangjia.sound";
const button = document.querySelector("[data-sound]");
const known = new Set(waiting());
let audio = null;

function waiting() {
  return [...document.querySelectorAll('#lists [data-waiting][data-level="critical"]')].map((card) => card.id);
}

function wanted() {
  return localStorage.getItem(KEY) !== "off";
}

function show() {
  button.setAttribute("aria-pressed", String(wanted()));
}

function ring() {
  audio ??= new AudioContext();
  [0, 0.22].forEach((delay, index) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const at = audio.currentTime + delay;
    tone.frequency.value = index ? 880 : 660;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.21);
  });
}

button.addEventListener("click", () => {
  localStorage.setItem(KEY, wanted() ? "off" : "on");
  show();
  if (wanted()) ring();
});

document.addEventListener("htmx:afterSettle", () => {
  const fresh = waiting().filter((id) => !known.has(id));
  fresh.forEach((id) => known.add(id));
  if (fresh.length && wanted()) ring();
});

show();
