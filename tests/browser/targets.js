// Measures a page: controls that a finger misses or that something lies on, row letters on seats, and what is cut off.
// ([least, isStrict]) => a line for each fault. `least`: the side of the smallest control in px. `isStrict`: a small one is
// a fault also where it stands alone.
([least, isStrict]) => {
  const found = [];
  const name = (one) => one.outerHTML.slice(0, 110);
  const round = Math.round;

  // ---- controls ----
  // Labels are as large as their control. Seats are as large as the auditorium lets them be.
  const LEFT_OUT = "[inert], [aria-hidden=true], .visually-hidden, .skip-link, #seat-map";
  const LAID_OVER = ".site-nav, .keys, .has-order .order, .notice-place, .sortoptions";
  // Boxes that stand alone in a table of the office, and bars of its timeline, as wide as their time, that a list below repeats; seats as in the map.
  const SMALLER = "td > [type=checkbox], th > [type=checkbox], .action-select, #action-toggle, .bar, .seat";
  const isCheck = (one) => one.matches("[type=checkbox], [type=radio]");
  const isDrawn = (one) => one.checkVisibility({ checkVisibilityCSS: true }) && getComputedStyle(one).clipPath === "none";
  const together = (a, b) => ({
    left: Math.min(a.left, b.left),
    right: Math.max(a.right, b.right),
    top: Math.min(a.top, b.top),
    bottom: Math.max(a.bottom, b.bottom),
  });

  function box(one) {
    const rect = one.getBoundingClientRect();
    const label = isCheck(one) && one.labels?.[0]?.getBoundingClientRect();
    return label ? together(rect, label) : rect;
  }

  // WCAG 2.2, 2.5.8 leaves out links within a sentence.
  function isInSentence(one) {
    if (!one.matches("a, .link") || getComputedStyle(one).display !== "inline") return false;
    return [...one.parentElement.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  }

  const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")];
  const controls = all.filter((one) => isDrawn(one) && !one.closest(LEFT_OUT)).map((one) => ({ one, rect: box(one) }));

  // A small one may stand where a circle of 24 px around its middle touches no other.
  function isAlone({ one, rect }) {
    const x = (rect.left + rect.right) / 2;
    const y = (rect.top + rect.bottom) / 2;
    return controls.every((other) => {
      if (other.one === one || other.one.contains(one) || one.contains(other.one)) return true;
      const dx = Math.max(other.rect.left - x, 0, x - other.rect.right);
      const dy = Math.max(other.rect.top - y, 0, y - other.rect.bottom);
      return Math.hypot(dx, dy) >= 12;
    });
  }

  for (const control of controls) {
    const { one, rect } = control;
    const [width, height] = [rect.right - rect.left, rect.bottom - rect.top];
    if (!width || !height || (width >= least - 0.5 && height >= least - 0.5)) continue;
    const smallest = one.matches(SMALLER) ? 24 : least;
    if (width >= smallest - 0.5 && height >= smallest - 0.5) continue;
    if (isInSentence(one) || (smallest === 24 && !isStrict && isAlone(control))) continue;
    found.push(`${round(width)}x${round(height)} ${name(one)}`);
  }

  // ---- nothing lies on a control: it is hit at its left and right end. The bars of keys and of a phone's navigation and the sheet of seats scroll away;
  // Django puts what a list is sorted by over the end of its column's link. ----
  for (const { one } of controls) {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight || isCheck(one) || getComputedStyle(one).display === "inline") continue;
    for (const x of [left + 4, right - 4]) {
      const hit = document.elementFromPoint(x, (top + bottom) / 2);
      if (!hit || hit.closest(LAID_OVER) || one.contains(hit) || hit.contains(one)) continue;
      found.push(`${name(hit)} lies on ${name(one)}`);
    }
  }

  // ---- the map. One that pans keeps its letters in sight, over the seats; one that fits does not. ----
  const room = document.querySelector(".map-frame");
  const pans = room && room.scrollWidth > room.clientWidth + 1;
  if (pans && room.closest(".desk")) found.push(`the map is cut by ${room.scrollWidth - room.clientWidth} px`);
  for (const letter of pans ? [] : document.querySelectorAll(".row > b")) {
    const own = letter.getBoundingClientRect();
    for (const seat of letter.parentElement.querySelectorAll(".seat")) {
      const rect = seat.getBoundingClientRect();
      const across = Math.min(own.right, rect.right) - Math.max(own.left, rect.left);
      if (across > 1) found.push(`row letter ${letter.textContent} lies ${round(across)} px on seat ${seat.value}`);
    }
  }

  // ---- cut off, or out of the card it stands in ----
  const { clientWidth, scrollWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth - clientWidth} px too wide`);
  for (const one of document.querySelectorAll("main *")) {
    if (!isDrawn(one) || one.closest("input, svg, .visually-hidden, [aria-hidden=true], select, #seat-map, .screen")) continue;
    const { display, overflowX, textOverflow } = getComputedStyle(one);
    const over = one.scrollWidth - one.clientWidth;
    if (display === "inline" || !one.clientWidth || over <= 1) continue;
    if (["hidden", "clip"].includes(overflowX) && textOverflow !== "ellipsis") found.push(`cut by ${over} px: ${name(one)}`);
    const isInCard = one.closest("[data-answer], .panel, .sale-change, .answer, .button");
    if (overflowX === "visible" && isInCard) found.push(`sticks out by ${over} px: ${name(one)}`);
  }
  return found;
}
