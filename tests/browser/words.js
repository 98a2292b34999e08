// What can be read and is cut, by the edges of the window or by a box that cannot be scrolled; what lies over other words.
// What is said twice.
() => {
  const width = document.documentElement.clientWidth;
  const said = (node) => node.textContent.trim().slice(0, 40);
  const isHidden = (element) => !element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const boxes = [];
  const faults = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.textContent.trim() || isHidden(parent)) continue;
    if (parent.closest("script, style, option, svg, [hidden], .visually-hidden")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter((rect) => rect.width > 1 && rect.height > 1);
    let [left, right, isOver, isScrolled, isCut] = [0, width, false, false, false];
    for (let box = parent; box && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (/fixed|sticky/.test(style.position)) isOver = true;
      if (style.clipPath.startsWith("inset(50%") || box.offsetWidth === 1) isCut = true;
      if (/auto|scroll/.test(style.overflowX)) isScrolled = true;
      if (!isScrolled && /hidden|clip/.test(style.overflowX)) {
        const frame = box.getBoundingClientRect();
        [left, right] = [Math.max(left, frame.left), Math.min(right, frame.right)];
      }
    }
    if (isCut) continue;
    if (!isScrolled)
      for (const rect of rects) if (rect.left < left - 1 || rect.right > right + 1) faults.add(`cut: ${said(node)}`);
    if (!isOver && !isScrolled) boxes.push(...rects.map((rect) => ({ rect, node })));
  }
  for (const [number, one] of boxes.entries())
    for (const other of boxes.slice(number + 1)) {
      if (one.node === other.node) continue;
      const across = Math.min(one.rect.right, other.rect.right) - Math.max(one.rect.left, other.rect.left);
      const down = Math.min(one.rect.bottom, other.rect.bottom) - Math.max(one.rect.top, other.rect.top);
      const isOver = across > 2 && down > Math.min(one.rect.height, other.rect.height) / 2;
      if (isOver) faults.add(`over: ${said(one.node)} / ${said(other.node)}`);
    }
  // The pause of sales is said for its own sake.
  const notices = [...document.querySelectorAll(".notice:not([data-sales-paused])")].map(said);
  for (const [number, words] of notices.entries()) if (notices.indexOf(words) < number) faults.add(`twice: ${words}`);
  return [...faults];
}
