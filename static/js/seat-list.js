// The list beside the map: rows stay open while it is drawn anew, seats that go to somebody else are marked and said,
// and the focus stays where the person chose.

import { sentence } from "./sentences.js";

const list = () => document.getElementById("seat-list");
const news = document.getElementById("list-news");
const isUnavailable = (button) => button.getAttribute("aria-disabled") === "true";

// ---- drawn anew ------------------------------------------------------------------------------------------------

function keepOpen(fresh) {
  for (const row of fresh.querySelectorAll("details[id]")) {
    const shown = document.getElementById(row.id);
    if (shown) row.open = shown.open;
  }
}

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.detail.target.id !== "seat-list") return;
  keepOpen(event.detail.fragment);
  news.hidden = true;
});

// The same page as the server draws it now. The focus goes to the same seats, else to their row.
document.addEventListener("marquee:refreshed", (event) => {
  const fresh = event.detail.page.getElementById("seat-list");
  if (!fresh) return;
  const held = document.activeElement.closest?.("#seat-list button, #seat-list summary, #list-news a");
  const label = held?.getAttribute("aria-label");
  const row = held?.closest("details")?.id;
  keepOpen(fresh);
  list().replaceWith(fresh);
  htmx.process(fresh);
  news.hidden = true;
  if (!held) return;
  const same = [...fresh.querySelectorAll("button")].find((button) => button.getAttribute("aria-label") === label);
  focusOn(label && same ? same : summaryOf(row));
});

const summaryOf = (row) => (row && document.getElementById(row)?.querySelector("summary")) || list().querySelector("summary");
const focusOn = (element) => element?.focus({ preventScroll: false });

// ---- a seat that was gone --------------------------------------------------------------------------------------

let pressedRow = null;
document.addEventListener("submit", (event) => (pressedRow = event.target.closest?.("#seat-list details")?.id ?? null));

// After a refusal the focus goes to the row, which shows the remaining seats.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "order-panel" || event.detail.xhr?.status !== 409 || !pressedRow) return;
  if (document.activeElement === document.body) focusOn(summaryOf(pressedRow));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("#seat-list button");
  if (button && (event.detail > 1 || isUnavailable(button))) event.preventDefault();
});

// ---- other people's seats --------------------------------------------------------------------------------------

document.addEventListener("marquee:seats-told", (event) => {
  for (const [label, told] of Object.entries(event.detail)) {
    if (told.split(":")[0] === "free") news.hidden = false;
    else markTaken(label);
  }
});

function markTaken(label) {
  for (const field of list().querySelectorAll(`[name=take][value="${CSS.escape(label)}"]`)) {
    const button = field.form.querySelector("button");
    if (isUnavailable(button) || field.form.matches(".htmx-request")) continue;
    const spoken = button.getAttribute("aria-label");
    button.setAttribute("aria-disabled", "true");
    button.setAttribute("aria-label", `${spoken}, ${sentence("seatTaken")}`);
    if (button === document.activeElement) {
      document.getElementById("announcer").textContent = sentence("seatGone", { seat: spoken });
    }
  }
}

news.querySelector("[data-refresh]").addEventListener("click", (event) => {
  event.preventDefault();
  document.dispatchEvent(new CustomEvent("marquee:refresh-wanted"));
});
