// Names of rows and numbers of seats: how houses count.
"use strict";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const NO_IO = "ABCDEFGHJKLMNPQRSTUVWXYZ";

// A … Z, AA, AB …; without I and O, which look like 1 and 0; or 1, 2, 3 …
export function nextName(name, scheme) {
  if (scheme === "numbers" || /^\d+$/.test(name)) return String(Number(name) + 1 || 1);
  const letters = scheme === "no-io" ? NO_IO : LETTERS;
  const [head, last] = [name.slice(0, -1), letters.indexOf(name.slice(-1))];
  if (last < 0) return head + [...letters].find((one) => one > name.slice(-1));
  if (last < letters.length - 1) return head + letters[last + 1];
  return (head ? nextName(head, scheme) : "A") + "A";
}

export function namesFrom(first, count, scheme) {
  const names = [first];
  while (names.length < count) names.push(nextName(names.at(-1), scheme));
  return names.slice(0, count);
}

// The name after the highest one there is, as far as one can tell.
export function freeName(names, scheme = "letters") {
  let name = names.length ? nextName(names.at(-1), scheme) : scheme === "numbers" ? "1" : "A";
  while (names.includes(name)) name = nextName(name, scheme);
  return name;
}

// `seats` stand from left to right; the answer has a number for each. `middle` is where odd and even part.
export function numbersFor(seats, scheme, start, middle) {
  if (scheme === "right") return seats.map((_, at) => start + seats.length - 1 - at);
  if (scheme === "odd-left" || scheme === "even-left") {
    const left = seats.filter((seat) => seat.x + 1 < middle).length;
    const [onLeft, onRight] = scheme === "odd-left" ? [1, 2] : [2, 1];
    return seats.map((_, at) => (at < left ? onLeft + 2 * (left - 1 - at) : onRight + 2 * (at - left)) + start - 1);
  }
  return seats.map((_, at) => start + at);
}
