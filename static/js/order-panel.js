// The order panel as a sheet at the foot of a phone: it can be made small, and it never covers what has the focus.

import "./countdown.js";

const panel = () => document.getElementById("order-panel");
// What stands fixed at the foot of the window: the panel, or in a very small window its line with the way on alone.
const sheet = () =>
  [panel(), panel()?.querySelector(".order-foot")].find((part) => part && getComputedStyle(part).position === "fixed");
let isSmall = false;

// The answer to a click replaces the panel, which keeps the size that the customer chose.
function keepSize() {
  const now = panel();
  if (!now) return;
  now.toggleAttribute("data-small", isSmall);
  now.querySelector("[data-collapse]")?.setAttribute("aria-expanded", String(!isSmall));
  watch.disconnect();
  watch.observe(now);
}

// Scrolling to something, also by the keyboard, ends above the sheet.
const watch = new ResizeObserver(() => {
  const high = sheet()?.offsetHeight ?? 0;
  document.documentElement.style.scrollPaddingBlockEnd = high ? `${high + 12}px` : "";
  // Set on the footer, not on the root: from there every seat would inherit it and be restyled with each click.
  document.querySelector(".site-footer")?.style.setProperty("--order-height", `${high}px`);
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-collapse]")) return;
  isSmall = !isSmall;
  keepSize();
});

document.addEventListener("focusin", ({ target }) => {
  const fixed = sheet();
  if (!fixed) return;
  // Its line of seats scrolls sideways, and browsers leave a button that is partly in sight where it is.
  if (fixed.contains(target)) return void target.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  const below = target.getBoundingClientRect().bottom - fixed.getBoundingClientRect().top;
  if (below > 0) window.scrollBy({ top: below + 12, behavior: "instant" });
});

document.addEventListener("htmx:afterSettle", keepSize);
document.addEventListener("marquee:refreshed", keepSize);
keepSize();
