// The seat categories of the theater, in its order, as the page brings them: {code: name}. Their codes say how they are sold
// (theaters/seat_categories.py).
"use strict";

const names = JSON.parse(document.getElementById("plan-data").textContent).categories;

export const isSofa = (code) => code === "SOFA" || code.startsWith("S-");
export const isWheelchair = (code) => code === "WHEELCHAIR" || code.startsWith("W-");
export const isCompanion = (code) => code === "COMPANION" || code.startsWith("C-");

export const nameOf = (code) => names[code] ?? code;
export const firstSofa = () => Object.keys(names).find(isSofa) ?? "SOFA";

// What is left of a sofa that loses a seat.
export const plain = () => Object.keys(names).find((code) => !isSofa(code) && !isWheelchair(code) && !isCompanion(code)) ?? "STANDARD";
