// Scans and presses without an answer, stored on this device for the door at which they were made, because a browser
// may discard the page while the device sleeps. They are deleted with their answer, after a night, and when somebody
// signs out.

const PREFIX = "door ";
const KEPT_MS = 12 * 3600 * 1000;

// Scanning also works in a browser that stores nothing.
function tried(act, otherwise) {
  try {
    return act();
  } catch {
    return otherwise;
  }
}

export const keep = (id, facts) => tried(() => localStorage.setItem(PREFIX + id, JSON.stringify({ ...facts, at: Date.now() })));
export const forget = (id) => tried(() => localStorage.removeItem(PREFIX + id));

// Those of this door, in the order in which they were made.
export function kept(door) {
  const ids = tried(() => Object.keys(localStorage), []).filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));
  const found = ids.map((id) => ({ id, ...tried(() => JSON.parse(localStorage.getItem(PREFIX + id)), {}) }));
  for (const old of found) if (!(Date.now() - old.at < KEPT_MS)) forget(old.id);
  return found.filter((one) => one.door === door && Date.now() - one.at < KEPT_MS).sort((one, other) => one.at - other.at);
}
