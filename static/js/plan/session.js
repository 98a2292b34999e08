// The state of the editor: the plan, the selection, the cursor, and the steps for undo and redo.
"use strict";

import { SEAT, TALLEST, WIDEST, fromRows, rowsOf, seatAt, seatsWithin, toRows } from "./model.js";
import { look } from "./rules.js";
import { sentence } from "../sentences.js";

const PATIENCE_MS = 20_000;

export class Session {
  constructor({ rows, revision, save }, { changed, say }) {
    Object.assign(this, { revision, url: save, changed, say });
    this.plan = fromRows(rows);
    this.saved = this.plan;
    this.past = [];
    this.future = [];
    this.chosen = new Set();
    this.cursor = { x: 0, y: 0 };
    this.anchor = null;
    this.told = look(this.plan);
    this.saving = Promise.resolve();
    this.unanswered = null;
  }

  get isSaved() {
    return this.plan === this.saved;
  }

  // ---- acts and steps back ----

  act(words, plan, chosen = this.chosen) {
    if (plan === this.plan) return this.say(sentence("nothingToChange"));
    this.past.push({ plan: this.plan, chosen: this.chosen, words });
    this.future = [];
    this.#show(plan, chosen);
    this.say(words);
  }

  undo() {
    const step = this.past.pop();
    if (!step) return this.say(sentence("nothingToUndo"));
    this.future.push({ plan: this.plan, chosen: this.chosen, words: step.words });
    this.#show(step.plan, step.chosen);
    this.say(sentence("undone", { act: step.words }));
  }

  redo() {
    const step = this.future.pop();
    if (!step) return this.say(sentence("nothingToDoAgain"));
    this.past.push({ plan: this.plan, chosen: this.chosen, words: step.words });
    this.#show(step.plan, step.chosen);
    this.say(sentence("doneAgain", { act: step.words }));
  }

  #show(plan, chosen) {
    this.plan = plan;
    const there = new Set(plan.seats.map((seat) => seat.id));
    this.chosen = new Set([...chosen].filter((id) => there.has(id)));
    this.told = look(plan);
    this.changed();
  }

  // ---- what is chosen ----

  choose(ids) {
    this.chosen = new Set(ids);
    this.changed();
  }

  toggle(id) {
    const chosen = new Set(this.chosen);
    if (!chosen.delete(id)) chosen.add(id);
    this.choose(chosen);
  }

  chooseRows(ys) {
    this.choose(this.plan.seats.filter((seat) => ys.has(seat.y)).map((seat) => seat.id));
  }

  // The rows of what is chosen, or the row of the cursor.
  get chosenRows() {
    const ys = new Set(this.plan.seats.filter((seat) => this.chosen.has(seat.id)).map((seat) => seat.y));
    return ys.size ? ys : new Set(this.plan.rows[this.cursor.y] ? [this.cursor.y] : []);
  }

  // What is chosen, or the seat under the cursor.
  get meant() {
    if (this.chosen.size) return this.chosen;
    const seat = this.under;
    return new Set(seat ? [seat.id] : []);
  }

  // ---- the cursor ----

  get under() {
    return seatAt(this.plan, this.cursor.x, this.cursor.y);
  }

  goTo(x, y) {
    this.cursor = { x: Math.min(WIDEST - SEAT, Math.max(0, x)), y: Math.min(TALLEST - 1, Math.max(0, y)) };
    this.anchor = null;
    this.changed();
  }

  step(dx, dy, extend) {
    const from = this.cursor;
    this.anchor = extend ? (this.anchor ?? from) : null;
    const next = { x: Math.min(WIDEST - SEAT, Math.max(0, from.x + dx * SEAT)), y: Math.min(TALLEST - 1, Math.max(0, from.y + dy)) };
    const seat = seatAt(this.plan, next.x, next.y);
    // The cursor stands on seats as they stand, also on those that are half a seat aside.
    if (seat && (dy || (seat.x - from.x) * dx > 0)) next.x = seat.x;
    this.cursor = next;
    if (extend) this.choose(seatsWithin(this.plan, this.anchor, next).map((one) => one.id));
    else this.changed();
  }

  toEdge(dx) {
    const seats = rowsOf(this.plan).get(this.cursor.y);
    if (seats) this.goTo((dx < 0 ? seats[0] : seats.at(-1)).x, this.cursor.y);
  }

  // ---- saving ----

  // One save at a time: a second one on its way would be told that somebody else had saved meanwhile.
  save(token, revision = null) {
    this.saving = this.saving.then(() => this.#saveAll(token, revision));
    return this.saving;
  }

  // The answer to the save before may have been lost. It is sent again as it was, and the server knows it again.
  async #saveAll(token, revision) {
    if (this.unanswered && revision === null) {
      const told = await this.#send(token, this.unanswered);
      if (!told.ok || this.isSaved) return told;
    }
    return this.#send(token, { drawn: this.plan, revision: revision ?? this.revision });
  }

  async #send(token, { drawn, revision }) {
    this.unanswered = { drawn, revision };
    const answer = await fetch(this.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ revision, rows: toRows(drawn) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).catch(() => null);
    const isOurs = answer?.headers.get("Content-Type")?.startsWith("application/json");
    const told = isOurs && (await answer.json().catch(() => null));
    if (!told) {
      const isSignedOut = answer?.redirected || [401, 403].includes(answer?.status);
      if (isSignedOut) this.unanswered = null;
      return { sentences: [sentence(isSignedOut ? "signedOut" : "notReached")] };
    }
    this.unanswered = null;
    if (answer.ok) {
      this.revision = told.revision;
      this.saved = drawn;
      this.changed();
    }
    return { ok: answer.ok, isConflict: answer.status === 409, ...told };
  }
}
