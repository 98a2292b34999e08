// By keyboard: everything the toolbar does, while the room has the focus. Letters are those of the plan's text.
"use strict";

import { sentence } from "../sentences.js";
import { SEAT, fill, putSofa } from "./model.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const CATEGORY = { o: "STANDARD", p: "PREMIUM", w: "WHEELCHAIR", c: "COMPANION" };

export function listenToKeys(canvas, session, acts) {
  canvas.addEventListener("keydown", (event) => {
    if (event.target !== canvas && !event.target.matches(".seat, .plan-row-name")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const isHandled = event.ctrlKey || event.metaKey || event.altKey ? withControl(event, key) : plain(event, key);
    if (isHandled) event.preventDefault();
  });

  function withControl(event, key) {
    if (ARROWS[key]) acts.shift(...ARROWS[key]);
    else if (key === "a" && !event.altKey) session.choose(session.plan.seats.map((seat) => seat.id));
    else return false;
    return true;
  }

  function plain(event, key) {
    if (ARROWS[key]) session.step(...ARROWS[key], event.shiftKey);
    else if (key === "Home" || key === "End") session.toEdge(key === "Home" ? -1 : 1);
    else if (key === " " || key === "Enter") toggle();
    else if (key === "Delete" || key === "Backspace") acts.remove();
    else if (key === "Escape") session.choose([]);
    else if (CATEGORY[key]) type(CATEGORY[key]);
    else if (key === "s" || key === "t") sofa(key === "s" ? 2 : 3);
    else if (key === "g") acts.aisle(event.shiftKey ? -SEAT : SEAT);
    else if (key === "r") acts.air(event.shiftKey ? -1 : 1);
    else if (key === "a") session.chooseRows(session.chosenRows);
    else if (key === "n") acts.renumber();
    else if (key === "l") acts.nameRows();
    else if (key === "i") acts.openFacts();
    else if (key === "+" || key === "=") acts.zoom(1);
    else if (key === "-") acts.zoom(-1);
    else return false;
    return true;
  }

  function toggle() {
    const seat = session.under;
    if (seat) session.toggle(seat.id);
    else type(acts.category());
  }

  // Of what is chosen; else a whole one is put under the cursor.
  function sofa(size) {
    if (session.chosen.size || session.under) return acts.join(size);
    session.act(sentence(size === 2 ? "sofaForTwoPut" : "sofaForThreePut"), putSofa(session.plan, session.cursor.x, session.cursor.y, size));
    for (let at = 0; at < size; at++) session.step(1, 0, false);
  }

  // On what is chosen; else under the cursor, which goes on: a row is typed as it is written in the text.
  function type(category) {
    if (session.chosen.size) return acts.categorize(category);
    const { x, y } = session.cursor;
    if (session.under) acts.categorize(category);
    else session.act(sentence("seatPut"), fill(session.plan, { x, y }, { x, y }, category));
    session.step(1, 0, false);
  }
}
