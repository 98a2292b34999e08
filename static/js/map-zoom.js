// The seat map's size and place: the whole room, or a part of it at the size for fingers. Without this script the
// stylesheet fits it. Scale 1 is 44 px a seat. The room is laid out once; zooming changes only the scale at which it is
// painted, without animation, because a slow phone cannot keep up.

import { sentence } from "./sentences.js";

const stage = document.querySelector(".seat-stage");
const frame = stage?.querySelector(".map-frame");
const room = frame?.querySelector(".auditorium");
const tools = stage?.querySelector(".map-tools");
const miniMap = document.createElement("div");
const hint = document.createElement("p");

const LARGEST = 1.5;
const STEP = 1.5;
// The least distance between seats in pixels: for a finger, and half of that for a mouse.
const CELL = 48;
const LEAST_FOR = { touch: 40, pen: 24, mouse: 15 };
const LEAST_FOR_KEYBOARD = 24;
const COVER_AIR = 6;

let scale = null; // null: as the stylesheet fits it
// Sizes are measured when they change, because reading a size later may cause a layout of the whole page.
let roomWide = 1;
let roomHigh = 1;
let frameWide = 1;
let frameHigh = 1;

const fit = () => Math.min(1, frameWide / roomWide, frameHigh / roomHigh);
const scaleNow = () => scale ?? fit();

// ---- zooming --------------------------------------------------------------------------------------------------------

// Where the room's corner is, seen from the frame's, while nothing is scrolled.
const airBeside = (at) => [
  Math.max(0, (frameWide - roomWide * at) / 2),
  Math.max(0, (frameHigh - roomHigh * at) / 2),
];

export function setZoom(wanted, x, y, { isCentered = false } = {}) {
  const least = fit();
  const before = scaleNow();
  const next = Math.min(LARGEST, Math.max(least, wanted));
  const { left, top } = frame.getBoundingClientRect();
  const [fromX, fromY] = [(x ?? left + frameWide / 2) - left, (y ?? top + frameHigh / 2) - top];
  const [oldX, oldY] = airBeside(before);
  const cornerX = oldX - frame.scrollLeft;
  const cornerY = oldY - frame.scrollTop;
  const [newX, newY] = airBeside(next);
  scale = next <= least * 1.01 ? null : next;
  room.style.scale = scale ?? "";
  room.style.translate = scale ? `${newX}px ${newY}px` : "";
  if (scale) {
    const [toX, toY] = isCentered ? [frameWide / 2, frameHigh / 2] : [fromX, fromY];
    frame.scrollTo(((fromX - cornerX) / before) * next + newX - toX, ((fromY - cornerY) / before) * next + newY - toY);
  } else {
    frame.scrollTo(0, 0);
  }
  showToolsSoon();
}

// Work that can wait runs later, so that it does not delay the answer to a tap.
const afterPaint = (work) => requestAnimationFrame(() => setTimeout(work));

let isToShow = false;
function showToolsSoon() {
  if (isToShow) return;
  isToShow = true;
  afterPaint(() => {
    isToShow = false;
    showTools();
  });
}

function showTools() {
  const at = scaleNow();
  frame.toggleAttribute("data-near", scale !== null);
  for (const button of tools.querySelectorAll("[data-zoom]")) {
    button.disabled = button.dataset.zoom === "in" ? at >= LARGEST : scale === null;
  }
  const isForZooming = CELL * at < LEAST_FOR[pointer()];
  const words = isForZooming ? sentence("tapToSeeSeats") : "";
  if (hint.textContent !== words) hint.textContent = words;
  showMiniMap();
  document.dispatchEvent(new CustomEvent("marquee:zoomed"));
}

const ZOOMS = {
  out: () => setZoom(scaleNow() / STEP),
  fit: () => setZoom(0),
  in: () => setZoom(scaleNow() * STEP < 1 ? Math.max(scaleNow() * STEP, 0.6) : Math.max(1, scaleNow() * 1.25)),
};
const KEYS = { "+": "in", "=": "in", "-": "out", "−": "out", 0: "fit" };

// Nothing zooms without this script: the page has an empty place for its tools.
function makeTools() {
  const group = document.createElement("div");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", sentence("mapSize"));
  group.append(
    zoomButton("out", "−", sentence("mapSmaller")),
    zoomButton("fit", sentence("mapFit")),
    zoomButton("in", "+", sentence("mapLarger")),
  );
  tools.append(hint, group);
}

function zoomButton(zoom, sign, name) {
  const button = Object.assign(document.createElement("button"), { type: "button", disabled: true, textContent: sign });
  button.dataset.zoom = zoom;
  if (name) button.setAttribute("aria-label", name);
  return button;
}

tools?.addEventListener("click", (event) => ZOOMS[event.target.closest("[data-zoom]")?.dataset.zoom]?.());

stage?.addEventListener("keydown", (event) => {
  const zoom = KEYS[event.key];
  // Shift with 0 is = on a German keyboard, and a key of the counter's desk.
  if (!zoom || (event.key === "=" && event.shiftKey) || event.altKey || event.ctrlKey || event.metaKey || event.target.matches("input, select, textarea")) return;
  event.preventDefault();
  const focused = event.target.closest(".seat")?.getBoundingClientRect();
  ZOOMS[zoom]();
  if (focused) bringIntoSight(event.target);
});

frame?.addEventListener(
  "wheel",
  (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    setZoom(scaleNow() * Math.exp(-event.deltaY / 200), event.clientX, event.clientY);
  },
  { passive: false },
);

// ---- two fingers ----------------------------------------------------------------------------------------------------

const fingers = new Map();
let pinch = null;

const apart = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);

frame?.addEventListener("pointerdown", (event) => {
  if (event.pointerType !== "touch") return;
  fingers.set(event.pointerId, event);
  pinch = fingers.size === 2 ? { apart: apart([...fingers.values()]), scale: scaleNow() } : null;
});
frame?.addEventListener("pointermove", (event) => {
  if (!fingers.has(event.pointerId)) return;
  fingers.set(event.pointerId, event);
  if (!pinch) return;
  const [a, b] = [...fingers.values()];
  const middle = [(a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2];
  setZoom((pinch.scale * apart([a, b])) / pinch.apart, ...middle);
});
for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
  frame?.addEventListener(end, (event) => {
    fingers.delete(event.pointerId);
    if (fingers.size < 2) pinch = null;
  });
}

// ---- what a tap means -----------------------------------------------------------------------------------------------

const pointer = () => (matchMedia("(pointer: coarse)").matches ? "touch" : "mouse");
const kindOf = (event) => event.pointerType || pointer();

let zoomedAt = null;
const isNear = (a, b) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) < CELL;

// A tap on seats that are too small zooms to them; beside a seat it means the nearest.
frame?.addEventListener(
  "click",
  (event) => {
    if (event.detail === 0) return; // a key
    if (event.detail > 1 && zoomedAt && isNear(event, zoomedAt)) {
      // Ignore the second tap of a double tap that zoomed: it hit a seat that nobody saw.
      event.preventDefault();
      return void event.stopPropagation();
    }
    zoomedAt = null;
    const cell = CELL * scaleNow();
    if (cell < (LEAST_FOR[kindOf(event)] ?? LEAST_FOR.touch)) {
      event.preventDefault();
      event.stopPropagation();
      zoomedAt = event;
      return void setZoom(1, event.clientX, event.clientY, { isCentered: true });
    }
    if (event.target.closest(".seat")) return;
    const near = document.elementsFromPoint(event.clientX, event.clientY).find((element) => element.matches(".row"));
    const seat = near && nearest(near, event.clientX, event.clientY, cell);
    if (seat?.getAttribute("aria-disabled") !== "true") seat?.click();
  },
  { capture: true },
);

function nearest(row, x, y, most) {
  const rows = [row.previousElementSibling, row, row.nextElementSibling].filter((one) => one?.matches(".row"));
  let best = null;
  let bestDistance = most * 0.75;
  for (const seat of rows.flatMap((one) => [...one.querySelectorAll(".seat")])) {
    const { left, top, width, height } = seat.getBoundingClientRect();
    const distance = Math.hypot(left + width / 2 - x, top + height / 2 - y);
    if (distance < bestDistance) [best, bestDistance] = [seat, distance];
  }
  return best;
}

// ---- in sight -------------------------------------------------------------------------------------------------------

// What a sheet at the window's foot covers of the frame.
function coveredBelow() {
  const panel = document.getElementById("order-panel");
  if (!panel || getComputedStyle(panel).position !== "fixed") return 0;
  return Math.max(0, frame.getBoundingClientRect().bottom - panel.getBoundingClientRect().top);
}

export function bringIntoSight(seat) {
  if (!frame?.contains(seat)) return;
  const box = seat.getBoundingClientRect();
  if (CELL * scaleNow() < LEAST_FOR_KEYBOARD && seat.matches(":focus-visible")) {
    setZoom(1, box.left + box.width / 2, box.top + box.height / 2);
  }
  const { left, top } = frame.getBoundingClientRect();
  const now = seat.getBoundingClientRect();
  const beyond = (start, end, from, to) => (start < from ? start - from : Math.max(0, Math.min(end - to, start - from)));
  const air = Math.min(CELL * scaleNow(), 40);
  const low = top + frameHigh - coveredBelow();
  const dx = beyond(now.left - air, now.right + air, left, left + frameWide);
  const dy = beyond(now.top - air, now.bottom + air, top, low);
  if (dx || dy) frame.scrollBy({ left: dx, top: dy, behavior: "instant" });
  leaveMiniMap(seat);
  const rest = seat.getBoundingClientRect().bottom - low;
  if (rest > 0) window.scrollBy({ top: rest + 8, behavior: "instant" });
}

// The mini-map lies over a corner of the frame: a seat below it goes aside, or down where the room ends there.
function leaveMiniMap(seat) {
  if (miniMap.hidden) return;
  const over = miniMap.getBoundingClientRect();
  const covered = () => {
    const { right, top } = seat.getBoundingClientRect();
    return { aside: right + COVER_AIR - over.left, down: over.bottom + COVER_AIR - top };
  };
  const before = covered();
  if (before.aside <= 0 || before.down <= 0) return;
  frame.scrollBy({ left: before.aside, behavior: "instant" });
  if (covered().aside > 0) frame.scrollBy({ top: -before.down, behavior: "instant" });
}

stage?.addEventListener("focusin", (event) => {
  if (event.target.matches(".seat:focus-visible")) bringIntoSight(event.target);
});

// What was just chosen stays in sight when the panel grows over it.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "order-panel" || event.detail.xhr?.status >= 400) return;
  const { path, triggeringEvent } = event.detail.requestConfig ?? {};
  const label = triggeringEvent?.submitter?.name === "take" ? triggeringEvent.submitter.value : null;
  if (path?.endsWith("/best/")) return void requestAnimationFrame(() => showMine());
  if (label) requestAnimationFrame(() => bringIntoSight(document.querySelector(`[data-seat="${CSS.escape(label)}"]`)));
});

// Shows all seats of this browser at once, as large as they fit.
function showMine() {
  const boxes = [...frame.querySelectorAll(".seat[data-state=mine]")].map((seat) => seat.getBoundingClientRect());
  if (!boxes.length) return;
  const left = Math.min(...boxes.map((box) => box.left));
  const right = Math.max(...boxes.map((box) => box.right));
  const top = Math.min(...boxes.map((box) => box.top));
  const bottom = Math.max(...boxes.map((box) => box.bottom));
  if (fit() < 1 && frameWide < 700) {
    const most = (0.8 * frameWide * scaleNow()) / Math.max(right - left, 1);
    setZoom(Math.min(1, Math.max(most, fit())), (left + right) / 2, (top + bottom) / 2);
    const [mine] = frame.querySelectorAll(".seat[data-state=mine]");
    mine.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  }
  frame.querySelectorAll(".seat[data-state=mine]").forEach(bringIntoSight);
}

// ---- the mini-map -----------------------------------------------------------------------------------------------------

miniMap.className = "mini-map";
miniMap.hidden = true;
miniMap.setAttribute("aria-hidden", "true");
const drawn = miniMap.appendChild(document.createElement("canvas"));
const inSight = miniMap.appendChild(document.createElement("i"));
// After the frame, which would cover it.
frame?.after(miniMap);

const MINI_WIDE = 112;
const MINI_PART = 0.28;
const MINI_HIGH = 128;
const COLORS = { free: "--ink-quiet", mine: "--accent", house: "--line", held: "--line", sold: "--line" };

// Where each seat stands in the room: measured once, when it is first needed.
let places = null;

function measurePlaces() {
  const corner = room.getBoundingClientRect();
  const at = scaleNow();
  const seats = [...frame.querySelectorAll(".seat")];
  places = seats.map((seat) => {
    const { left, top, width, height } = seat.getBoundingClientRect();
    return [seat.value, (left - corner.left) / at, (top - corner.top) / at, width / at, height / at];
  });
}

function showMiniMap() {
  const isNeeded = scale !== null && scale > fit() * 1.2;
  const wasHidden = miniMap.hidden;
  Object.assign(miniMap.style, { width: `${roomWide * miniScale()}px`, height: `${roomHigh * miniScale()}px` });
  miniMap.hidden = !isNeeded;
  if (!isNeeded) return;
  if (wasHidden) afterPaint(drawMiniMap);
  showWindow();
}

const miniScale = () => Math.min(Math.min(MINI_WIDE, MINI_PART * frameWide) / roomWide, MINI_HIGH / roomHigh);

function drawMiniMap() {
  if (miniMap.hidden) return;
  if (!places) measurePlaces();
  const sharp = devicePixelRatio;
  const at = miniScale() * sharp;
  Object.assign(drawn, { width: roomWide * at, height: roomHigh * at });
  const drawing = drawn.getContext("2d");
  const colors = Object.fromEntries(Object.entries(COLORS).map(([state, color]) => [state, resolved(color)]));
  const states = new Map([...frame.querySelectorAll(".seat")].map((seat) => [seat.value, seat.dataset.state]));
  for (const [label, x, y, wide, high] of places) {
    drawing.fillStyle = colors[states.get(label)] ?? colors.sold;
    drawing.fillRect(x * at, y * at, wide * at, high * at);
  }
}

// light-dark() is for stylesheets: a canvas wants the color that it stands for.
function resolved(color) {
  miniMap.style.color = `var(${color})`;
  return getComputedStyle(miniMap).color;
}

function showWindow() {
  if (miniMap.hidden) return;
  const at = miniScale() / scaleNow();
  inSight.style.width = `${Math.min(frameWide, roomWide * scaleNow()) * at}px`;
  inSight.style.height = `${Math.min(frameHigh, roomHigh * scaleNow()) * at}px`;
  inSight.style.translate = `${frame.scrollLeft * at}px ${frame.scrollTop * at}px`;
}

frame?.addEventListener("scroll", () => requestAnimationFrame(showWindow), { passive: true });

function panTo(event) {
  const { left, top } = miniMap.getBoundingClientRect();
  const at = scaleNow() / miniScale();
  frame.scrollTo((event.clientX - left) * at - frameWide / 2, (event.clientY - top) * at - frameHigh / 2);
}

miniMap.addEventListener("pointerdown", (event) => {
  miniMap.setPointerCapture(event.pointerId);
  panTo(event);
});
miniMap.addEventListener("pointermove", (event) => {
  if (miniMap.hasPointerCapture(event.pointerId)) panTo(event);
});

// ---- how free a section is, beside its name --------------------------------------------------------------------------

function countFree() {
  const sections = frame.querySelectorAll(".section");
  if (sections.length < 2) return;
  for (const section of sections) {
    const name = section.querySelector(".section-name");
    const free = section.querySelectorAll("[data-state=free]").length;
    const words = sentence("seatsFree", { n: free });
    const place = name.querySelector("span") ?? name.appendChild(document.createElement("span"));
    if (place.textContent !== words) place.textContent = words;
  }
}

let isToBeDrawn = false;

// Once for all changes of others that are told until the next paint.
function drawChanges() {
  if (!frame || isToBeDrawn) return;
  isToBeDrawn = true;
  afterPaint(() => {
    isToBeDrawn = false;
    countFree();
    drawMiniMap();
  });
}

for (const change of ["htmx:afterSettle", "marquee:refreshed", "marquee:seats-told"]) document.addEventListener(change, drawChanges);

function measure() {
  [frameWide, frameHigh] = [frame.clientWidth, frame.clientHeight];
  if (roomWide !== room.offsetWidth) places = null;
  [roomWide, roomHigh] = [room.offsetWidth, room.offsetHeight];
}

// ---- the first layout -------------------------------------------------------------------------------------------------

// Rows wait by time (seats.css). With scripts some are laid out in each frame, as many as a slow phone can do.
const ROWS_A_FRAME = 2;
let waiting = [];

function layOutMore() {
  for (const wait of waiting.splice(0, ROWS_A_FRAME)) wait.finish();
  if (waiting.length) requestAnimationFrame(layOutMore);
}

// Nothing in a row that waits can have the focus: whoever presses a key or the room finds all of it. The row in which the keyboard
// enters the map waits for nobody.
function layOutAll() {
  for (const wait of waiting.splice(0)) wait.finish();
}

function layOutWayIn() {
  const row = frame.querySelector('.seat[tabindex="0"]')?.closest(".row");
  const at = waiting.findIndex(({ effect }) => effect.target === row);
  if (at >= 0) waiting.splice(at, 1)[0].finish();
}

if (frame) {
  waiting = document.getAnimations().filter(({ animationName }) => animationName === "wait");
  for (const wait of waiting) wait.pause();
  requestAnimationFrame(layOutMore);
  for (const act of ["keydown", "pointerdown"]) document.addEventListener(act, layOutAll, { capture: true, once: true });
  // seat-keys.js, which comes after this, says where that is.
  document.addEventListener("DOMContentLoaded", layOutWayIn);
  hint.id = "map-hint";
  makeTools();
  measure();
  new ResizeObserver(() => {
    measure();
    if (scale !== null && scale <= fit()) setZoom(0);
    else showTools();
  }).observe(frame);
  countFree();
}
