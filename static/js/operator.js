// The screen of a device asks for the PIN again after a pause, as the server does. The unfinished sale stays.

const bar = document.getElementById("operator");
const allowed = Number(bar.dataset.idleSeconds) * 1000;
const ACTS = ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"];
let last = Date.now();

function names() {
  const here = location.pathname + location.search;
  location.assign(`${bar.dataset.namesUrl}?${new URLSearchParams({ next: here })}`);
}

for (const act of ACTS) addEventListener(act, () => (last = Date.now()), { capture: true, passive: true });
// A clock, not one long timer: a device that slept locks when it wakes. Set back, it counts from there.
setInterval(() => {
  last = Math.min(last, Date.now());
  if (Date.now() - last > allowed) names();
}, 1000);
