// The sentences that scripts say. They stand in the page, in its language: <template data-sentences data-too-late="…">.

const known = {};
for (const place of document.querySelectorAll("[data-sentences]")) Object.assign(known, place.dataset);

// The sentence of a number {n} of things: that of the name with "One" behind it where there is one of them.
export const counted = (name, n, values = {}) => sentence(n === 1 ? `${name}One` : name, { n, ...values });

// The sentence of that name; {words} in braces are filled in. Throws for a name that the page does not have.
export function sentence(name, values = {}) {
  if (!(name in known)) throw new Error(`no sentence ${name} in this page`);
  return known[name].replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}
