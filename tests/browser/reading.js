// Measures what a person reads who sets colors, spacing or size themselves. () => a line for each fault.
() => {
  const found = [];
  const name = (one) => one.outerHTML.replace(/\s+/g, " ").slice(0, 100);
  const isDrawn = (one) => one.checkVisibility({ checkVisibilityCSS: true }) && getComputedStyle(one).clipPath === "none";

  // ---- text that is cut, or that runs out of a box of a fixed height ----
  const { clientWidth, scrollWidth } = document.documentElement;
  if (scrollWidth > clientWidth) {
    const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > clientWidth);
    found.push(`the page is ${scrollWidth - clientWidth} px too wide: ${wide.slice(-3).map(name)}`);
  }
  for (const one of document.querySelectorAll("body *")) {
    if (!isDrawn(one) || !one.textContent.trim()) continue;
    if (one.closest("svg, select, textarea, .visually-hidden, [aria-hidden=true], #seat-map")) continue;
    const { display, overflowX, overflowY, fontSize } = getComputedStyle(one);
    if (display === "inline" || !one.clientWidth || !one.clientHeight) continue;
    const cuts = (overflow) => overflow === "hidden" || overflow === "clip";
    const down = one.scrollHeight - one.clientHeight;
    const across = one.scrollWidth - one.clientWidth;
    // A heading's letters reach a little over its line.
    if (down > (cuts(overflowY) ? 1 : overflowY === "visible" ? 0.6 * parseFloat(fontSize) : Infinity)) {
      found.push(`${down} px do not fit into the height of ${name(one)}`);
    }
    if (across > 1 && cuts(overflowX)) found.push(`${across} px are cut off at the side of ${name(one)}`);
  }

  // ---- with forced colors backgrounds and shadows are gone: what is chosen differs from its neighbors in something else ----
  if (!matchMedia("(forced-colors: active)").matches) return found;
  const CHOSEN = '[aria-current]:not([aria-current="false"]), [aria-pressed="true"], [aria-selected="true"], label:has(:checked)';
  const KEPT = ["borderTopWidth", "borderTopStyle", "borderBottomWidth", "borderBottomStyle", "outlineStyle", "outlineWidth",
    "textDecorationLine", "fontWeight", "display"];
  const looks = (one) => [null, "::before", "::after"].map((part) => {
    const style = getComputedStyle(one, part);
    const isKept = style.forcedColorAdjust === "none";
    return [style.content, ...KEPT.map((each) => style[each]), isKept && style.backgroundColor + style.backgroundImage].join();
  }).join();
  for (const one of document.querySelectorAll(CHOSEN)) {
    const group = one.closest("li") ? one.closest("li").parentElement : one.parentElement;
    const others = [...group.querySelectorAll(one.tagName)].filter((other) => !other.matches(CHOSEN) && isDrawn(other));
    const isCheck = one.querySelector("input") && isDrawn(one.querySelector("input"));
    if (!isDrawn(one) || isCheck) continue;
    if (others.some((other) => looks(other) === looks(one))) found.push(`nothing but color tells that it is chosen: ${name(one)}`);
  }
  // Each kind and state of a seat looks different, by its own colors or by a picture in it.
  const samples = new Map();
  for (const one of document.querySelectorAll("#seat-map .seat:not(:focus)")) {
    const kind = one.dataset.state === "free" ? one.dataset.category : one.dataset.state;
    const seen = [null, "::before", "::after"].map((part) => {
      const style = getComputedStyle(one, part);
      const { content, maskImage, backgroundImage, backgroundColor, borderTopColor } = style;
      return style.forcedColorAdjust === "none" ? [content, maskImage, backgroundImage, backgroundColor, borderTopColor].join() : content;
    });
    samples.set(kind, seen.join());
  }
  if (new Set(samples.values()).size < samples.size) found.push(`seats look the same: ${JSON.stringify([...samples])}`);
  return found;
}
