// Checkout: show that Pay was heard, and leave when the seats are gone.

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button?.hasAttribute("data-pay")) return;
  // Only in look: a second press is answered by the server with the same booking and the same till.
  button.setAttribute("aria-busy", "true");
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("[data-pay]").forEach((button) => button.removeAttribute("aria-busy"));
});

document.addEventListener("marquee:time-is-up", () => {
  const url = document.getElementById("checkout")?.dataset.url;
  if (url) location.assign(url);
});
