// Checkout: tells when the time is over, and asks the server again after a lost answer.

import { FAILURES, reload } from "./page.js";

const ASK_AGAIN_MS = 3000;

// Enter presses the first button of a form, which is that of the promo code; in the e-mail field it must mean Pay.
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

// Fetches the present page from the server; the typed values are sent along and come back in its answer.
function ask() {
  const form = document.getElementById("checkout");
  if (!form) return void reload();
  const values = { ...Object.fromEntries(new FormData(form)), action: "update" };
  // A second request before the answer aborts the first one.
  htmx.ajax("POST", location.pathname, { source: form, target: form, swap: "outerHTML", values })?.catch(() => {});
}

document.addEventListener("marquee:time-is-up", ask);

// If the answer to "More time" or a promo code was lost, it may be done, and pressing again could be refused: so the
// page asks for its present state.
let asking = null;
for (const failure of FAILURES) {
  document.addEventListener(failure, ({ detail: { requestConfig } }) => {
    if (!document.getElementById("checkout") || requestConfig?.triggeringEvent?.type === "change") return;
    clearTimeout(asking);
    asking = setTimeout(ask, ASK_AGAIN_MS);
  });
}
