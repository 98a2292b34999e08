// The scanner at the door: the camera reads, the form asks, the answer is seen, heard and felt.

const form = document.getElementById("scan");
const field = document.getElementById("code");
const button = document.querySelector("[data-camera]");
const says = document.querySelector("[data-camera-says]");
const SAME_AGAIN_MS = 4000;
const LOOK_EVERY_MS = 120;
const MOST_PIXELS = 640;

// ---- the answer ------------------------------------------------------------------------------------------------

let audio = null;

// Two rising notes for welcome, one low and long for stop: told apart without looking, and without pitch by length.
function sound(isWelcome) {
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
  navigator.vibrate?.(isWelcome ? 60 : [200, 80, 200]);
}

// Browsers play nothing before somebody has touched the page.
for (const touch of ["pointerdown", "keydown"]) {
  document.addEventListener(touch, () => (audio ??= new AudioContext()), { once: true });
}

document.addEventListener("htmx:afterSwap", (event) => {
  const result = document.getElementById("result");
  if (event.detail.target?.id !== "result" || !result) return;
  sound(result.dataset.answer === "welcome");
  if (!form) return;
  form.reset();
  if (!stream) field.focus();
});

// ---- the camera ------------------------------------------------------------------------------------------------

let stream = null;
let read = null;
let last = { text: "", at: 0 };

async function reader() {
  if ("BarcodeDetector" in window) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
  await import(form.dataset.qrReader);
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, MOST_PIXELS / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = video.videoWidth * scale;
    canvas.height = video.videoHeight * scale;
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const pixels = pen.getImageData(0, 0, canvas.width, canvas.height);
    return self.jsQR(pixels.data, pixels.width, pixels.height)?.data;
  };
}

function found(text) {
  const now = Date.now();
  if (text === last.text && now - last.at < SAME_AGAIN_MS) return;
  last = { text, at: now };
  field.value = text;
  form.requestSubmit();
}

async function look(video) {
  if (!stream) return;
  try {
    const text = video.videoWidth ? await read(video) : null;
    if (text) found(text);
  } catch {
    // One frame that could not be read: the next comes at once.
  }
  setTimeout(() => look(video), LOOK_EVERY_MS);
}

async function start() {
  const video = document.querySelector(".camera video");
  button.disabled = true;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    read ??= await reader();
    video.srcObject = stream;
    await video.play();
    video.parentElement.hidden = false;
    button.textContent = "Stop the camera";
    says.textContent = "Hold the QR code before the camera.";
    look(video);
  } catch (error) {
    stop();
    says.textContent = error.name === "NotAllowedError"
      ? "The camera is not allowed here. Allow it in the browser, or type the code."
      : "There is no camera to use. Type the code, or use a scanner.";
  }
  button.disabled = false;
}

function stop() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  document.querySelector(".camera").hidden = true;
  button.textContent = "Use the camera";
  says.textContent = "";
}

if (form && navigator.mediaDevices?.getUserMedia) {
  button.hidden = false;
  button.addEventListener("click", () => (stream ? stop() : start()));
}
