// Two rising notes for welcome, a low and long note for stop: told apart without looking, and without pitch by length.

let audio = null;

// Browsers play nothing before somebody has touched the page.
for (const touch of ["pointerdown", "keydown"]) {
  document.addEventListener(touch, () => (audio ??= new AudioContext()), { once: true });
}

export function sound(isWelcome) {
  navigator.vibrate?.(isWelcome ? 60 : [200, 80, 200]);
  if (!audio) return;
  const notes = isWelcome ? [[660, 0, 0.09], [990, 0.1, 0.14]] : [[160, 0, 0.55]];
  for (const [pitch, after, length] of notes) {
    const note = audio.createOscillator();
    const loudness = audio.createGain();
    note.type = isWelcome ? "sine" : "square";
    note.frequency.value = pitch;
    loudness.gain.value = isWelcome ? 0.4 : 0.2;
    note.connect(loudness).connect(audio.destination);
    note.start(audio.currentTime + after);
    note.stop(audio.currentTime + after + length);
  }
}
