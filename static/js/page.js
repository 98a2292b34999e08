// What every page needs: the settings of htmx, printing, and refusals that arrive as whole pages.

import { sentence } from "./sentences.js";

// htmx begins when the page is read to its end, after this.
Object.assign(window.htmx?.config ?? {}, {
  allowEval: false,
  // No delay between drawing a part anew and listening to it: what is pressed in those milliseconds would be lost.
  defaultSettleDelay: 0,
  includeIndicatorStyles: false,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  // No answer of ours takes longer than 12 s: this one is lost.
  timeout: 20_000,
  scrollIntoViewOnBoost: false,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "(404|409|410|422|429|503)", swap: true, error: false },
    { code: "[45]..", swap: false, error: true },
  ],
});

// Any form's token will do: all of a browser's stand for one secret.
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["x-csrftoken"] = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
});

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
  window.addEventListener("afterprint", () => printAgain(button));
  if ("printNow" in button.dataset) window.addEventListener("load", () => window.print());
});

// Pages of customers blend into each other, those of the office do not: told so before, Chromium reports no error about it.
window.addEventListener("pageswap", ({ activation, viewTransition }) => {
  if (!viewTransition || !activation?.entry.url || !new URL(activation.entry.url).pathname.startsWith("/admin/")) return;
  viewTransition.ready.catch(() => {});
  viewTransition.skipTransition();
});

// A paper that was printed is printed again by the server, which says on it that it is a copy.
function printAgain(button) {
  const form = document.querySelector("[data-print-again]");
  if (!form || !button.isConnected) return;
  form.hidden = false;
  form.querySelector("button").dataset.key = button.dataset.key;
  button.remove();
}

// The line of what is held goes when its time is over.
document.querySelectorAll("[data-cart] [data-seconds-left]").forEach((line) => {
  setTimeout(() => line.remove(), Number(line.dataset.secondsLeft) * 1000);
});

// A refusal is a page of its own. "Try again" becomes a notice over what the person was doing;
// "not any more" takes the place of the content, with its way on.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status < 400 || !/<html/i.test(xhr.responseText)) return;
  const notice = document.getElementById("notice");
  if (notice && (xhr.status === 429 || xhr.status === 503)) {
    const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
    say(notice, page.querySelector("[data-sentence]")?.textContent ?? sentence("tryAgain"));
    event.detail.shouldSwap = false;
    return;
  }
  event.detail.target = document.getElementById("content");
  event.detail.selectOverride = "#content";
  event.detail.swapOverride = "outerHTML";
});

// The network failed: nothing reached the server or nothing came back. Every action may be repeated.
for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(failure, (event) => {
    const notice = document.getElementById("notice");
    if (notice) say(notice, event.detail.elt?.dataset.unknown ?? sentence("connectionInterrupted"));
  });
}

// What asks by itself has a sentence of its own for "nobody knows now", which goes when there is an answer again.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { elt, xhr } = event.detail;
  if (elt?.dataset.unknown && xhr.status < 400) document.getElementById("notice")?.replaceChildren();
});

function say(place, words) {
  const paragraph = document.createElement("p");
  paragraph.className = "notice";
  paragraph.dataset.tone = "danger";
  paragraph.textContent = words;
  place.replaceChildren(paragraph);
}

// Pages of the office and of devices fade into nothing. Chromium begins all the same and tells an error that nobody can catch.
const FADES_NOT = /^\/(admin|counter|door|board|device|dev)\b/;
window.addEventListener("pageswap", ({ activation, viewTransition }) => {
  if (!viewTransition || !FADES_NOT.test(new URL(activation.entry.url).pathname)) return;
  viewTransition.ready.catch(() => {});
  viewTransition.skipTransition();
});
