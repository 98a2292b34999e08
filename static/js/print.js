// Printing: the buttons that a page without scripts does not show, and a paper that prints itself.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
  window.addEventListener("afterprint", () => printAgain(button));
  if (!("printNow" in button.dataset)) continue;
  if (document.readyState === "complete") window.print();
  else window.addEventListener("load", () => window.print());
}

// A paper that was printed is printed again by the server, which says on it that it is a copy.
function printAgain(button) {
  const form = document.querySelector("[data-print-again]");
  if (!form || !button.isConnected) return;
  form.hidden = false;
  form.querySelector("button").dataset.key = button.dataset.key;
  button.remove();
}
