// What is wrong or odd, told while one draws. The server looks at everything again (theaters/plans/plan_rules.py).
"use strict";

import { sentence } from "../sentences.js";
import { isCompanion, isSofa, isWheelchair } from "./categories.js";
import { SEAT, TALLEST, WIDEST, edges, rowsOf } from "./model.js";

const MANY = 1000;
const MOST = 3000;
const MOST_TOLD = 12;
const { hasAreas } = JSON.parse(document.getElementById("plan-data").textContent);

const written = (number) => number.toLocaleString(document.documentElement.lang);

function twice(values) {
  const seen = new Set();
  return new Set(values.filter((value) => seen.has(value) || !seen.add(value)));
}

// {problems, warnings, bad}: sentences, and the ids of the seats they are about.
export function look(plan) {
  const told = { problems: [], warnings: [], bad: new Set() };
  const rows = rowsOf(plan);
  const problem = (words, seats = []) => {
    told.problems.push(words);
    for (const seat of seats) told.bad.add(seat.id);
  };
  lookAtSize(plan, told, problem);
  lookAtNames(plan, rows, problem);
  const units = new Map();
  for (const [y, seats] of rows) {
    const name = plan.rows[y].row;
    lookAtRow(name, seats, problem);
    for (const seat of seats) {
      if (seat.unit) units.has(seat.unit) ? units.get(seat.unit).push(seat) : units.set(seat.unit, [seat]);
      else if (isSofa(seat.category)) problem(sentence("sofaForOne", { row: name, number: seat.number }), [seat]);
    }
    lookAtCompanions(name, seats, told);
  }
  for (const mates of units.values()) {
    const torn = mates.some((seat, at) => at && (seat.y !== mates[at - 1].y || seat.x !== mates[at - 1].x + SEAT));
    if (!torn && mates.length >= 2 && mates.length <= 3) continue;
    problem(sentence("sofaInPieces", { row: plan.rows[mates[0].y].row, number: mates[0].number }), mates);
  }
  told.problems.splice(MOST_TOLD);
  told.warnings.splice(MOST_TOLD);
  return told;
}

function lookAtSize(plan, told, problem) {
  const count = plan.seats.length;
  if (!count) return hasAreas ? undefined : problem(sentence("noSeats"));
  if (count > MOST) problem(sentence("tooManySeats", { most: written(MOST), count: written(count) }));
  else if (count > MANY) told.warnings.push(sentence("manySeats", { many: written(MANY) }));
  const { left, right, bottom } = edges(plan);
  if (right - left > WIDEST) problem(sentence("tooWide", { seats: Math.ceil((right - left) / 2), most: WIDEST / 2 }));
  if (bottom + 1 > TALLEST) problem(sentence("tooDeep", { rows: bottom + 1, most: TALLEST }));
}

function lookAtNames(plan, rows, problem) {
  const named = [...rows.keys()].map((y) => plan.rows[y]);
  const seatsOf = (wanted) => [...rows].filter(([y]) => wanted(plan.rows[y])).flatMap(([, seats]) => seats);
  const inSection = ({ row, section }) => (section ? sentence("rowInSection", { row, section }) : row);
  for (const name of twice(named.map(inSection))) {
    problem(sentence("rowTwice", { row: name }), seatsOf((row) => inSection(row) === name));
  }
  const different = [...new Map(named.map((row) => [inSection(row), row])).values()];
  for (const name of twice(different.map(({ row }) => row))) {
    const without = seatsOf(({ row, section }) => row === name && !section);
    if (without.length) problem(sentence("sectionWithoutName", { row: name }), without);
  }
  const begun = [];
  for (const y of rows.keys()) if (plan.rows[y].section !== (begun.at(-1) ?? "")) begun.push(plan.rows[y].section);
  if (begun.includes("")) problem(sentence("rowBehindSection"));
  for (const name of twice(begun.filter(Boolean))) problem(sentence("sectionInParts", { section: name }));
}

function lookAtRow(name, seats, problem) {
  for (const number of twice(seats.map((seat) => seat.number))) {
    problem(sentence("numberTwice", { row: name, number }), seats.filter((seat) => seat.number === number));
  }
  seats.forEach((seat, at) => {
    if (at && seat.x - seats[at - 1].x < SEAT) {
      problem(sentence("seatsOverlap", { row: name, one: seats[at - 1].number, other: seat.number }), [seats[at - 1], seat]);
    }
    if (seat.number < 1 || seat.number > 999) problem(sentence("numberTooLarge", { row: name }), [seat]);
  });
}

function lookAtCompanions(name, seats, told) {
  const spaces = seats.filter((seat) => isWheelchair(seat.category)).map((seat) => seat.x);
  for (const seat of seats) {
    if (isCompanion(seat.category) && !spaces.some((x) => Math.abs(x - seat.x) === SEAT)) {
      told.warnings.push(sentence("companionAlone", { row: name, number: seat.number }));
    }
  }
}
