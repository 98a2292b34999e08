// Marks the seats that fit the saved needs of this person, by a ring and in their names, when answers draw them anew: the page
// comes with them marked and says which they are.

const stage = document.querySelector(".seat-stage");
const fitting = new Set(stage.dataset.fits.split("\t"));
const words = stage.dataset.fitsWords;

// A seat's name ends with its state.
function mark() {
  for (const seat of document.querySelectorAll("#seat-map .seat")) {
    if (!fitting.has(seat.value)) continue;
    seat.dataset.fits = "";
    const name = seat.getAttribute("aria-label");
    if (!name.includes(`, ${words},`)) seat.setAttribute("aria-label", name.replace(/,(?=[^,]*$)/, `, ${words},`));
  }
}

for (const change of ["htmx:afterSettle", "marquee:refreshed"]) document.addEventListener(change, mark);
