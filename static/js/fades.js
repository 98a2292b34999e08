// Listings and films fade into each other (program.css). A fade that is cut short, by a key, a press or a window that changes its
// size, is no error: the page is there at once. Chromium tells it as one, some time before other scripts begin, and not always by
// an object that a script can have.

const FADES = /^\/($|movies|theaters|series|coming-soon|search)/;
const isCut = (reason) => reason instanceof DOMException && /transition/i.test(reason.message);

addEventListener("unhandledrejection", (event) => {
  if (isCut(event.reason)) event.preventDefault();
});

function allowToBeCut(fade) {
  for (const end of ["ready", "finished", "updateCallbackDone"]) fade?.[end]?.catch(() => {});
}

addEventListener("pagereveal", ({ viewTransition }) => allowToBeCut(viewTransition));
// Other pages fade from nowhere. Chromium begins all the same, ends it there, and tells it as an error.
addEventListener("pageswap", ({ activation, viewTransition }) => {
  allowToBeCut(viewTransition);
  if (activation?.entry?.url && !FADES.test(new URL(activation.entry.url).pathname)) viewTransition?.skipTransition();
});
