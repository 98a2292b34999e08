// The sentences that scripts say, in the page's language: those of many pages come as a script of their own, which stands before
// all others; those of one page stand in it: <template data-sentences data-too-late="…">.

const known = { ...window.sentences };
for (const place of document.querySelectorAll("[data-sentences]")) Object.assign(known, place.dataset);

// The sentence of a number {n} of things: that of the name with "One" behind it where there is one of them.
export const counted = (name, n, values = {}) => sentence(n === 1 ? `${name}One` : name, { n, ...values });

// The sentence of that name; {words} in braces are filled in. Throws for a name that the page does not have; where the script of
// sentences did not arrive, the page works without words. From right to left what is filled in keeps its own direction.
export function sentence(name, values = {}) {
  if (!(name in known) && window.sentences) throw new Error(`no sentence ${name} in this page`);
  return (known[name] ?? "").replace(/\{(\w+)\}/g, (whole, key) => (key in values ? isolated(`${values[key]}`) : whole));
}

const isolated = (text) => (document.dir === "rtl" ? `\u2068${text}\u2069` : text);
