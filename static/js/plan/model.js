// A plan and what can be done to it. Plans are never changed in place: every operation returns a new plan, so undo is a
// list. A seat is {id, x, y, number, category, unit} and its facts; x counts half seats, y rows. What a row is called
// stands once, by its y. An unknown fact is null or missing.
"use strict";

import { firstSofa, plain } from "./categories.js";
import { freeName, namesFrom, numbersFor } from "./names.js";

export const SEAT = 2;
export const WIDEST = 126;
export const TALLEST = 100;
export const FACTS = ["steps", "hearing_loop", "armrest_lifts", "beside_aisle", "note"];
export const MOST_STEPS = 99;

let lastId = 0;
const newId = () => ++lastId;

export function fromRows(rows) {
  const seats = [];
  const names = {};
  const prefix = `u${newId()}-`;
  for (const row of rows) {
    names[row.y] = { row: row.row, section: row.section ?? "" };
    for (const seat of row.seats) {
      const { number, x, category, unit } = seat;
      seats.push({ id: newId(), x, y: row.y, number, category, unit: unit ? prefix + unit : null, ...known({ ...known(row), ...seat }) });
    }
  }
  return { seats, rows: names };
}

// The known facts of a seat.
function known(place) {
  return Object.fromEntries(FACTS.filter((name) => (place[name] ?? "") !== "").map((name) => [name, place[name]]));
}

export function rowsOf(plan) {
  const rows = new Map();
  for (const seat of plan.seats) rows.has(seat.y) ? rows.get(seat.y).push(seat) : rows.set(seat.y, [seat]);
  for (const seats of rows.values()) seats.sort((a, b) => a.x - b.x);
  return new Map([...rows].sort(([a], [b]) => a - b));
}

const sharedFacts = (seats) =>
  Object.fromEntries(Object.entries(known(seats[0])).filter(([name, value]) => seats.every((seat) => seat[name] === value)));

// As the server reads it: sofas named in order, a fact that a whole row shares once.
export function toRows(plan) {
  const units = new Map();
  const named = (unit) => units.get(unit) ?? units.set(unit, `S${units.size + 1}`).get(unit);
  return [...rowsOf(plan)].map(([y, seats]) => {
    const shared = sharedFacts(seats);
    const own = (seat) => Object.fromEntries(Object.entries(known(seat)).filter(([name]) => !(name in shared)));
    const written = seats.map((seat) => {
      const { number, x, category, unit } = seat;
      return { number, x, category, ...(unit && { unit: named(unit) }), ...own(seat) };
    });
    return { ...plan.rows[y], y, ...shared, seats: written };
  });
}

export const seatAt = (plan, x, y) => plan.seats.find((seat) => seat.y === y && Math.abs(seat.x - x) < SEAT);

export function seatsWithin(plan, a, b) {
  const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x) + SEAT];
  const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
  return plan.seats.filter((seat) => seat.y >= top && seat.y <= bottom && seat.x + SEAT > left && seat.x < right);
}

export function edges(plan) {
  if (!plan.seats.length) return { left: 0, right: 0, bottom: -1 };
  const xs = plan.seats.map((seat) => seat.x);
  return { left: Math.min(...xs), right: Math.max(...xs) + SEAT, bottom: Math.max(...plan.seats.map((seat) => seat.y)) };
}

// ---- the one way a new plan is made: nothing left of 0, nothing above 0, no row without seats --------------------------

function settled(seats, rows) {
  const dx = Math.max(0, -Math.min(0, ...seats.map((seat) => seat.x)));
  const dy = Math.max(0, -Math.min(0, ...seats.map((seat) => seat.y)));
  const used = new Set(seats.map((seat) => seat.y));
  const kept = {};
  for (const y of used) kept[y + dy] = rows[y];
  return { seats: dx || dy ? seats.map((seat) => ({ ...seat, x: seat.x + dx, y: seat.y + dy })) : seats, rows: kept };
}

const changed = (plan, change) => settled(plan.seats.map((seat) => change(seat) || seat), plan.rows);

// A sofa that loses a seat is no sofa any more: what is left of it are plain seats.
function withoutBrokenSofas(seats, broken) {
  return seats.map((seat) => (broken.has(seat.unit) ? { ...seat, unit: null, category: plain() } : seat));
}

const unitsOf = (plan, ids) => new Set(plan.seats.filter((seat) => seat.unit && ids.has(seat.id)).map((seat) => seat.unit));

// ---- single seats ------------------------------------------------------------------------------------------------------

export function fill(plan, a, b, category) {
  let seats = plan.seats;
  const rows = { ...plan.rows };
  for (let y = Math.min(a.y, b.y); y <= Math.max(a.y, b.y); y++) {
    const there = seats.filter((seat) => seat.y === y);
    let number = Math.max(0, ...there.map((seat) => seat.number));
    const added = [];
    for (let x = Math.min(a.x, b.x); x <= Math.max(a.x, b.x); x += SEAT) {
      if (!there.some((seat) => Math.abs(seat.x - x) < SEAT)) added.push({ id: newId(), x, y, number: ++number, category, unit: null });
    }
    if (added.length && !rows[y]) rows[y] = nameFor(rows, y);
    seats = seats.concat(added);
  }
  return seats === plan.seats ? plan : settled(seats, rows);
}

function nameFor(rows, y) {
  const before = Object.keys(rows).map(Number).filter((one) => one < y).sort((one, two) => one - two);
  const section = before.length ? rows[before.at(-1)].section : "";
  const names = Object.keys(rows).map(Number).sort((one, two) => one - two).map((one) => rows[one].row);
  return { row: freeName(names), section };
}

export function remove(plan, ids) {
  const broken = unitsOf(plan, ids);
  return settled(withoutBrokenSofas(plan.seats.filter((seat) => !ids.has(seat.id)), broken), plan.rows);
}

export function setCategory(plan, ids, category) {
  const seats = withoutBrokenSofas(plan.seats, unitsOf(plan, ids));
  return settled(seats.map((seat) => (ids.has(seat.id) ? { ...seat, category, unit: null } : seat)), plan.rows);
}

export const setFacts = (plan, ids, facts) => changed(plan, (seat) => ids.has(seat.id) && { ...seat, ...facts });

// The same number in a row; each chosen row behind has so many more.
export function setSteps(plan, ids, first, more) {
  const ys = [...new Set(plan.seats.filter((seat) => ids.has(seat.id)).map((seat) => seat.y))].sort((a, b) => a - b);
  const steps = new Map(ys.map((y, at) => [y, Math.min(MOST_STEPS, Math.max(0, first + more * at))]));
  return changed(plan, (seat) => ids.has(seat.id) && { ...seat, steps: steps.get(seat.y) });
}

// A whole sofa at a place, when there is room for it.
export function putSofa(plan, x, y, size) {
  if (seatsWithin(plan, { x, y }, { x: x + SEAT * (size - 1), y }).length) return plan;
  const filled = fill(plan, { x, y }, { x: x + SEAT * (size - 1), y }, plain());
  const before = new Set(plan.seats.map((seat) => seat.id));
  return joinSofas(filled, new Set(filled.seats.filter((seat) => !before.has(seat.id)).map((seat) => seat.id)), size);
}

// Neighbors among the chosen become sofas of `size`, from the left; what is too few for one stays as it is.
export function joinSofas(plan, ids, size, category = firstSofa()) {
  const joined = new Map();
  for (const seats of rowsOf(plan).values()) {
    let run = [];
    for (const seat of seats) {
      if (!ids.has(seat.id) || (run.length && seat.x !== run.at(-1).x + SEAT)) run = [];
      if (ids.has(seat.id)) run.push(seat);
      if (run.length < size) continue;
      const unit = `u${newId()}`;
      for (const mate of run) joined.set(mate.id, unit);
      run = [];
    }
  }
  if (!joined.size) return plan;
  const broken = unitsOf(plan, new Set(joined.keys()));
  const seats = withoutBrokenSofas(plan.seats, broken);
  return settled(seats.map((seat) => (joined.has(seat.id) ? { ...seat, category, unit: joined.get(seat.id) } : seat)), plan.rows);
}

// ---- places ------------------------------------------------------------------------------------------------------------

// A whole row takes its name along; a part of one finds a row there or makes one.
export function move(plan, ids, dx, dy) {
  const rows = { ...plan.rows };
  const whole = [...rowsOf(plan)].filter(([, seats]) => seats.every((seat) => ids.has(seat.id))).map(([y]) => y);
  if (dy) for (const y of whole) delete rows[y];
  const moving = plan.seats.filter((seat) => ids.has(seat.id));
  for (const y of new Set(moving.map((seat) => seat.y))) {
    if (!dy || rows[y + dy]) continue;
    rows[y + dy] = whole.includes(y) ? plan.rows[y] : nameFor(rows, y + dy);
  }
  return settled(plan.seats.map((seat) => (ids.has(seat.id) ? { ...seat, x: seat.x + dx, y: seat.y + dy } : seat)), rows);
}

// Everything from x on in these rows goes aside by half seats; a negative number closes what is empty there.
export function aisle(plan, ys, x, by) {
  const shifts = new Map();
  for (const [y, seats] of rowsOf(plan)) {
    if (!ys.has(y)) continue;
    const [before, after] = [seats.filter((seat) => seat.x < x), seats.filter((seat) => seat.x >= x)];
    if (!after.length) continue;
    const room = after[0].x - (before.length ? before.at(-1).x + SEAT : 0);
    shifts.set(y, by > 0 ? by : -Math.min(-by, room));
  }
  return changed(plan, (seat) => seat.x >= x && shifts.get(seat.y) && { ...seat, x: seat.x + shifts.get(seat.y) });
}

// Everything from row y on goes back by one row, or forward where the row before is air.
export function rowOfAir(plan, y, by) {
  if (by < 0 && plan.rows[y - 1]) return plan;
  const rows = {};
  for (const [at, facts] of Object.entries(plan.rows)) rows[Number(at) >= y ? Number(at) + by : at] = facts;
  return settled(plan.seats.map((seat) => (seat.y >= y ? { ...seat, y: seat.y + by } : seat)), rows);
}

// ---- whole rows --------------------------------------------------------------------------------------------------------

// {rows, seats, first, scheme, numbering, start, aisles, category, before}: in the middle, behind the last row or before one.
export function addRows(plan, wish) {
  const places = [];
  let x = 0;
  for (let at = 1; at <= wish.seats; at++) {
    places.push(x);
    x += SEAT * (1 + wish.aisles.filter((after) => after === at && at < wish.seats).length);
  }
  const { left, right, bottom } = edges(plan);
  const width = places.at(-1) + SEAT;
  const begin = plan.seats.length ? left + Math.floor((right - left - width) / 2) : 0;
  const top = wish.before ?? bottom + 1;
  let next = plan;
  if (wish.before !== null) for (let at = 0; at < wish.rows; at++) next = rowOfAir(next, top, 1);
  const names = namesFrom(wish.first, wish.rows, wish.scheme);
  const [rows, added] = [{ ...next.rows }, []];
  for (let at = 0; at < wish.rows; at++) {
    rows[top + at] = { row: names[at], section: nameFor(next.rows, top).section };
    const seats = places.map((place) => ({ id: newId(), x: begin + place, y: top + at, number: 0, category: wish.category, unit: null }));
    const numbers = numbersFor(seats, wish.numbering, wish.start, begin + width / 2);
    added.push(...seats.map((seat, place) => ({ ...seat, number: numbers[place] })));
  }
  return { plan: settled(next.seats.concat(added), rows), ids: new Set(added.map((seat) => seat.id)) };
}

// Of whole rows, or of the seats with these ids alone.
export function renumber(plan, ys, scheme, start, ids = null) {
  const { left, right } = edges(plan);
  const numbers = new Map();
  for (const [y, row] of rowsOf(plan)) {
    const seats = row.filter((seat) => !ids || ids.has(seat.id));
    if (!ys.has(y) || !seats.length) continue;
    numbersFor(seats, scheme, start, (left + right) / 2).forEach((number, at) => numbers.set(seats[at].id, number));
  }
  return changed(plan, (seat) => numbers.has(seat.id) && { ...seat, number: numbers.get(seat.id) });
}

export function rename(plan, ys, first, scheme) {
  const ordered = [...ys].sort((a, b) => a - b);
  const names = namesFrom(first, ordered.length, scheme);
  const rows = { ...plan.rows };
  ordered.forEach((y, at) => { rows[y] = { ...rows[y], row: names[at] }; });
  return { seats: plan.seats, rows };
}

export function setSection(plan, ys, section) {
  const rows = { ...plan.rows };
  for (const y of ys) rows[y] = { ...rows[y], section };
  return { seats: plan.seats, rows };
}
