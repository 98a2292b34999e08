// What a seat is, told beside it: its name at once, then how the screen is seen from there, in words and drawn. The facts of a
// plan's seats are one file, fetched when somebody first asks: by the keyboard's focus or a long press. A mouse that passes over
// a seat is told its name alone, so that the seats around it stay in sight.

import { sentence } from "./sentences.js";

// This script loads late: the answer to the first press may have replaced the map by another page.
const stage = document.querySelector(".seat-stage") ?? document.createElement("div");
const LONG_PRESS_MS = 500;
const MOVED_PX = 10;

const tip = Object.assign(document.createElement("p"), { className: "seat-tip", ariaHidden: "true", hidden: true });
// The text of the tip besides the name, for screen readers.
const heard = Object.assign(document.createElement("p"), { id: "seat-facts", hidden: true });
stage.append(tip, heard);

// Within the map: what is told of a seat at its edge does not lie over the panel beside it.
const edges = new ResizeObserver(() => {
  const { left, right } = stage.getBoundingClientRect();
  Object.assign(tip.style, { left: `${left}px`, right: `${document.documentElement.clientWidth - right}px` });
});
for (const box of [stage, document.documentElement]) edges.observe(box);

let told = null;
let pressedLong = null;

function tell(seat, isAsked) {
  if (told && told !== seat) {
    told.removeAttribute("data-told");
    told.removeAttribute("aria-describedby");
  }
  told = seat;
  if (tip.hidden !== !seat) tip.hidden = !seat;
  if (!seat) return;
  seat.dataset.told = "";
  tip.textContent = seat.getAttribute("aria-label");
  if (isAsked) tellFacts(seat);
}

// A finger leaves what it tapped as hovered.
const hovers = matchMedia("(hover: hover)");
const hovered = () => (hovers.matches ? stage.querySelector(".seat:hover") : null);

function tellWhatIsMeant() {
  const asked = pressedLong ?? stage.querySelector(".seat:focus-visible");
  tell(asked ?? hovered(), Boolean(asked));
}

for (const name of ["pointerover", "pointerout", "focusin", "focusout"]) {
  stage.addEventListener(name, (event) => {
    if (event.pointerType !== "touch") requestAnimationFrame(tellWhatIsMeant);
  });
}
document.addEventListener("htmx:afterSettle", tellWhatIsMeant);

// ---- a long press ----------------------------------------------------------------------------------------------

let pressing = null;
let pressedAt = null;
let isLong = false;

document.addEventListener("pointerdown", press);
export function press(event) {
  isLong = false;
  if (pressedLong) {
    pressedLong = null;
    tellWhatIsMeant();
  }
  const seat = event.isPrimary && event.button === 0 && event.target.closest?.(".seat");
  clearTimeout(pressing);
  if (!seat || !stage.contains(seat)) return;
  pressedAt = event;
  pressing = setTimeout(() => {
    // A long press of a mouse button is a click.
    isLong = event.pointerType !== "mouse";
    pressedLong = seat;
    tellWhatIsMeant();
  }, LONG_PRESS_MS);
}
stage.addEventListener("pointermove", (event) => {
  if (pressedAt && Math.hypot(event.clientX - pressedAt.clientX, event.clientY - pressedAt.clientY) > MOVED_PX) clearTimeout(pressing);
});
for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, () => clearTimeout(pressing));

// The tap that ends a long press takes nothing, and no menu comes over it.
stage.addEventListener(
  "click",
  (event) => {
    if (!isLong) return;
    isLong = false;
    event.preventDefault();
    event.stopPropagation();
  },
  { capture: true },
);
stage.addEventListener("contextmenu", (event) => {
  if (isLong || (event.pointerType === "touch" && event.target.closest(".seat"))) event.preventDefault();
});

// ---- how the screen is seen ------------------------------------------------------------------------------------

let facts = null;
const fetchFacts = () =>
  (facts ??= fetch(stage.dataset.factsUrl)
    .then((answer) => (answer.ok ? answer.json() : (facts = null)))
    .catch(() => (facts = null)));

async function tellFacts(seat) {
  if (!stage.dataset.factsUrl) return;
  const known = await fetchFacts();
  const place = known?.seats[seat.value];
  if (!place || seat !== told) return;
  const words = inWords(known, place);
  heard.textContent = words;
  if (words) seat.setAttribute("aria-describedby", heard.id);
  tip.textContent = seat.getAttribute("aria-label");
  if (words) tip.append(Object.assign(document.createElement("span"), { textContent: words }));
  if (known.screen) tip.append(drawing(known.screen, place));
}

const degrees = (radians) => Math.round((radians * 180) / Math.PI);

// The same texts as in the list. `place` has the position of the seat in meters (aside from the middle, from the
// screen, above the first row), then the indexes of the texts in the file that are about it.
function inWords({ screen, said }, [aside, ahead, up, about]) {
  const words = said[about] ? [said[about]] : [];
  if (screen) {
    const [wide, high] = screen;
    const far = Math.hypot(aside, ahead);
    const width = degrees(Math.atan2(wide / 2 - aside, ahead) + Math.atan2(wide / 2 + aside, ahead));
    const top = Math.max(0, degrees(Math.atan2(high - up, far)));
    words.push(sentence("metersFromScreen", { meters: Math.round(far) }), sentence("screenLooks", { width, top }));
  }
  return words.join(", ");
}

// The outline of the screen on a plane one meter before the eyes, which look at its middle. The eyes of the first row are as high
// as its lower edge.
export function outline([wide, high], [aside, ahead, up]) {
  const turn = Math.atan2(-aside, ahead);
  const seen = (x, y) => {
    const far = Math.max(0.1, (x - aside) * Math.sin(turn) + ahead * Math.cos(turn));
    const side = (x - aside) * Math.cos(turn) - ahead * Math.sin(turn);
    return [side / far, -(y - up) / far];
  };
  return [seen(-wide / 2, high), seen(wide / 2, high), seen(wide / 2, 0), seen(-wide / 2, 0)];
}

function drawing(screen, place) {
  const make = (name, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const points = outline(screen, place).map((point) => point.map((at) => at.toFixed(3)).join(",")).join(" ");
  const svg = make("svg", { viewBox: "-1.6 -1.3 3.2 1.9" });
  svg.append(make("polygon", { points }));
  return svg;
}

tellWhatIsMeant();
