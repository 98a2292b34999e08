// The live seat map: shows the server's states, keeps the focus, and shows a clicked seat as taken before the answer.

import { FAILURES, noticeOf, reload } from "./page.js";
import { sentence } from "./sentences.js";

const stage = document.querySelector(".seat-stage");
// What a seat's spoken name ends with.
const WORDS = { free: "seatFree", held: "seatTaken", sold: "seatTaken", house: "seatOfTheHouse" };
const REFRESH_AFTER_MS = 5000;

const seatOf = (label) => document.querySelector(`[data-seat="${CSS.escape(label)}"]`);
const isUnavailable = (seat) => seat.getAttribute("aria-disabled") === "true";

// ---- clicks ---------------------------------------------------------------------------------------------------

// Quick clicks queue up. Each must send the seat it was made on, not the one clicked last.
document.addEventListener("htmx:configRequest", (event) => {
  const button = event.detail.triggeringEvent?.submitter;
  if (button?.getAttribute("aria-disabled") === "true") return void event.preventDefault();
  if (!["seat-map", "give-back", "areas"].includes(event.target.id) || !button?.name) return;
  event.detail.formData.delete("take");
  event.detail.formData.delete("release");
  event.detail.formData.delete("places");
  event.detail.formData.set(button.name, button.value);
});

// A browser gets its cookie with the answer to its first click. If that answer is lost, nobody would own its seats, so
// until the page shows seats as its own, each request proposes the value of the cookie. Later requests never do,
// because the browser may have been signed out.
let proposal = "";
let hasCookie = false;
function proposed() {
  hasCookie ||= order() !== undefined && order().state !== "empty";
  if (hasCookie) return {};
  proposal ||= btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16)))).replaceAll("+", "-").replaceAll("/", "_");
  return { "proposed-cookie": proposal.slice(0, 22) };
}
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb === "post") Object.assign(detail.headers, proposed());
});

// The second half of a double click means the first, also when the answer came between them.
let clickedLast = null;
stage?.addEventListener("click", (event) => {
  const seat = event.target.closest(".seat");
  const isSecondHalf = event.detail > 1 && seat?.value === clickedLast;
  if (seat && (isSecondHalf || isUnavailable(seat) || wentAlongJustNow(seat))) event.preventDefault();
  clickedLast = seat?.value;
});

// A sofa is taken whole. Somebody who presses one place and then the other wants both, and has not yet seen that the
// second was taken with the first.
const SEEN_AFTER_MS = 1000;
const mine = () => [...document.querySelectorAll('.seat[data-state="mine"]')].map((seat) => seat.value);
let mineBefore = mine();
let wentAlong = [];
let wentAt = 0;
const wentAlongJustNow = (seat) => wentAlong.includes(seat.value) && performance.now() < wentAt + SEEN_AFTER_MS;

function findWhatWentAlong(pressed) {
  const now = mine();
  const changed = [...now.filter((label) => !mineBefore.includes(label)), ...mineBefore.filter((label) => !now.includes(label))];
  if (changed.includes(pressed)) [wentAlong, wentAt] = [changed.filter((label) => label !== pressed), performance.now()];
  mineBefore = now;
}
document.addEventListener("htmx:afterSettle", ({ detail: { target, requestConfig } }) => {
  if (target?.id === "order-panel") findWhatWentAlong(requestConfig?.triggeringEvent?.submitter?.value);
});
document.addEventListener("marquee:refreshed", () => (mineBefore = mine()));

document.addEventListener("submit", (event) => {
  if (event.target.id === "seat-map" && event.submitter?.value) {
    seatOf(event.submitter.value)?.setAttribute("data-pending", event.submitter.name);
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  const label = event.detail.requestConfig?.triggeringEvent?.submitter?.value;
  if (label) seatOf(label)?.removeAttribute("data-pending");
});

// ---- announcing changes -----------------------------------------------------------------------------------------

// A refusal that changed nothing has its own sentence, so the panel's seats are not announced again.
let saidOfPanel = document.getElementById("order-panel")?.dataset.spoken;
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "order-panel") return;
  const panel = document.getElementById("order-panel");
  const words = panel?.dataset.spoken;
  if (words && words !== saidOfPanel) document.getElementById("announcer").textContent = words;
  saidOfPanel = words;
  // The pressed button is gone: the focus goes to its seat, or else to the panel.
  const label = event.detail.requestConfig?.triggeringEvent?.submitter?.value;
  if (label === undefined || document.activeElement !== document.body) return;
  const seat = seatOf(label);
  (seat && !isUnavailable(seat) ? seat : panel)?.focus({ preventScroll: true });
});

// ---- refreshing -------------------------------------------------------------------------------------------------

// The number of clicks on their way, and of all clicks. Meanwhile the panel must not be replaced, because the answer
// goes into it.
let underWay = 0;
let clicks = 0;
let refreshWanted = false;
document.addEventListener("htmx:beforeRequest", () => {
  // The answers of two requests may arrive in another order than they were done.
  refreshWanted ||= underWay > 0;
  underWay += 1;
  clicks += 1;
});
document.addEventListener("htmx:afterRequest", () => {
  underWay -= 1;
  if (underWay || !refreshWanted) return;
  refreshWanted = false;
  refresh();
});

// Updates map and panel from the server's present page; the focus stays. Returns false without an answer of the server,
// undefined when a click has to be answered first.
async function draw() {
  // A page that is fetched while a click is on its way may be from before or after it.
  if (underWay) return void (refreshWanted = true);
  const before = clicks;
  // A refusal that ends the sale may have replaced the map.
  const url = order()?.url;
  if (!url) return undefined;
  const headers = { Accept: "text/html", ...(proposal && proposed()) };
  const html = await fetch(url, { headers, signal: AbortSignal.timeout(20_000) })
    .then((answer) => answer.status !== 429 && answer.status < 500 && answer.text())
    .catch(() => null);
  const page = new DOMParser().parseFromString(html || "", "text/html");
  if (!page.getElementById("content")) return false;
  if (underWay) return void (refreshWanted = true);
  // Fetched before a click was answered, so it would undo what that click changed on the page.
  if (before !== clicks) return draw();
  const panel = page.getElementById("order-panel");
  if (!panel) return void location.reload();
  putAreas(page.getElementById("areas"));
  for (const fresh of page.querySelectorAll(".seat")) become(seatOf(fresh.value), fresh);
  put(panel);
  document.dispatchEvent(new CustomEvent("marquee:refreshed", { detail: { page } }));
  return true;
}

// Asks until the server answers. Only then is the notice removed that the map may be old.
const WAIT_MS = 500;
let askAgain = null;
let isAsking = false;
let isWantedAgain = false;
async function refresh(waitMs = WAIT_MS) {
  // One request at a time: an older answer that arrives later would undo a newer one.
  if (isAsking) return void (isWantedAgain = true);
  clearTimeout(askAgain);
  isAsking = true;
  const isKnown = await draw().finally(() => (isAsking = false));
  const [isLost, isAgain] = [isKnown === false, isWantedAgain];
  isWantedAgain = false;
  const next = isLost ? Math.min(waitMs * 2, 30_000) : WAIT_MS;
  if (isLost || isAgain) askAgain = setTimeout(refresh, waitMs * (1 + Math.random()), next);
  if (!isKnown) return;
  if (isHeard) trust();
  if (isAgain) return;
  if (heldBefore !== null && heldBefore !== held()) {
    document.getElementById("notice")?.replaceChildren();
    document.getElementById("announcer").textContent = order()?.spoken ?? "";
  }
  heldBefore = null;
}

// Several live changes cause one request.
let soon = null;
function lookSoon() {
  soon ??= setTimeout(() => {
    soon = null;
    refresh();
  }, WAIT_MS * (1 + Math.random()));
}

// After a lost answer the click may be done, also late. For a while each live change is looked up, because the seats
// may belong to this browser.
const UNSURE_MS = 30_000;
let unsureUntil = 0;
let heldBefore = null;
const order = () => document.getElementById("order-panel")?.dataset;
const held = () => `${mine()} ${order()?.spoken} ${order()?.expiresAt}`;

for (const failure of FAILURES) {
  document.addEventListener(failure, ({ detail: { requestConfig } }) => {
    if (requestConfig?.verb !== "post") return;
    unsureUntil = performance.now() + UNSURE_MS;
    heldBefore ??= held();
    refresh();
  });
}

// A panel in which somebody types stays as it is while it says the same.
function put(panel) {
  const old = document.getElementById("order-panel");
  if (old.dataset.keep && old.dataset.keep === panel.dataset.keep) return;
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(panel);
  htmx.process(panel);
  if (hadFocus) panel.focus({ preventScroll: true });
}

// The numbers of areas, unless they have the focus: they come with the next answer then.
function putAreas(fresh) {
  const areas = document.getElementById("areas");
  if (!areas || !fresh || areas.contains(document.activeElement)) return;
  areas.replaceWith(fresh);
  htmx.process(fresh);
}

// Live changes of places have labels that no page shows, so the numbers of free places are asked for.
let areasWanted = null;
function wantAreas() {
  if (!document.getElementById("areas")) return;
  areasWanted ??= setTimeout(() => {
    areasWanted = null;
    refresh();
  }, Math.random() * REFRESH_AFTER_MS);
}

function become(seat, fresh) {
  if (!seat || seat.dataset.pending) return;
  seat.name = fresh.name;
  seat.dataset.state = fresh.dataset.state;
  seat.setAttribute("aria-label", fresh.getAttribute("aria-label"));
  enable(seat, !isUnavailable(fresh));
}

// A seat that cannot be taken keeps its button and the keyboard; it is said once and cannot be pressed.
function enable(seat, isEnabled) {
  if (isEnabled) return void seat.removeAttribute("aria-disabled");
  if (isUnavailable(seat)) return;
  seat.setAttribute("aria-disabled", "true");
  if (seat !== document.activeElement) return;
  document.getElementById("announcer").textContent = sentence("seatGone", { seat: seat.getAttribute("aria-label") });
}

for (const wish of ["marquee:time-is-up", "marquee:refresh-wanted"]) document.addEventListener(wish, () => refresh());

// ---- other people's seats --------------------------------------------------------------------------------------

// While no messages arrive from the server the map says that it may be old.
const STALE_AFTER_MS = 10_000;
const ASK_EVERY_MS = 30_000;
let staleTimer = null;

function doubt() {
  staleTimer ??= setTimeout(askWithoutMessages, STALE_AFTER_MS);
}

function askWithoutMessages() {
  staleTimer = setTimeout(askWithoutMessages, ASK_EVERY_MS);
  showStale();
  refresh();
}

function trust() {
  clearTimeout(staleTimer);
  staleTimer = null;
  document.getElementById("map-stale")?.remove();
}

function showStale() {
  if (!stage || document.getElementById("map-stale")) return;
  const line = noticeOf(sentence("mapIsOld"));
  line.id = "map-stale";
  line.setAttribute("role", "status");
  stage.prepend(line);
}

window.addEventListener("offline", showStale);
window.addEventListener("online", () => refresh());

// Between "hello" and the next fault.
let isHeard = false;
let events = null;
let hasListened = false;
let retryAfter = REFRESH_AFTER_MS;

// The server's clock, said by a panel that counts down. Unknown to a page that never held a seat.
let clockOf = null;
let serverAheadMs = null;

function readServerClock() {
  const panel = document.getElementById("order-panel");
  if (!panel?.dataset.serverNow || panel === clockOf) return;
  clockOf = panel;
  serverAheadMs = Date.parse(panel.dataset.serverNow) - Date.now();
}

// Messages arrive late at a page that slept. A hold that is over by then is ignored, because it may have been this
// page's own.
const isOver = (untilMs) => serverAheadMs !== null && Number(untilMs) <= Date.now() + serverAheadMs;

document.addEventListener("htmx:afterSettle", readServerClock);
document.addEventListener("marquee:refreshed", readServerClock);
readServerClock();

// What is told of a seat is its state; of a held one also until when: "held:1790000000000".
function show(label, told) {
  const [state, untilMs] = told.split(":");
  if (untilMs && isOver(untilMs)) return;
  const seat = seatOf(label);
  if (!seat) return void wantAreas();
  if (seat.dataset.state === "mine" || seat.dataset.pending || !(state in WORDS)) return;
  seat.dataset.state = state;
  seat.setAttribute("aria-label", seat.getAttribute("aria-label").replace(/[^,]*$/, ` ${sentence(WORDS[state])}`));
  enable(seat, state === "free");
  if (state === "free") document.getElementById("all-taken")?.replaceChildren();
}

function listen() {
  const url = stage?.dataset.eventsUrl;
  if (!url || events) return;
  doubt();
  if (!window.EventSource) return;
  // It may stand there as seen from the map's own address: a refusal is shown at another one.
  events = new EventSource(new URL(url, new URL(document.getElementById("order-panel").dataset.url, location)));
  events.addEventListener("message", (message) => {
    const told = JSON.parse(message.data);
    // The showtime has other seats now. Not everybody loads the page at once.
    if ("*" in told) return void setTimeout(reload, Math.random() * REFRESH_AFTER_MS);
    if (performance.now() < unsureUntil) return lookSoon();
    for (const [label, state] of Object.entries(told)) show(label, state);
    document.dispatchEvent(new CustomEvent("marquee:seats-told", { detail: told }));
  });
  // The server lost touch with the others for a while; not everybody asks it at once.
  events.addEventListener("refresh", () => setTimeout(refresh, Math.random() * REFRESH_AFTER_MS));
  // Messages are not replayed: after a gap, also one before the first connection, the page loads the whole map.
  events.addEventListener("hello", () => {
    isHeard = true;
    if (hasListened || performance.now() > REFRESH_AFTER_MS) refresh();
    else trust();
    hasListened = true;
    retryAfter = REFRESH_AFTER_MS;
  });
  events.addEventListener("error", () => {
    isHeard = false;
    doubt();
    if (events?.readyState !== EventSource.CLOSED) return;
    stopListening();
    setTimeout(listen, retryAfter * (1 + Math.random()));
    retryAfter = Math.min(retryAfter * 2, 60_000);
  });
}

function stopListening() {
  events?.close();
  events = null;
  isHeard = false;
}

// ---- my other tabs ---------------------------------------------------------------------------------------------

// Live changes do not say whose a seat is, so other tabs of this browser ask the server.
let tabs = null;

function joinTabs() {
  if (!window.BroadcastChannel) return;
  tabs ??= new BroadcastChannel("seats");
  tabs.onmessage = ({ data }) => {
    if (data === location.pathname) refresh();
  };
}

document.addEventListener("htmx:afterSettle", (event) => {
  const { target, requestConfig } = event.detail;
  if (target?.id === "order-panel" && requestConfig?.verb === "post") tabs?.postMessage(location.pathname);
});

let hiddenAt = 0;
document.addEventListener("visibilitychange", () => {
  if (document.hidden) hiddenAt = Date.now();
  else if (Date.now() - hiddenAt > REFRESH_AFTER_MS) refresh();
});
window.addEventListener("pagehide", () => {
  stopListening();
  tabs?.close();
  tabs = null;
  clearTimeout(staleTimer);
  staleTimer = null;
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) refresh();
  listen();
  joinTabs();
});

// ---- what a seat is, told beside it ----------------------------------------------------------------------------

// The script of the tip is loaded when somebody first points at the map; a finger may still be down when it arrives.
// Without it seats can be taken all the same.
const told = () => import("./seat-tip.js").catch(() => ({ press: () => {} }));
for (const name of ["pointerover", "focusin"]) stage?.addEventListener(name, told, { once: true });
stage?.addEventListener("pointerdown", pressFirst, { once: true });

async function pressFirst(event) {
  let isDown = true;
  for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, () => (isDown = false), { once: true });
  const { press } = await told();
  if (isDown) press(event);
}
