// Sounds made by the browser, so that there is no file to fetch: two tones for what is urgent, a soft one otherwise.
let audio = null;

function tone(frequency, delay, loudness) {
  const source = audio.createOscillator();
  const volume = audio.createGain();
  const at = audio.currentTime + delay;
  source.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(loudness, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
  source.connect(volume).connect(audio.destination);
  source.start(at);
  source.stop(at + 0.21);
}

export function ring() {
  audio ??= new AudioContext();
  tone(660, 0, 0.25);
  tone(880, 0.22, 0.25);
}

export function knock() {
  audio ??= new AudioContext();
  tone(520, 0, 0.06);
}
