// What the door asks the server, in order and one at a time. A question has an answer, or a sentence why there is none.

export const PATIENCE_MS = 4000;

const TO_DO = "Check the connection, then press “Try again” or scan the ticket again.";
const WHY = {
  slow: `No answer: the server took longer than ${PATIENCE_MS / 1000} seconds. ${TO_DO}`,
  offline: `No answer: there is no connection to the server. ${TO_DO}`,
  busy: "No answer: too many scans at once. Wait a few seconds, then press “Try again”.",
  failed: "No answer: something went wrong at our end. Press “Try again”; if it stays so, send the guest to the counter.",
  elsewhere: "No answer: this device is signed out, or stands at no door any more. Open the door again, then scan this ticket again.",
};

// The part of the page that the server drew. Throws the sentence that says why there is none.
async function ask({ url, body }) {
  const patience = new AbortController();
  const { signal } = patience;
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  let answer;
  let html;
  try {
    answer = await fetch(url, { method: "POST", body, signal, headers: { "HX-Request": "true" } });
    html = await answer.text();
  } catch {
    throw signal.aborted ? WHY.slow : WHY.offline;
  } finally {
    clearTimeout(timer);
  }
  if (answer.headers.get("HX-Redirect") || answer.redirected || [401, 403].includes(answer.status)) throw WHY.elsewhere;
  if (answer.status === 429 || answer.status === 503) throw WHY.busy;
  const result = new DOMParser().parseFromString(html, "text/html").getElementById("result");
  if (!result) throw WHY.failed;
  return result;
}

export class Queue {
  #waiting = [];
  #isAsking = false;

  constructor({ onAnswer, onSilence }) {
    this.onAnswer = onAnswer;
    this.onSilence = onSilence;
  }

  get length() {
    return this.#waiting.length;
  }

  add(question) {
    this.#waiting.push(question);
    if (!this.#isAsking) this.#askAll();
  }

  async #askAll() {
    this.#isAsking = true;
    while (this.#waiting.length) {
      const question = this.#waiting[0];
      let told;
      try {
        const result = await ask(question);
        told = () => this.onAnswer(question, result);
      } catch (why) {
        told = () => this.onSilence(question, String(why));
      }
      this.#waiting.shift();
      told();
    }
    this.#isAsking = false;
  }
}
