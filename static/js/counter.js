// The counter by keyboard. Every key does what a click could do as well; the server decides.

import { sentence } from "./sentences.js";

const find = document.getElementById("find");
const typesText = (target) => target.matches?.("input:not([type=checkbox], [type=radio]), textarea");
const isPlain = (event) => !(event.altKey || event.ctrlKey || event.metaKey || event.isComposing || event.defaultPrevented);
const byId = (id) => document.getElementById(id);

// ---- what is on: type, choose, Enter -----------------------------------------------------------------------------

const shows = [...document.querySelectorAll(".shows > li")];
const shown = () => shows.filter((show) => !show.hidden);
// Showtimes that are over or canceled are plain text.
const canBeOpened = (show) => show.querySelector("a") !== null;

function narrow() {
  const parts = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const show of shows) {
    const words = show.dataset.search.split(/\s+/);
    show.hidden = !parts.every((part) => words.some((word) => word.startsWith(part)));
  }
  const left = shown();
  const open = left.find((show) => show.dataset.state === "open" && !("started" in show.dataset));
  const next = parts.length ? (open ?? left.find(canBeOpened)) : shows.find((show) => show.dataset.wasNext);
  for (const show of shows) show.toggleAttribute("data-next", show === next);
  const past = byId("past");
  if (past) past.open = left.length > 0 && left.every((show) => past.contains(show));
  document.querySelector(".counter-none").hidden = left.length > 0;
  const booking = document.querySelector("[data-find-booking]");
  if (booking) booking.search = new URLSearchParams({ q: find.value.trim() });
  byId("announcer").textContent = parts.length ? sentence("found", { n: left.length }) : "";
}

function step(by) {
  const left = shown().filter(canBeOpened).filter((show) => byId("past")?.open || !show.closest("#past"));
  const at = left.findIndex((show) => show.contains(document.activeElement));
  const from = at < 0 ? left.findIndex((show) => "next" in show.dataset) - (by > 0 ? 1 : 0) : at;
  const to = left[Math.max(0, Math.min(left.length - 1, from + by))];
  to?.querySelector("a").focus();
}

if (find) {
  for (const show of shows) if ("next" in show.dataset) show.dataset.wasNext = "yes";
  find.addEventListener("input", narrow);
  find.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const booking = find.value.trim() ? document.querySelector("[data-find-booking]") : null;
    (document.querySelector(".shows > li[data-next] a") ?? booking)?.click();
  });
  document.addEventListener("keydown", (event) => {
    if (!isPlain(event)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      find.value = "";
      narrow();
      find.focus();
    } else if (/^[\p{L}\p{N}:]$/u.test(event.key) && event.target !== find) {
      find.focus();
    }
  });
  const begin = () => {
    find.value = "";
    narrow();
    find.focus();
  };
  // Text that was typed while the page was loading stays.
  if (find.value === find.defaultValue) begin();
  else narrow();
  // Back from a sale: the browser kept what was typed for the last customer.
  addEventListener("pageshow", (event) => event.persisted && begin());
}

// ---- keys that follow a link or press a button --------------------------------------------------------------------

document.addEventListener("keydown", (event) => {
  if (!isPlain(event) || (typesText(event.target) && event.target !== find)) return;
  if (event.key === "Escape" && byId("sale")) return;
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.length === 1 ? event.key.toLowerCase() : event.key)}"]`);
  if (!wanted) return;
  event.preventDefault();
  wanted.click();
});

// ---- the desk -----------------------------------------------------------------------------------------------------

function openWay(id, field) {
  const way = byId(id);
  if (!way || way.hidden) return false;
  way.open = true;
  way.querySelector(field)?.focus();
  return Boolean(way.querySelector(field));
}

function focusOn(selector) {
  const found = document.querySelector(selector);
  found?.focus();
  found?.select?.();
  return Boolean(found);
}

// Where the arrows begin: at a seat of this sale, else at the free one nearest to the middle of the room.
function firstSeat() {
  const mine = document.querySelector('.seat[data-state="mine"]');
  if (mine) return mine;
  const room = byId("seat-map").getBoundingClientRect();
  const far = (seat) => {
    const { x, y } = seat.getBoundingClientRect();
    return Math.hypot(x - room.x - room.width / 2, y - room.y - room.height * 0.6);
  };
  return [...document.querySelectorAll('.seat:not([aria-disabled="true"])')].sort((one, other) => far(one) - far(other))[0];
}

// A single key never takes seats away from a sale: that needs Shift, or a press of a button.
const saleStands = () => Boolean(byId("sale"));
let isOnItsWay = false;
document.addEventListener("htmx:beforeRequest", () => (isOnItsWay = true));
document.addEventListener("htmx:afterRequest", () => (isOnItsWay = false));

// Open, the list of needs lies over the room.
document.addEventListener("htmx:afterRequest", ({ detail: { elt } }) => {
  if (elt.matches(".best")) for (const open of document.querySelectorAll(".best-options[open]")) open.open = false;
});

// Where no seat has a number, the field with the number of places in the first area.
const PLACES = '#areas input[name="number"]';

function best(count) {
  if (isOnItsWay) return;
  document.activeElement?.blur?.();
  if (byId("best")) return void document.querySelector(`#best [value="${count}"]`)?.click();
  const field = document.querySelector(PLACES);
  // The page of a refusal may have replaced all of it.
  if (!field) return;
  field.value = count;
  field.form.requestSubmit();
}

function keepSale() {
  byId("announcer").textContent = sentence("saleStands");
}

// The number of the key, whatever Shift makes of it on this keyboard; undefined for other keys.
const digit = (event) => (event.shiftKey ? /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1] : /^\d$/.exec(event.key)?.[0]);

function numberPressed(event, number) {
  if (saleStands() && !event.shiftKey) keepSale();
  else if (number === "0") byId("release-all")?.requestSubmit();
  else best(number);
}

const KEYS = {
  c: () => focusOn("#tendered") || focusOn(".desk-panel .order-foot button"),
  t: () => openWay("way-terminal", "button"),
  k: () => focusOn("#sale select"),
  n: () => focusOn("#group-count") || focusOn(PLACES),
  e: () => openWay("way-more", "#email"),
  g: () => openWay("way-gift", "#comp_reason"),
  o: () => openWay("override", "input[type=checkbox]") || focusOn("#override summary"),
};

function toSeats() {
  firstSeat()?.focus();
  return true;
}

function pressed(event) {
  const { key, target } = event;
  // Letters in a list choose what begins with them.
  if (target.matches?.("select") && !["Enter", "Escape"].includes(key)) return false;
  const number = digit(event);
  if (number !== undefined) {
    numberPressed(event, number);
    return true;
  }
  // On a seat of this sale Enter means money; Space gives the seat back.
  if (key === "Enter" && target.matches?.('.seat[data-state="mine"]')) return KEYS.c();
  if (key === "Enter") return !target.closest?.("button, a, summary") && KEYS.c();
  if (key.startsWith("Arrow")) return !target.closest?.(".seat") && toSeats();
  if (key === "Escape") return leave(target);
  return KEYS[key.toLowerCase()]?.();
}

// Escape leads from a field to the sale, from there to the button that gives the seats back, or without a sale to the
// showtimes.
function leave(target) {
  if (target.closest?.(".desk-side") && target.id !== "order-panel") {
    byId("order-panel").focus({ preventScroll: true });
    return true;
  }
  // Giving back is a second press, of Enter on the button.
  if (!focusOn("#leave button")) document.querySelector("[data-key=Escape]")?.click();
  return true;
}

// Enter in a field means the payment method that it belongs to, not the first button of the form.
const ENTER = { tendered: "[value=cash]", comp_reason: "[value=comp]" };

function enterIn(field) {
  if (field.id in ENTER) byId("sale").querySelector(ENTER[field.id]).click();
  else if (field.id === "email") focusOn("#tendered");
  else field.blur();
}

if (byId("best") || document.querySelector(PLACES)) {
  document.addEventListener("keydown", (event) => {
    if (!isPlain(event)) return;
    if (typesText(event.target)) {
      if (event.key === "Enter" && event.target.form?.id === "sale") {
        event.preventDefault();
        enterIn(event.target);
      } else if (event.key === "Escape" && leave(event.target)) {
        event.preventDefault();
      }
    } else if (pressed(event)) {
      event.preventDefault();
    }
  });
}

// ---- change, told while it is typed. The server works it out again. ------------------------------------------------

function tellChange() {
  const field = byId("tendered");
  const hint = document.querySelector("[data-change-hint]");
  if (!field || !hint) return;
  const text = field.value.trim().replace(",", ".");
  const { total, places, zero } = field.dataset;
  const minor = (amount) => Math.round(Number(amount) * 10 ** Number(places));
  hint.removeAttribute("data-state");
  if (!text) return void (hint.textContent = sentence("cashEnough"));
  const left = minor(text) - minor(total);
  if (Number.isNaN(left)) return void (hint.textContent = "");
  // Amounts are written in the format of the page's zero: £0.00, 0,00 €.
  const [number, point = "."] = /\d+(?:([.,])\d+)?/.exec(zero);
  const digits = (Math.abs(left) / 10 ** Number(places)).toFixed(Number(places)).replace(".", point);
  const amount = zero.replace(number, digits);
  hint.dataset.state = left < 0 ? "short" : "change";
  hint.textContent = left < 0 ? sentence("cashMissing", { amount }) : sentence("cashChange", { amount });
}

document.addEventListener("input", (event) => event.target.id === "tendered" && tellChange());
document.addEventListener("htmx:afterSettle", tellChange);
tellChange();

// While there is no network, a sentence beside the buttons says that nothing was sold.
addEventListener("online", () => {
  const says = document.querySelector("[data-no-network]");
  if (says) says.hidden = true;
});
