// After a refusal the focus is in its field, with the typed value selected. The server marks the field with
// aria-invalid, or a sentence that speaks of no field with data-refused. The sentence that a page brings along from the
// page before, and that nobody asked for, gets the focus too: else it is read last or not at all.

const FIELDS = '[aria-invalid="true"], [data-refused]';
const SENTENCES = '.errornote, .errorlist.nonfield, .messagelist .error, #content .notice[role="alert"]';
const NEWS = "#content .messages .notice, [data-said]";
const CONTROLS = "input, select, textarea, button";

const canBeReached = (element) => !(element.disabled || element.type === "hidden" || element.closest("[hidden], .empty-form"));

// Fields go before sentences: a sentence above the form often only says to look below. Where the page begins in a field,
// as at the counter, news leave the focus there.
function refused() {
  const wanted = document.querySelector("[autofocus]") ? [FIELDS, SENTENCES] : [FIELDS, SENTENCES, NEWS];
  const found = wanted.flatMap((selector) => [...document.querySelectorAll(selector)]);
  return found.filter(canBeReached);
}

const sameAs = (element) => `${element.id || element.name || element.textContent}\n${element.value ?? ""}`;

function open(element) {
  for (let at = element.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
}

function moveTo(element) {
  open(element);
  if (!element.matches(`${CONTROLS}, [tabindex], a[href]`)) element.tabIndex = -1;
  element.focus();
  element.select?.();
}

// ---- a page, and a part of it by htmx ----------------------------------------------------------------------------

function begin() {
  const first = refused()[0];
  if (first && document.activeElement !== first) moveTo(first);
}

begin();
// Django's page to add something focuses its first field, by a script that may come later than this one.
if (document.readyState !== "complete") window.addEventListener("load", begin, { once: true });

// A refusal that was shown already is not announced again when the price is updated.
let known = new Set();
document.addEventListener("htmx:beforeSwap", () => {
  known = new Set(refused().map(sameAs));
});
document.addEventListener("htmx:afterSettle", (event) => {
  const isRefusal = event.detail.xhr?.status >= 400;
  const fresh = refused().find((element) => isRefusal || !known.has(sameAs(element)));
  if (fresh) moveTo(fresh);
});
