// Marks the seats of the map that fit the saved needs of this person, by a ring and in their names. The page says which they are.

const stage = document.querySelector(".seat-stage");
const fitting = new Set(stage.dataset.fits.split("\t"));
const words = stage.dataset.fitsWords;

// The server's answers draw seats anew, so they are marked again; a seat's name ends with its state.
function mark() {
  for (const seat of document.querySelectorAll("#seat-map .seat")) {
    if (!fitting.has(seat.value)) continue;
    seat.dataset.fits = "";
    const name = seat.getAttribute("aria-label");
    if (!name.includes(`, ${words},`)) seat.setAttribute("aria-label", name.replace(/,(?=[^,]*$)/, `, ${words},`));
  }
}

mark();
for (const change of ["htmx:afterSettle", "marquee:refreshed"]) document.addEventListener(change, mark);
