// The seat map by keyboard: one stop of the Tab key, arrows by seat and row, Home and End, letters for rows. Seats that
// cannot be taken are skipped, and the screen reader hears which.

import { sentence } from "./sentences.js";

const TYPED_TOGETHER_MS = 800;
const SIDEWAYS = { ArrowLeft: -1, ArrowRight: 1 };
const UP_AND_DOWN = { ArrowUp: -1, ArrowDown: 1 };

const stage = document.querySelector(".seat-stage");
// At the counter letters are keys of the desk.
const hasRowLetters = !stage?.closest(".desk");
const map = () => document.getElementById("seat-map");
const seatsOf = (row) => [...row.querySelectorAll(".seat")].sort((one, other) => one.offsetLeft - other.offsetLeft);
const rows = () => [...map().querySelectorAll(".row")];
const middleOf = (seat) => seat.offsetLeft + seat.offsetWidth / 2;
const canBePressed = (seat) => seat.getAttribute("aria-disabled") !== "true";
const rowName = (row) => row.querySelector("[role=heading]").textContent;

// ---- one stop --------------------------------------------------------------------------------------------------

let stopLabel = null;

// The seat that the keyboard left last, else one of my own, else the first that can be taken.
function findStop() {
  const seats = [...map().querySelectorAll(".seat")];
  const last = seats.find((seat) => seat.value === stopLabel);
  if (last && (canBePressed(last) || last === document.activeElement)) return last;
  return seats.find((seat) => seat.dataset.state === "mine" && canBePressed(seat)) ?? seats.find(canBePressed) ?? seats[0];
}

function keepOneStop() {
  if (!map()) return;
  const stop = findStop();
  for (const seat of map().querySelectorAll(".seat")) {
    const index = seat === stop ? "0" : "-1";
    if (seat.getAttribute("tabindex") !== index) seat.setAttribute("tabindex", index);
  }
}

const auditorium = stage?.querySelector(".auditorium");
if (auditorium) {
  const changes = { childList: true, subtree: true, attributeFilter: ["aria-disabled"] };
  new MutationObserver(keepOneStop).observe(auditorium, changes);
  keepOneStop();
}

// Only two seats change: a tap in a large room is to be answered at once.
stage?.addEventListener("focusin", (event) => {
  if (!event.target.matches(".seat") || event.target.value === stopLabel) return;
  stopLabel = event.target.value;
  for (const seat of map().querySelectorAll('.seat[tabindex="0"]')) seat.setAttribute("tabindex", "-1");
  event.target.setAttribute("tabindex", "0");
});

// ---- steps -----------------------------------------------------------------------------------------------------

// Up and down keep to this line of the room, also through rows that have no seat on it.
let line = null;

function go(seat, passed, { keepsLine = false } = {}) {
  if (!keepsLine) line = null;
  if (seat) seat.focus();
  const words = [passed, seat ? "" : sentence("noSeatThatWay")].filter(Boolean).join(" ");
  document.getElementById("announcer").textContent = words;
}

const passedSeats = (seats) => (seats.length ? sentence("passedSeats", { seats: seats.map((seat) => seat.textContent).join(", ") }) : "");
const passedRows = (names) => (names.length ? sentence("passedRows", { rows: names.join(", ") }) : "");

function stepAside(from, direction) {
  const seats = seatsOf(from.closest(".row"));
  if (direction < 0) seats.reverse();
  const ahead = seats.slice(seats.indexOf(from) + 1);
  const to = ahead.findIndex(canBePressed);
  go(ahead[to], passedSeats(to < 0 ? ahead : ahead.slice(0, to)));
}

function nearest(row, middle) {
  const far = (seat) => Math.abs(middleOf(seat) - middle);
  return seatsOf(row)
    .filter(canBePressed)
    .sort((one, other) => far(one) - far(other))[0];
}

function stepToRow(from, direction) {
  const all = rows();
  if (direction < 0) all.reverse();
  line ??= middleOf(from);
  const passed = [];
  for (const row of all.slice(all.indexOf(from.closest(".row")) + 1)) {
    const seat = nearest(row, line);
    if (seat) return go(seat, passedRows(passed), { keepsLine: true });
    passed.push(rowName(row));
  }
  go(null, passedRows(passed), { keepsLine: true });
}

function goToEnd(from, key, isWholeRoom) {
  const all = rows().filter((row) => seatsOf(row).some(canBePressed));
  const row = isWholeRoom ? all.at(key === "Home" ? 0 : -1) : from.closest(".row");
  if (!row) return go(null, "");
  const seats = seatsOf(row);
  if (key === "End") seats.reverse();
  const to = seats.findIndex(canBePressed);
  go(seats[to], passedSeats(seats.slice(0, to)));
}

// ---- letters ---------------------------------------------------------------------------------------------------

let typed = "";
let typedAt = 0;

// The row of that name, after this one first: two sections may each have a row A. Letters typed quickly are one name (AA);
// a name that no row has begins anew with its last letter.
function goToRow(from, letter) {
  const all = rows();
  const here = all.indexOf(from.closest(".row"));
  const others = [...all.slice(here + 1), ...all.slice(0, here + 1)];
  const begins = (start) => others.find((row) => rowName(row) === start) ?? others.find((row) => rowName(row).startsWith(start));
  if (Date.now() - typedAt > TYPED_TOGETHER_MS) typed = "";
  typedAt = Date.now();
  const row = begins((typed += letter)) ?? begins((typed = letter));
  if (!row) return false;
  const seat = nearest(row, middleOf(from));
  if (seat) go(seat, "");
  else go(null, passedRows([rowName(row)]));
  return true;
}

stage?.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (!target.matches(".seat") || event.altKey || event.metaKey) return;
  if (key === "Home" || key === "End") goToEnd(target, key, event.ctrlKey);
  else if (event.ctrlKey) return;
  else if (SIDEWAYS[key]) stepAside(target, SIDEWAYS[key]);
  else if (UP_AND_DOWN[key]) stepToRow(target, UP_AND_DOWN[key]);
  else if (!hasRowLetters || !/^[\p{L}\p{N}]$/u.test(key) || !goToRow(target, key.toUpperCase())) return;
  event.preventDefault();
});
