// While the server does not answer, the board keeps its last program and shows of what time it is.

const FAILED = ["htmx:sendError", "htmx:timeout", "htmx:responseError"];

const setStale = (isStale) => document.body.toggleAttribute("data-stale", isStale);

for (const failure of FAILED) document.addEventListener(failure, () => setStale(true));
document.addEventListener("htmx:beforeSwap", (event) => {
  const isWhole = event.detail.xhr.status === 200;
  // An error page is no program, so the last program stays.
  if (!isWhole) event.detail.shouldSwap = false;
  setStale(!isWhole);
});
