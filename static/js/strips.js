// What is chosen in a strip that can be scrolled is in sight: a day, a page of the account.

function showChosen() {
  for (const strip of document.querySelectorAll(".days, .account-nav")) {
    const chosen = strip.querySelector("[aria-current]")?.getBoundingClientRect();
    const frame = strip.getBoundingClientRect();
    if (!chosen || (chosen.left >= frame.left && chosen.right <= frame.right)) continue;
    strip.scrollLeft += chosen.left + chosen.width / 2 - (frame.left + frame.width / 2);
  }
}

showChosen();
document.addEventListener("htmx:afterSettle", showChosen);
