// The time left on a hold, by the server's clock: the page counts down from the number that it was given. At zero it
// asks the server instead of deciding itself.

import { sentence } from "./sentences.js";

const WARN_SECONDS = 90;
const seen = new WeakMap();

// The device's clock may be set back, and the page's own clock stops while the device sleeps: the one that went further
// is right.
function secondsLeft(countdown) {
  if (!seen.has(countdown)) seen.set(countdown, [Date.now(), performance.now()]);
  const [at, ticked] = seen.get(countdown);
  const gone = Math.max(Date.now() - at, performance.now() - ticked);
  return Math.max(0, Math.ceil(Number(countdown.dataset.secondsLeft) - gone / 1000));
}

function words(seconds) {
  if (seconds > WARN_SECONDS) return sentence("heldFor", { minutes: Math.ceil(seconds / 60) });
  return sentence("timeLeft", { time: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` });
}

function tick() {
  const countdown = document.querySelector("[data-countdown]");
  if (!countdown) return;
  const seconds = secondsLeft(countdown);
  countdown.querySelector("progress").value = seconds;
  countdown.querySelector("[data-countdown-words]").textContent = words(seconds);
  countdown.toggleAttribute("data-urgent", seconds <= WARN_SECONDS);
  const extend = countdown.querySelector("[data-extend]");
  // A second later than the warning: the server's time has fractions, and it refuses what comes too early.
  if (extend) extend.hidden = seconds >= WARN_SECONDS;
  if (seconds === WARN_SECONDS || seconds === 30) announce(sentence("secondsLeft", { seconds }));
  if (seconds === 0 && !countdown.dataset.asked) {
    countdown.dataset.asked = "yes";
    countdown.dispatchEvent(new CustomEvent("marquee:time-is-up", { bubbles: true }));
    // If the server says that a moment is left, ask again.
    setTimeout(() => delete countdown.dataset.asked, 3000);
  }
}

function announce(words) {
  const announcer = document.getElementById("announcer");
  if (announcer) announcer.textContent = words;
}

document.addEventListener("htmx:afterSettle", tick);
document.addEventListener("marquee:refreshed", tick);
setInterval(tick, 1000);
tick();
