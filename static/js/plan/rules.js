// What is wrong or odd, told while one draws. The server looks at everything again (theaters/plan_rules.py).
"use strict";

import { SEAT, TALLEST, WIDEST, edges, rowsOf } from "./model.js";

const MANY = 1000;
const MOST = 3000;
const MOST_TOLD = 12;

function twice(values) {
  const seen = new Set();
  return new Set(values.filter((value) => seen.has(value) || !seen.add(value)));
}

// {problems, warnings, bad}: sentences, and the ids of the seats they are about.
export function look(plan) {
  const told = { problems: [], warnings: [], bad: new Set() };
  const rows = rowsOf(plan);
  const problem = (sentence, seats = []) => {
    told.problems.push(sentence);
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
      else if (seat.category === "SOFA") problem(`Row ${name}, seat ${seat.number} is a sofa for one.`, [seat]);
    }
    lookAtCompanions(name, seats, told);
  }
  for (const mates of units.values()) {
    const torn = mates.some((seat, at) => at && (seat.y !== mates[at - 1].y || seat.x !== mates[at - 1].x + SEAT));
    if (torn || mates.length < 2 || mates.length > 3) problem(`The sofa of row ${plan.rows[mates[0].y].row}, seat ${mates[0].number} is not in one piece.`, mates);
  }
  told.problems.splice(MOST_TOLD);
  told.warnings.splice(MOST_TOLD);
  return told;
}

function lookAtSize(plan, told, problem) {
  const count = plan.seats.length;
  if (!count) return problem("There are no seats yet.");
  if (count > MOST) problem(`A plan holds at most ${MOST.toLocaleString("en")} seats; this one has ${count.toLocaleString("en")}.`);
  else if (count > MANY) told.warnings.push(`More than ${MANY.toLocaleString("en")} seats: the map becomes slow on old devices.`);
  const { left, right, bottom } = edges(plan);
  if (right - left > WIDEST) problem(`This plan is ${Math.ceil((right - left) / 2)} seats wide; ${WIDEST / 2} is the most a map can show.`);
  if (bottom + 1 > TALLEST) problem(`This plan is ${bottom + 1} rows deep; ${TALLEST} is the most a map can show.`);
}

function lookAtNames(plan, rows, problem) {
  const named = [...rows.keys()].map((y) => plan.rows[y]);
  const seatsOf = (wanted) => [...rows].filter(([y]) => wanted(plan.rows[y])).flatMap(([, seats]) => seats);
  const inSection = ({ row, section }) => `${row}${section ? ` in ${section}` : ""}`;
  for (const name of twice(named.map(inSection))) {
    problem(`There are two rows ${name}.`, seatsOf((row) => inSection(row) === name));
  }
  for (const name of twice([...new Set(named.map(inSection))].map((words) => words.split(" in ")[0]))) {
    const without = seatsOf(({ row, section }) => row === name && !section);
    if (without.length) problem(`Several sections have a row ${name}, and one of them has no name.`, without);
  }
  const begun = [];
  for (const y of rows.keys()) if (plan.rows[y].section !== (begun.at(-1) ?? "")) begun.push(plan.rows[y].section);
  if (begun.includes("")) problem("A row without a section stands behind one that has one.");
  for (const name of twice(begun.filter(Boolean))) problem(`The section ${name} is in two parts.`);
}

function lookAtRow(name, seats, problem) {
  for (const number of twice(seats.map((seat) => seat.number))) {
    problem(`Row ${name} has the number ${number} twice.`, seats.filter((seat) => seat.number === number));
  }
  seats.forEach((seat, at) => {
    if (at && seat.x - seats[at - 1].x < SEAT) {
      problem(`Row ${name}: seats ${seats[at - 1].number} and ${seat.number} stand on each other.`, [seats[at - 1], seat]);
    }
    if (seat.number < 1 || seat.number > 999) problem(`Row ${name}: seats are numbered from 1 to 999.`, [seat]);
  });
}

function lookAtCompanions(name, seats, told) {
  const spaces = seats.filter((seat) => seat.category === "WHEELCHAIR").map((seat) => seat.x);
  for (const seat of seats) {
    if (seat.category === "COMPANION" && !spaces.some((x) => Math.abs(x - seat.x) === SEAT)) {
      told.warnings.push(`Row ${name}, seat ${seat.number} is a companion seat without a wheelchair space beside it.`);
    }
  }
}
