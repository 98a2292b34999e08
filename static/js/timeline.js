// A draft on the timeline moves by arrow keys and by dragging; the form in the list below does the same without script.
"use strict";

const STEP = 5;
const PAUSE = 700;
const FAR_ENOUGH = 4;
const waiting = new Map();

function minuteWidth(bar) {
  const hours = Number(getComputedStyle(bar).getPropertyValue("--hours"));
  return bar.parentElement.clientWidth / (hours * 60);
}

function show(bar, minutes) {
  bar.style.translate = `${minutes * minuteWidth(bar)}px 0`;
  bar.toggleAttribute("data-moving", minutes !== 0);
}

function send(bar, minutes) {
  if (minutes === 0) return show(bar, 0);
  const form = document.getElementById(bar.dataset.move);
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "by";
  field.value = String(minutes);
  form.append(field);
  form.submit();
}

function press(bar, minutes) {
  const before = waiting.get(bar) ?? { minutes: 0 };
  clearTimeout(before.timer);
  const sum = before.minutes + minutes;
  show(bar, sum);
  waiting.set(bar, { minutes: sum, timer: setTimeout(() => send(bar, sum), PAUSE) });
}

document.addEventListener("keydown", (event) => {
  const bar = event.target.closest?.(".bar[data-move]");
  if (!bar || event.altKey || event.ctrlKey || event.metaKey) return;
  const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!direction) return;
  event.preventDefault();
  press(bar, direction * STEP * (event.shiftKey ? 6 : 1));
});

document.addEventListener("pointerdown", (event) => {
  const bar = event.target.closest?.(".bar[data-move]");
  if (!bar || event.button !== 0 || event.pointerType === "touch") return;
  const from = event.clientX;
  let minutes = 0;
  let moved = false;
  const follow = (move) => {
    moved ||= Math.abs(move.clientX - from) > FAR_ENOUGH;
    minutes = Math.round((move.clientX - from) / minuteWidth(bar) / STEP) * STEP;
    if (moved) show(bar, minutes);
  };
  const drop = () => {
    document.removeEventListener("pointermove", follow);
    if (!moved) return;
    bar.addEventListener("click", (click) => click.preventDefault(), { once: true });
    send(bar, minutes);
  };
  document.addEventListener("pointermove", follow);
  document.addEventListener("pointerup", drop, { once: true });
});

document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.(".bar[data-move]")) event.preventDefault();
});

// Back in the history: what was moved stands where it was before.
addEventListener("pageshow", (event) => event.persisted && location.reload());

// After a move the page is loaded anew, and the focus returns to the same bar.
if (location.hash.startsWith("#showtime-")) document.getElementById(location.hash.slice(1))?.focus({ preventScroll: true });
