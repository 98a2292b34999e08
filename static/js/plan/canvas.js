// The room on the screen: one button per seat, drawn by the stylesheet of the customers' map. Only what changed is touched.
"use strict";

import { sentence } from "../sentences.js";
import { nameOf } from "./categories.js";
import { signOf } from "./facts.js";
import { SEAT, TALLEST, WIDEST, edges, rowsOf } from "./model.js";

const SEAT_HEIGHT = 0.95;
const SPARE_COLUMNS = 8;
const SPARE_ROWS = 4;
const SIZES = [12, 15, 18, 22, 27, 33, 40];

export function spoken(plan, seat) {
  return sentence("spokenSeat", { row: plan.rows[seat.y].row, number: seat.number, category: nameOf(seat.category) });
}

export class Canvas {
  constructor(frame, canvas) {
    Object.assign(this, { frame, canvas, seats: new Map(), names: new Map(), size: SIZES[3] });
    this.cursor = canvas.querySelector(".plan-cursor");
    this.marquee = canvas.querySelector(".plan-marquee");
    this.drawn = new Map();
    this.shown = "number";
    this.zoom(0);
    // The names of rows stay in sight.
    this.nameList = canvas.querySelector(".plan-names");
    frame.addEventListener("scroll", () => { this.nameList.style.translate = `${frame.scrollLeft}px 0`; }, { passive: true });
    // What is chosen and what is wrong are one shape each: a thousand seats are marked as fast as one.
    this.floor = canvas.querySelector(".plan-floor");
    this.marks = this.floor.querySelector("svg");
  }

  draw({ plan, chosen, bad, cursor }) {
    const { right, bottom } = edges(plan);
    this.columns = Math.min(WIDEST, Math.max(48, right + SPARE_COLUMNS * SEAT));
    this.rows = Math.min(TALLEST, Math.max(10, bottom + 1 + SPARE_ROWS));
    this.floor.style.setProperty("--columns", this.columns);
    this.floor.style.setProperty("--rows", this.rows);
    this.marks.setAttribute("viewBox", `0 0 ${this.columns} ${this.rows}`);
    this.#drawSeats(plan, chosen);
    this.#mark(".plan-marks-chosen", plan, chosen);
    this.#mark(".plan-marks-bad", plan, bad);
    this.#drawNames(plan);
    this.#place(this.cursor, cursor.x, cursor.y);
  }

  #mark(which, plan, ids) {
    const shape = plan.seats.filter((seat) => ids.has(seat.id)).map(({ x, y }) => `M${x} ${y}h2v${SEAT_HEIGHT}h-2z`).join("");
    this.marks.querySelector(which).setAttribute("d", shape);
  }

  #drawSeats(plan, chosen) {
    const sides = sofaSides(plan);
    const drawn = new Map();
    for (const seat of plan.seats) {
      const side = sides.get(seat.id) ?? "";
      const sign = signOf(seat, this.shown);
      const key = `${seat.x},${seat.y},${seat.number},${seat.category},${plan.rows[seat.y].row},${side},${sign}`;
      drawn.set(seat.id, key);
      let button = this.seats.get(seat.id);
      if (!button) {
        button = newSeat(seat.id);
        this.seats.set(seat.id, button);
        this.canvas.append(button);
      }
      if (this.drawn.get(seat.id) !== key) {
        this.#place(button, seat.x, seat.y);
        button.className = `seat ${side}`;
        button.dataset.category = seat.category.toLowerCase();
        button.dataset.seat = `${plan.rows[seat.y].row}${/\d$/.test(plan.rows[seat.y].row) ? "-" : ""}${seat.number}`;
        button.setAttribute("aria-label", spoken(plan, seat));
        button.textContent = sign;
      }
      if (chosen.has(seat.id) !== (button.getAttribute("aria-pressed") === "true")) button.setAttribute("aria-pressed", chosen.has(seat.id));
    }
    for (const [id, button] of this.seats) {
      if (drawn.has(id)) continue;
      button.remove();
      this.seats.delete(id);
    }
    this.drawn = drawn;
  }

  #drawNames(plan) {
    const used = new Set();
    let section = "";
    for (const y of rowsOf(plan).keys()) {
      used.add(String(y));
      let name = this.names.get(String(y));
      if (!name) {
        name = document.createElement("button");
        Object.assign(name, { type: "button", className: "plan-row-name", tabIndex: -1 });
        name.dataset.y = y;
        name.style.setProperty("--y", y);
        this.names.set(String(y), name);
        this.nameList.append(name);
      }
      const begins = plan.rows[y].section && plan.rows[y].section !== section ? plan.rows[y].section : "";
      section = plan.rows[y].section;
      const words = plan.rows[y].row;
      if (name.textContent !== words) name.textContent = words;
      name.setAttribute("aria-label", sentence(section ? "chooseRowOf" : "chooseRow", { row: words, section }));
      if (begins) name.dataset.section = begins;
      else delete name.dataset.section;
    }
    for (const [y, name] of this.names) {
      if (used.has(y)) continue;
      name.remove();
      this.names.delete(y);
    }
  }

  #place(element, x, y) {
    element.style.setProperty("--x", x);
    element.style.setProperty("--y", y);
  }

  // Where a pointer is: the seat under it, or the empty place, in whole seats.
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    const style = getComputedStyle(this.canvas);
    const [left, top] = [parseFloat(style.paddingInlineStart), parseFloat(style.paddingBlockStart)];
    const step = parseFloat(style.getPropertyValue("--pitch"));
    const x = (event.clientX - box.left - left) / (this.size / SEAT);
    const y = Math.floor((event.clientY - box.top - top) / (this.size * step));
    return {
      x: Math.min(WIDEST - SEAT, Math.max(0, Math.floor(x / SEAT) * SEAT)),
      exact: Math.round(x),
      y: Math.min(TALLEST - 1, Math.max(0, y)),
      seat: Number(event.target.closest?.(".seat")?.dataset.id) || null,
    };
  }

  showMarquee(a, b) {
    this.marquee.hidden = !a;
    if (!a) return;
    const set = (name, value) => this.marquee.style.setProperty(name, value);
    set("--x", Math.min(a.x, b.x));
    set("--y", Math.min(a.y, b.y));
    set("--wide", Math.abs(a.x - b.x) + SEAT);
    set("--deep", Math.abs(a.y - b.y) + 1);
  }

  zoom(by) {
    const at = SIZES.findIndex((size) => size >= this.size);
    this.#resize(SIZES[Math.min(SIZES.length - 1, Math.max(0, at + by))]);
  }

  fitIfWider(plan) {
    if ((edges(plan).right / SEAT) * this.size + 100 > this.frame.clientWidth) this.fit(plan);
  }

  fit(plan) {
    const { right } = edges(plan);
    const room = this.frame.clientWidth - 100;
    this.#resize(SIZES.findLast((size) => (Math.max(right, 24) / SEAT) * size <= room) ?? SIZES[0]);
  }

  #resize(size) {
    this.size = size;
    this.canvas.style.setProperty("--seat", `${size}px`);
  }

  reveal() {
    this.cursor.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

function newSeat(id) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", tabIndex: -1 });
  button.dataset.id = id;
  button.dataset.state = "free";
  return button;
}

function sofaSides(plan) {
  const units = new Map();
  for (const seat of plan.seats) if (seat.unit) units.set(seat.unit, [...(units.get(seat.unit) ?? []), seat]);
  const sides = new Map();
  for (const mates of units.values()) {
    const xs = mates.map((seat) => seat.x);
    for (const seat of mates) {
      sides.set(seat.id, seat.x === Math.min(...xs) ? "sofa-left" : seat.x === Math.max(...xs) ? "sofa-right" : "sofa-middle");
    }
  }
  return sides;
}
