// The editor of a seating plan: the toolbar and the forms beside the drawing. The operations on a plan are in
// plan/model.js.
"use strict";

import { Canvas, spoken } from "./plan/canvas.js";
import { nameOf } from "./plan/categories.js";
import { FactsForm, factsInWords } from "./plan/facts.js";
import { listenToKeys } from "./plan/keys.js";
import { SEAT, addRows, aisle, joinSofas, move, remove, rename, renumber, rowOfAir, setCategory, setSection } from "./plan/model.js";
import { freeName } from "./plan/names.js";
import { listenToPointer } from "./plan/pointer.js";
import { Session } from "./plan/session.js";
import { counted, sentence } from "./sentences.js";

const editor = document.getElementById("plan-editor");
const find = (selector) => editor.querySelector(selector);
const field = (name) => editor.querySelector(`[name="${name}"]`);
const value = (name) => field(name).value.trim();
const count = (name, least, most) => Math.min(most, Math.max(least, Math.round(Number(value(name))) || least));

const canvas = find(".plan-canvas");
const room = new Canvas(find(".plan-room"), canvas);
const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
const session = new Session(JSON.parse(document.getElementById("plan-data").textContent), { changed, say });

const facts = new FactsForm(find(".plan-facts-form"), { session, meant, room, canvas, redraw: changed });

// ---- what is told ------------------------------------------------------------------------------------------------------

const live = find(".plan-live");

function say(words) {
  live.textContent = live.textContent === words ? `${words}\u00a0` : words;
}

let waiting = false;

// Drawn once a frame, however many keys are pressed.
function changed() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    draw();
  });
}

function draw() {
  const { plan, chosen, cursor, told } = session;
  room.draw({ plan, chosen, cursor, bad: told.bad });
  tellCounts(plan, chosen);
  facts.tell(plan);
  tellList(find(".plan-problems"), told.problems);
  tellList(find(".plan-warnings"), told.warnings);
  const seat = session.under;
  const row = plan.rows[cursor.y];
  find(".plan-here").textContent = seat ? words(withFacts(plan, seat), chosen.has(seat.id)) : emptyPlace(row, cursor);
  find("[data-act=undo]").disabled = !session.past.length;
  find("[data-act=redo]").disabled = !session.future.length;
  find(".plan-state").textContent = sentence(session.isSaved ? "isSaved" : "notSavedYet");
}

const withFacts = (plan, seat) => [spoken(plan, seat), ...factsInWords(seat)].join(", ");
const words = (seat, isChosen) => (isChosen ? sentence("seatIsChosen", { seat }) : seat);

function emptyPlace(row, cursor) {
  const place = cursor.x / SEAT + 1;
  return row ? sentence("emptyPlaceInRow", { row: row.row, place }) : sentence("emptyPlaceInLine", { line: cursor.y + 1, place });
}

function tellCounts(plan, chosen) {
  const counts = {};
  for (const seat of plan.seats) counts[seat.category] = (counts[seat.category] ?? 0) + 1;
  for (const place of editor.querySelectorAll("[data-count]")) place.textContent = counts[place.dataset.count] ?? 0;
  find("[data-total]").textContent = plan.seats.length;
  find("[data-chosen]").textContent = chosen.size;
}

function tellList(list, sentences) {
  list.parentElement.hidden = !sentences.length;
  if (list.children.length === sentences.length && [...list.children].every((item, at) => item.textContent === sentences[at])) return;
  list.replaceChildren(...sentences.map((textContent) => Object.assign(document.createElement("li"), { textContent })));
}

// ---- what can be done --------------------------------------------------------------------------------------------------

function meant(act) {
  const ids = session.meant;
  return ids.size ? act(ids) : say(sentence("chooseSeatsFirst"));
}

function meantRows(act) {
  const ys = session.chosenRows;
  return ys.size ? act(ys) : say(sentence("chooseRowFirst"));
}

const label = (name) => field(name).selectedOptions[0].textContent;

const acts = {
  tool: () => find("[name=tool]:checked").value,
  category: () => value("category"),
  undo: () => session.undo(),
  redo: () => session.redo(),
  save: () => save(),
  zoom: (by) => room.zoom(by),
  fit: () => room.fit(session.plan),
  remove: () => meant((ids) => session.act(counted("takenAway", ids.size), remove(session.plan, ids))),
  categorize(category) {
    const told = { category: nameOf(category) };
    return meant((ids) => session.act(counted("categorized", ids.size, told), setCategory(session.plan, ids, category)));
  },
  join: (size, _, category) => meant((ids) => {
    const plan = joinSofas(session.plan, ids, size, category);
    if (plan === session.plan) return say(sentence("chooseForSofa", { size }));
    return session.act(sentence(size === 2 ? "sofasForTwo" : "sofasForThree"), plan);
  }),
  shift: (dx, dy) => meant((ids) => {
    session.act(counted("seatsMoved", ids.size), move(session.plan, ids, dx, dy));
    session.goTo(session.cursor.x + dx, session.cursor.y + dy);
  }),
  aisle: (by) => {
    const ys = session.chosenRows.size ? session.chosenRows : new Set(Object.keys(session.plan.rows).map(Number));
    session.act(sentence(by > 0 ? "aisleOpened" : "aisleClosed"), aisle(session.plan, ys, session.cursor.x, by));
  },
  air: (by) => session.act(sentence(by > 0 ? "airOpened" : "airClosed"), rowOfAir(session.plan, session.cursor.y, by)),
  renumber: () => meantRows((ys) => {
    const plan = renumber(session.plan, ys, value("numbering"), count("start", 1, 999), field("only-chosen").checked ? session.meant : null);
    session.act(counted("rowsNumbered", ys.size, { numbering: label("numbering") }), plan);
  }),
  fact: (name, to) => facts.set(name, to),
  openFacts: () => facts.open(),
  nameRows() {
    find(".plan-rows-form").open = true;
    field("row-name").focus();
    field("row-name").select();
  },
};

const forms = {
  "add-rows"() {
    const wish = {
      rows: count("add-count", 1, 60),
      seats: count("add-seats", 1, 63),
      first: value("add-first").toUpperCase(),
      scheme: value("add-names"),
      numbering: value("add-numbering"),
      start: count("add-start", 1, 900),
      aisles: value("add-aisles").split(/[\s,]+/).map(Number).filter(Boolean),
      category: value("add-category"),
      before: value("add-where") === "before" ? session.cursor.y : null,
    };
    if (!/^[A-Z0-9]{1,4}$/.test(wish.first)) return say(sentence("nameOfRow"));
    const { plan, ids } = addRows(session.plan, wish);
    session.act(sentence("rowsAdded", { rows: wish.rows, seats: wish.seats }), plan, ids);
    const first = session.plan.seats.find((seat) => ids.has(seat.id));
    session.goTo(first.x, first.y);
    session.choose(ids);
    room.fitIfWider(session.plan);
    proposeName();
  },
  "name-rows": () => meantRows((ys) => {
    const first = value("row-name").toUpperCase();
    if (!/^[A-Z0-9]{1,4}$/.test(first)) return say(sentence("nameOfRow"));
    session.act(sentence("rowsNamed", { first }), rename(session.plan, ys, first, value("row-names")));
    canvas.focus();
  }),
  "name-section": () => meantRows((ys) => {
    session.act(sentence("sectionNamed"), setSection(session.plan, ys, value("section").replace(/\s+/g, " ").slice(0, 40)));
    canvas.focus();
  }),
  "number-rows": () => acts.renumber(),
  "set-steps": () => facts.setSteps(),
  "set-note": () => facts.setNote(),
};

function proposeName() {
  const names = Object.keys(session.plan.rows).map(Number).sort((a, b) => a - b).map((y) => session.plan.rows[y].row);
  field("add-first").value = freeName(names, value("add-names"));
}

// ---- saving ------------------------------------------------------------------------------------------------------------

const refused = find(".plan-refused");

async function save(revision) {
  const told = await session.save(token, revision);
  refused.hidden = Boolean(told.ok);
  if (told.ok) {
    say(sentence("saved"));
    return true;
  }
  refused.querySelector("[data-words]").textContent = told.sentences.join(" ");
  const mine = refused.querySelector("[data-act=keep-mine]");
  mine.parentElement.hidden = !(told.isConflict && told.revision);
  mine.onclick = () => save(told.revision);
  refused.focus();
  return false;
}

// Links to pages that show the saved draft.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-saved]");
  if (!link || session.isSaved || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  if (await save()) location.assign(link.href);
});

addEventListener("beforeunload", (event) => {
  if (!session.isSaved) event.preventDefault();
});

// ---- listening ---------------------------------------------------------------------------------------------------------

editor.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button || !acts[button.dataset.act]) return;
  acts[button.dataset.act](button.dataset.of && (Number(button.dataset.of) || button.dataset.of), Number(button.dataset.to), button.dataset.category);
});

editor.addEventListener("submit", (event) => {
  event.preventDefault();
  forms[event.target.dataset.form]?.();
});

editor.addEventListener("change", (event) => {
  if (event.target.name === "add-names") proposeName();
  if (event.target.name === "tool") canvas.dataset.tool = event.target.value;
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const isTyping = event.target.matches("input, textarea, select");
  const key = event.key.toLowerCase();
  if (key === "s") save();
  else if (isTyping) return;
  else if (key === "z") acts[event.shiftKey ? "redo" : "undo"]();
  else if (key === "y") acts.redo();
  else return;
  event.preventDefault();
});

listenToKeys(canvas, session, acts);
listenToPointer(canvas, session, room, acts);
canvas.addEventListener("keyup", (event) => {
  if (!event.key.startsWith("Arrow")) return;
  room.reveal();
  say(find(".plan-here").textContent);
});

editor.hidden = false;
canvas.dataset.tool = acts.tool();
proposeName();
room.fit(session.plan);
draw();
