// Checkout: say so when the time runs out, and ask again where an answer was lost.

import { FAILURES, reload } from "./page.js";

const ASK_AGAIN_MS = 3000;

// The first button of a form answers to Enter, and that is the one of the promo code: in the e-mail Enter means Pay.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.target.id !== "email") return;
  event.preventDefault();
  document.querySelector("#checkout [data-pay]")?.click();
});

window.addEventListener("pageshow", (event) => {
  if (event.persisted) return ask();
  // A choice made before the scripts had come, or brought back by the browser: the server has not priced it yet.
  const isOther = (select) => [...select.options].some((option) => option.selected !== option.defaultSelected);
  const chosen = [...document.querySelectorAll("#checkout select")].find(isOther);
  chosen?.dispatchEvent(new Event("change", { bubbles: true }));
});

// What the server says now: what was typed goes with the question and comes back with its answer.
function ask() {
  const form = document.getElementById("checkout");
  if (!form) return void reload();
  const values = { ...Object.fromEntries(new FormData(form)), action: "update" };
  // Asked again before the answer, the first question ends without one.
  htmx.ajax("POST", location.pathname, { source: form, target: form, swap: "outerHTML", values })?.catch(() => {});
}

document.addEventListener("marquee:time-is-up", ask);

// More time, a promo code: where the answer was lost it may be done. The page asks; pressed again it could only be refused.
let asking = null;
for (const failure of FAILURES) {
  document.addEventListener(failure, ({ detail: { requestConfig } }) => {
    if (!document.getElementById("checkout") || requestConfig?.triggeringEvent?.type === "change") return;
    clearTimeout(asking);
    asking = setTimeout(ask, ASK_AGAIN_MS);
  });
}
