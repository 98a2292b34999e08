// A board goes on showing what it knows while the server does not answer, and says of when that is.

const FAILED = ["htmx:sendError", "htmx:timeout", "htmx:responseError"];

const setStale = (isStale) => document.body.toggleAttribute("data-stale", isStale);

for (const failure of FAILED) document.addEventListener(failure, () => setStale(true));
document.addEventListener("htmx:beforeSwap", (event) => {
  const isWhole = event.detail.xhr.status === 200;
  // The page of a refusal is not a program: the last one stays.
  if (!isWhole) event.detail.shouldSwap = false;
  setStale(!isWhole);
});
