// By mouse, pen and finger: choose, draw, erase; what is chosen is dragged. With the hand, the room itself moves.
"use strict";

import { sentence } from "../sentences.js";
import { SEAT, fill, move, remove, seatsWithin } from "./model.js";

const FAR_ENOUGH = 5;

export function listenToPointer(canvas, session, room, acts) {
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || acts.tool() === "pan") return;
    const name = event.target.closest(".plan-row-name");
    if (name) return session.chooseRows(new Set([Number(name.dataset.y), ...(event.shiftKey ? session.chosenRows : [])]));
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    follow(event, { choose, draw, erase }[acts.tool()](event, room.at(event)));
  });

  // Each tool answers with what a drag shows and what its end does.
  function follow(begin, { drag, drop }) {
    let far = false;
    const onMove = (event) => {
      far ||= Math.hypot(event.clientX - begin.clientX, event.clientY - begin.clientY) > FAR_ENOUGH;
      if (far) drag(room.at(event));
    };
    const stop = (event) => {
      canvas.removeEventListener("pointermove", onMove);
      canvas.removeEventListener("pointerup", stop);
      canvas.removeEventListener("pointercancel", stop);
      room.showMarquee(null);
      if (event.type === "pointerup") drop(room.at(event), far);
    };
    canvas.addEventListener("pointermove", onMove);
    canvas.addEventListener("pointerup", stop);
    canvas.addEventListener("pointercancel", stop);
  }

  function choose(event, from) {
    const adds = event.shiftKey || event.ctrlKey || event.metaKey || event.pointerType === "touch";
    if (from.seat && session.chosen.has(from.seat) && !event.shiftKey) return carry(from, adds);
    return {
      drag: (to) => room.showMarquee(from, to),
      drop: (to, far) => {
        session.goTo(to.x, to.y);
        const found = far ? seatsWithin(session.plan, from, to).map((seat) => seat.id) : from.seat ? [from.seat] : [];
        session.choose(adds && found.length ? [...session.chosen, ...found] : found);
      },
    };
  }

  // By half seats and whole rows; without a way it is a press, which gives the seat up or chooses it alone.
  function carry(from, adds) {
    const way = (to) => ({ x: to.exact - from.exact, y: to.y - from.y });
    return {
      drag: (to) => room.showMarquee({ x: from.x + way(to).x, y: to.y }, { x: from.x + way(to).x, y: to.y }),
      drop: (to, far) => {
        if (!far) return adds ? session.toggle(from.seat) : session.choose([from.seat]);
        session.act(sentence("chosenMoved"), move(session.plan, session.chosen, way(to).x, way(to).y));
      },
    };
  }

  function draw(event, from) {
    return {
      drag: (to) => room.showMarquee(from, to),
      drop: (to) => {
        session.goTo(to.x, to.y);
        if (from.seat && to.x === from.x && to.y === from.y) {
          session.choose([from.seat]);
          return acts.categorize(acts.category());
        }
        session.act(sentence("seatsDrawn"), fill(session.plan, from, to, acts.category()), []);
      },
    };
  }

  function erase(event, from) {
    return {
      drag: (to) => room.showMarquee(from, to),
      drop: (to, far) => {
        const found = far ? seatsWithin(session.plan, from, to).map((seat) => seat.id) : from.seat ? [from.seat] : [];
        if (found.length) session.act(sentence("seatsErased"), remove(session.plan, new Set(found)), []);
      },
    };
  }
}
