// The camera of a phone or tablet as a scanner: reads QR codes and hands their text over.

import { sentence } from "../sentences.js";

const button = document.querySelector("[data-camera]");
const says = document.querySelector("[data-camera-says]");
const SAME_AGAIN_MS = 4000;
const LOOK_EVERY_MS = 120;
const MOST_PIXELS = 640;

let stream = null;
let read = null;
let last = { text: "", at: 0 };

export const cameraIsOn = () => stream !== null;

async function reader(fallback) {
  if ("BarcodeDetector" in window) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
  await import(fallback);
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

// A code stays before the camera for a while, so repeated readings count once.
function isNew(text) {
  const now = Date.now();
  if (text === last.text && now - last.at < SAME_AGAIN_MS) return false;
  last = { text, at: now };
  return true;
}

async function look(video, onText) {
  if (!stream) return;
  try {
    const text = video.videoWidth ? await read(video) : null;
    if (text && isNew(text)) onText(text);
  } catch {
    // A frame that could not be read: the next comes at once.
  }
  setTimeout(() => look(video, onText), LOOK_EVERY_MS);
}

async function start(fallback, onText) {
  const video = document.querySelector(".camera video");
  button.disabled = true;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    read ??= await reader(fallback);
    video.srcObject = stream;
    await video.play();
    video.parentElement.hidden = false;
    button.textContent = sentence("cameraStop");
    says.textContent = sentence("cameraHold");
    look(video, onText);
  } catch (error) {
    stop();
    says.textContent = sentence(error.name === "NotAllowedError" ? "cameraRefused" : "cameraNone");
  }
  button.disabled = false;
}

function stop() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  document.querySelector(".camera").hidden = true;
  button.textContent = sentence("cameraStart");
  says.textContent = "";
}

// `fallback` is the address of a reader for browsers that have none.
export function offerCamera({ fallback, onText }) {
  if (!navigator.mediaDevices?.getUserMedia) return;
  button.hidden = false;
  button.addEventListener("click", () => (cameraIsOn() ? stop() : start(fallback, onText)));
}
