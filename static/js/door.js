// The scanner at the door: a scanned text is taken at once, sent in order, and its answer is seen, heard and felt.
// While an answer is on its way, and when none came, the field is never green.

import { cameraIsOn, offerCamera } from "./door/camera.js";
import { forget, keep, kept } from "./door/kept.js";
import { Queue } from "./door/queue.js";
import { sound } from "./door/sounds.js";
import { sentence } from "./sentences.js";

const form = document.getElementById("scan");
const field = document.getElementById("code");
const scans = document.getElementById("scans");
const result = () => document.getElementById("result");
const copyOf = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

// ---- what is seen ------------------------------------------------------------------------------------------------

// Scans that come before the last answer form a group: refused and unanswered ones stay in sight until the last is
// answered.
let alarm = null;

function show(state, answer) {
  result().dataset.answer = state;
  result().querySelector(".answer").replaceWith(answer);
  answer.scrollIntoView({ block: "nearest" });
}

function showWaiting() {
  const answer = copyOf("answer-waiting");
  const count = queue.length;
  answer.querySelector("[data-says]").textContent = count > 1 ? sentence("scansChecked", { n: count }) : "";
  show("waiting", answer);
}

function settle() {
  if (alarm) show(alarm.state, alarm.answer);
  else if (queue.length) showWaiting();
  else result().querySelector(".answer").scrollIntoView({ block: "nearest" });
  if (!queue.length) alarm = null;
}

function showIdle(words) {
  if (queue.length) return;
  const answer = copyOf("answer-idle");
  if (words) answer.querySelector("[data-says]").textContent = words;
  show("none", answer);
}

// ---- what is asked -----------------------------------------------------------------------------------------------

const queue = form && new Queue({
  onAnswer(question, fresh) {
    question.line?.remove();
    keys.delete(question.text);
    forget(question.id);
    result().replaceWith(fresh);
    const state = fresh.dataset.answer;
    if (state !== "party") sound(state === "welcome");
    if (state !== "welcome") alarm = { state, answer: fresh.querySelector(".answer").cloneNode(true) };
    settle();
    if (document.activeElement === document.body && !cameraIsOn()) field.focus();
  },
  onSilence(question, why) {
    const answer = copyOf("answer-unknown");
    answer.querySelector("[data-says]").textContent = why;
    alarm = { state: "unknown", answer };
    sound(false);
    if (question.line) offerAgain(question);
    settle();
  },
});

function put(question) {
  queue.add(question);
  if (queue.length === 1) alarm = null;
  if (!alarm) showWaiting();
}

// A scan without an answer may have let somebody in. It is sent again with the same key, to which the server gives the
// same answer.
const keys = new Map();

const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function scan(text) {
  const key = keys.get(text) ?? newKey();
  keys.set(text, key);
  for (const line of [...scans.children]) if (line.dataset.key === key) line.remove();
  const body = new FormData(form);
  body.set("code", text);
  body.set("key", key);
  const name = nameOf(text);
  const line = addLine(name);
  line.dataset.key = key;
  keep(key, { door: form.dataset.door, name, text });
  put({ id: key, text, url: form.action, body, line, again: () => scan(text) });
}

const nameOf = (text) => `…${text.trim().replace(/[^\p{L}\p{N}]+$/u, "").slice(-4)}`;

// A button below an answer: the answer disappears while the request runs, and its line in the log keeps a button to ask
// again.
function press(name, url, body, id = newKey()) {
  const line = addLine(name);
  const fields = [...body].filter(([field, value]) => field !== TOKEN && typeof value === "string");
  keep(id, { door: form.dataset.door, name, url, fields });
  put({ id, url, body, line, again: () => pressAgain(line, { id, name, url, fields }) });
}

// With the token of this page: the person may have signed in anew.
const TOKEN = "csrfmiddlewaretoken";
function pressAgain(line, { id, name, url, fields }) {
  line.remove();
  const body = new FormData();
  for (const [field, value] of [...fields, [TOKEN, form.elements[TOKEN].value]]) body.append(field, value);
  press(name, url, body, id);
}

// Scans that were not answered before this page was opened. They are not sent by themselves, because the guest may be
// elsewhere by now.
function offerKept() {
  for (const { id, name, at, text, url, fields } of kept(form.dataset.door)) {
    const when = new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    const line = addLine(`${name}, ${when}`);
    line.dataset.key = id;
    if (text !== undefined) keys.set(text, id);
    offerAgain({ line, again: text === undefined ? () => pressAgain(line, { id, name, url, fields }) : () => scan(text) });
  }
}

function addLine(name) {
  const line = copyOf("scan-line");
  line.querySelector("b").textContent = name;
  scans.append(line);
  return line;
}

function offerAgain({ again, line }) {
  line.dataset.state = "unknown";
  line.querySelector("span").textContent = sentence("noAnswer");
  const button = line.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", () => {
    again();
    field.focus();
  });
}

// ---- what is pressed and typed -----------------------------------------------------------------------------------

if (form) {
  document.addEventListener("submit", (event) => {
    if (event.target === form) {
      event.preventDefault();
      const text = field.value;
      field.value = "";
      scan(text);
    } else if (event.target.closest("#result")) {
      event.preventDefault();
      const { action } = event.target;
      press(event.submitter?.ariaLabel || event.submitter?.textContent.trim() || "", action, new FormData(event.target, event.submitter));
      field.focus();
    }
  });

  // A scanner types wherever the focus is; its Enter must not press the button that was touched last.
  document.addEventListener("keydown", (event) => {
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    const isPress = event.key === " " && event.target.matches("button, summary, a");
    if (!isPress && !event.target.matches("input, textarea, select")) field.focus();
  });

  offerKept();
  offerCamera({ fallback: form.dataset.qrReader, onText: scan });

  window.addEventListener("offline", () => showIdle(sentence("noConnection")));
  window.addEventListener("online", () => showIdle());
  // After Back in the history the old answer is removed, because that guest is long inside.
  window.addEventListener("pageshow", (event) => event.persisted && showIdle());
}
