// The sentences that scripts say. They stand in the page, in its language: <template data-sentences data-too-late="…">.

const known = {};
for (const place of document.querySelectorAll("[data-sentences]")) Object.assign(known, place.dataset);

// The sentence of that name; {words} in braces are filled in. Throws for a name that the page does not have.
export function sentence(name, values = {}) {
  if (!(name in known)) throw new Error(`This page has no sentence ${name}.`);
  return known[name].replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}
