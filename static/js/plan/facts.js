// The facts of seats: the form beside the room that sets them for what is chosen, and how they are told.
"use strict";

import { counted, sentence } from "../sentences.js";
import { MOST_STEPS, setFacts, setSteps } from "./model.js";

const YES_OR_NO = ["hearing_loop", "armrest_lifts", "beside_aisle"];
const SENTENCES = {
  hearing_loop: ["noHearingLoop", "hearingLoop"],
  armrest_lifts: ["armrestIsFixed", "armrestLifts"],
  beside_aisle: ["notBesideAisle", "besideAisle"],
};
const SIGNS = new Map([[true, "✓"], [false, "✕"]]);

export function factsInWords(seat) {
  const words = [];
  if ((seat.steps ?? null) !== null) words.push(seat.steps ? counted("stepsToSeat", seat.steps) : sentence("noStepsToSeat"));
  for (const name of YES_OR_NO) if ((seat[name] ?? null) !== null) words.push(sentence(SENTENCES[name][Number(seat[name])]));
  if (seat.note) words.push(seat.note);
  return words;
}

// What stands on a seat of the drawing: its number, or a fact.
export function signOf(seat, shown) {
  if (shown === "number") return seat.number;
  if (shown === "note") return seat.note ? "…" : "";
  return shown === "steps" ? (seat.steps ?? "?") : (SIGNS.get(seat[shown]) ?? "?");
}

export class FactsForm {
  constructor(form, { session, meant, room, canvas, redraw }) {
    Object.assign(this, { form, session, meant, room, redraw });
    this.shown = form.querySelector("[name=shown]");
    this.shown.addEventListener("change", () => this.show(this.shown.value));
    form.addEventListener("toggle", () => this.show(form.open ? this.shown.value : "number"));
    form.addEventListener("keydown", (event) => event.key === "Escape" && canvas.focus());
  }

  open() {
    this.form.open = true;
    this.#field("steps").select();
  }

  show(name) {
    if (this.form.open) this.shown.value = name;
    this.room.shown = name;
    this.redraw();
  }

  // `to` is 1, 0, or anything else for what nobody knows.
  set(name, to) {
    const value = to === 1 ? true : to === 0 ? false : null;
    this.#act(name, (ids) => setFacts(this.session.plan, ids, { [name]: value }));
  }

  setSteps() {
    const [first, more] = [this.#number("steps", 0, MOST_STEPS), this.#number("steps-more", -9, 9)];
    if (first === null || more === null) return this.session.say(sentence("stepsAreANumber", { most: MOST_STEPS }));
    return this.#act("steps", (ids) => setSteps(this.session.plan, ids, first, more));
  }

  setNote() {
    const note = this.#field("note").value.replace(/\s+/g, " ").trim();
    this.#act("note", (ids) => setFacts(this.session.plan, ids, { note }));
  }

  #act(name, change) {
    this.meant((ids) => {
      const fact = this.shown.querySelector(`[value="${name}"]`).textContent;
      this.session.act(counted("factSaid", ids.size, { fact }), change(ids));
      this.show(name);
    });
  }

  #field = (name) => this.form.querySelector(`[name="${name}"]`);

  #number(name, least, most) {
    const number = Number(this.#field(name).value || NaN);
    return Number.isInteger(number) && number >= least && number <= most ? number : null;
  }

  tell(plan) {
    const unknown = (name) => plan.seats.filter((seat) => (seat[name] ?? null) === null).length;
    for (const place of this.form.querySelectorAll("[data-known]")) {
      const name = place.dataset.known;
      const yes = plan.seats.filter((seat) => seat[name] === true).length;
      const total = plan.seats.length;
      const words = YES_OR_NO.includes(name)
        ? sentence("yesNoUnknown", { yes, no: total - yes - unknown(name), unknown: unknown(name) })
        : sentence("knownOf", { known: total - unknown(name), total });
      if (place.textContent !== words) place.textContent = words;
    }
  }
}
