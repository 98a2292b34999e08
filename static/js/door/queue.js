// Sends the requests of the door in order, one at a time. Each has an answer, or a sentence why there is none.

import { sentence } from "../sentences.js";

export const PATIENCE_MS = 4000;

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
    throw signal.aborted ? sentence("slow", { seconds: PATIENCE_MS / 1000 }) : sentence("offline");
  } finally {
    clearTimeout(timer);
  }
  if (answer.headers.get("HX-Redirect") || answer.redirected || [401, 403].includes(answer.status)) throw sentence("elsewhere");
  if (answer.status === 429 || answer.status === 503) throw sentence("busy");
  const result = new DOMParser().parseFromString(html, "text/html").getElementById("result");
  if (!result) throw sentence("failed");
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
      // Whatever goes wrong in showing this answer, the next scan is asked for.
      try {
        told();
      } catch (fault) {
        reportError(fault);
      }
    }
    this.#isAsking = false;
  }
}
