// What every page needs: the settings of htmx, refusals that arrive as whole pages, and answers that are lost.

import { sentence } from "./sentences.js";

const RETRY_MS = 5000;

// What scripts say aloud stands here: empty before there is something to say, and outside of what an answer replaces.
const announcer = Object.assign(document.createElement("p"), { id: "announcer", className: "visually-hidden", role: "status" });
document.getElementById("content")?.before(announcer);

// The frame of the browser has the color of the page, in both themes and in the colors of the house.
const frameColor = Object.assign(document.createElement("meta"), { name: "theme-color" });
const paintFrame = () => (frameColor.content = getComputedStyle(document.documentElement).backgroundColor);
addEventListener("load", () => {
  paintFrame();
  document.head.append(frameColor);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paintFrame);
});

// htmx begins when the page is read to its end, after this.
Object.assign(window.htmx?.config ?? {}, {
  allowEval: false,
  // New content gets its listeners at once, because presses before that would be lost.
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
document.addEventListener("htmx:configRequest", ({ detail: { elt, headers } }) => {
  headers["x-csrftoken"] = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  if (!isPlain(elt)) return;
  delete headers["HX-Request"];
  headers["plain-form"] = "yes";
});

// ---- plain forms -------------------------------------------------------------------------------------------------

// htmx sends plain forms as well, so that a lost answer is explained on this page and not on the browser's error page.
// The server answers as without scripts, with a whole page or a redirect, and repeats nothing that it has done.
// Excluded are forms that download a file and forms of sign-in.
const SAYS_WHO = /^\/(accounts|admin|device|door|dev)\b/;
const isPlain = (element) => element.dataset?.plain !== undefined;

document.addEventListener("htmx:beforeProcessNode", ({ target: form }) => {
  if (!form.matches('#content form[method="post"]:not([hx-post], [data-file])') || SAYS_WHO.test(location.pathname)) return;
  form.dataset.plain = "";
  const where = { target: "#content", select: "#content", swap: "outerHTML show:window:top" };
  // Elements inside with a request of their own do not inherit this; a submit replaces a running price request.
  const how = { post: form.getAttribute("action") ?? "", ...where, disinherit: "*", sync: "this:replace" };
  for (const [name, value] of Object.entries(how)) form.setAttribute(`hx-${name}`, value);
});

// Only one press counts. Without a network nothing is sent.
const atWork = (form) => [form, ...form.elements].filter((element) => element.ariaBusy === "true");
document.addEventListener("submit", (event) => {
  const { target: form, submitter: button } = event;
  if (!isPlain(form) && !("once" in form.dataset)) return;
  if (navigator.onLine && !atWork(form).length) {
    for (const element of [form, button]) element?.setAttribute("aria-busy", "true");
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (navigator.onLine) return;
  const own = form.querySelector("[data-no-network]");
  if (own) own.hidden = false;
  else say(sentence("nothingSent"), { verb: "post", path: form.action });
}, { capture: true });

function rest(form) {
  for (const element of atWork(form)) element.removeAttribute("aria-busy");
}
document.addEventListener("htmx:afterRequest", ({ detail: { elt, xhr } }) => {
  if (elt instanceof HTMLFormElement && !xhr?.getResponseHeader("HX-Redirect")) rest(elt);
});
// A page from the back-forward cache: its requests were answered long ago, and its content may be outdated, so it is
// loaded anew. Maps and the checkout refresh themselves and keep typed values.
addEventListener("pageshow", ({ persisted }) => {
  [...document.forms].forEach(rest);
  if (!persisted) return;
  const canBeOver = "#content form[data-plain], #booking-status";
  if (document.querySelector(canBeOver) && !document.querySelector("[data-events-url], #checkout")) reload();
  else refreshCart();
});

// A whole page begins at its beginning, for the keyboard too; a refusal has its own place (refusals.js).
document.addEventListener("htmx:afterSwap", ({ detail: { target, requestConfig } }) => {
  if (isPlain(requestConfig?.elt ?? {})) document.getElementById("content").focus({ preventScroll: true });
});

if (document.querySelector("[data-print]")) import("./print.js").catch(() => {});

// The line of what is held goes when its time is over.
function watchCart() {
  document.querySelectorAll("[data-cart] [data-seconds-left]").forEach((line) => {
    setTimeout(() => line.remove(), Number(line.dataset.secondsLeft) * 1000);
  });
}
watchCart();

// Meanwhile seats may have been taken, given back or paid for: the line is that of the page as it would come now.
async function refreshCart() {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.querySelector("[data-cart]")?.remove();
  announcer.before(...page.querySelectorAll("[data-cart]"));
  watchCart();
}

// Refusals are pages: one that says to try again is shown as a notice over the page, a final one replaces the content,
// with its link to go on.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { xhr, target, requestConfig: { elt } } = detail;
  const isPage = /<html/i.test(xhr.responseText);
  const isBusy = xhr.status === 429 || xhr.status === 503;
  // A page of a proxy or of a hotel's network is no answer of the server.
  const isOurs = xhr.responseText.includes(`id="${isPage ? "content" : target.id}"`);
  if (detail.shouldSwap && !isOurs) {
    detail.shouldSwap = false;
    return void htmx.trigger(elt.isConnected ? elt : target, "htmx:responseError", { ...detail });
  }
  if (detail.target.id && !detail.target.isConnected) detail.target = document.getElementById(detail.target.id);
  if (xhr.status < 400 || !isPage) return;
  if (isPlain(elt) && isOurs && xhr.status < 500) Object.assign(detail, { shouldSwap: true, isError: false });
  const said = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector("[data-sentence]");
  // Some pages show such a refusal themselves, with the way on.
  if (isBusy && (said || !isPlain(elt))) {
    unanswered(detail, said?.textContent ?? sentence("tryAgain"));
    detail.shouldSwap = false;
    return;
  }
  detail.target = document.getElementById("content");
  detail.selectOverride = "#content";
  detail.swapOverride = "outerHTML";
});

// The network failed: nothing reached the server or nothing came back. Every action may be repeated.
export const FAILURES = ["htmx:sendError", "htmx:timeout", "htmx:responseError"];
for (const failure of FAILURES) {
  document.addEventListener(failure, ({ detail }) => {
    const { verb, triggeringEvent } = detail.requestConfig ?? {};
    // Requests that a page makes by itself have a sentence of their own, or show in another way that the state is
    // unknown.
    const isByItself = verb === "get" && !triggeringEvent;
    const isForm = detail.elt instanceof HTMLFormElement && (isPlain(detail.elt) || "once" in detail.elt.dataset);
    const words = sentence(isForm ? "unknownWhether" : "connectionInterrupted");
    unanswered(detail, detail.elt?.dataset.unknown ?? (isByItself ? "" : words));
  });
}

// The next answer removes the notice about a lost one.
const whatOf = (request) => `${request?.verb} ${new URL(request?.path ?? "", location).pathname}`;
let saidOf = null;
document.addEventListener("htmx:beforeOnLoad", ({ detail: { xhr, requestConfig } }) => {
  if (xhr.status < 400 && saidOf === whatOf(requestConfig)) noticePlace().replaceChildren();
});

function unanswered({ xhr, requestConfig }, words) {
  if (words) say(words, requestConfig);
  // A chosen option cannot be chosen again, so its request is repeated until it is answered.
  if (requestConfig?.triggeringEvent?.type !== "change" || xhr.status === 500) return;
  const { elt } = requestConfig;
  setTimeout(() => elt.isConnected && htmx.trigger(elt, "change"), RETRY_MS);
}

function say(words, request) {
  saidOf = whatOf(request);
  // The message about the last press is removed.
  document.querySelector(".messages")?.remove();
  noticePlace().replaceChildren(noticeOf(words));
}

export function noticeOf(words) {
  const paragraph = document.createElement("p");
  paragraph.className = "notice";
  paragraph.dataset.tone = "danger";
  paragraph.textContent = words;
  return paragraph;
}

// The live region must exist before its text, or screen readers do not read it.
function noticePlace() {
  const found = document.getElementById("notice");
  if (found) return found;
  const place = Object.assign(document.createElement("div"), { id: "notice", className: "notice-place", role: "status" });
  document.body.prepend(place);
  return place;
}
noticePlace();

// Loads the page anew if the server answers, because the browser's error page leads nowhere.
export async function reload() {
  const answer = await fetch(location.href, { method: "HEAD" }).catch(() => null);
  if (answer && answer.status < 500) location.reload();
}
