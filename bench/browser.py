"""Measures pages in a slow phone's browser: Chromium with a processor four times slower, behind slow 4G.

python -m bench.browser front=http://localhost:8000/ map=http://localhost:8000/showtimes/1/

Pages are opened by turns, and each round gives a page's largest paint (LCP), its slowest answer to a tap or a key
(INP), how far its content jumped (CLS) and its longest task; the medians of the rounds are printed. Two checkouts that
run side by side are compared by giving the addresses of both.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterator
from dataclasses import astuple, dataclass

from playwright.sync_api import Browser, Page

from dev.browser import running_chromium

SLOWER = 4
# Lighthouse's slow 4G.
NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_638_400 / 8,
    "uploadThroughput": 750_000 / 8,
}
PHONE = {"viewport": {"width": 375, "height": 812}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
SETTLED_MS = 1_500
OBSERVE = """
window.measured = { paint: 0, jump: 0, answer: 0, task: 0, tasks: 0, nodes: 0 };
const watch = (type, note, options = {}) =>
  new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...options });
watch("largest-contentful-paint", (entry) => { measured.paint = entry.startTime; });
watch("layout-shift", (entry) => { if (!entry.hadRecentInput) measured.jump += entry.value; });
watch("event", (entry) => {
  if (entry.interactionId) measured.answer = Math.max(measured.answer, entry.duration);
}, { durationThreshold: 16 });
watch("longtask", (entry) => {
  measured.task = Math.max(measured.task, entry.duration);
  measured.tasks += entry.duration;
});
"""
# Seats that can be taken, from the middle of the room: each in a row of its own.
SEATS = """() => {
  const rows = [...document.querySelectorAll(".row")];
  return [0.3, 0.5, 0.7].map((part) => rows[Math.floor(rows.length * part)]).filter(Boolean).map((row) => {
    const free = [...row.querySelectorAll("[data-state=free]")];
    return free[Math.floor(free.length / 2)]?.dataset.seat;
  }).filter(Boolean);
}"""


@dataclass(frozen=True)
class Cost:
    """Milliseconds, but for `jump` (layout shift) and `nodes` (elements)."""

    paint: float
    answer: float
    jump: float
    task: float
    tasks: float
    nodes: float


def median(costs: list[Cost]) -> Cost:
    return Cost(*(statistics.median(column) for column in zip(*map(astuple, costs), strict=True)))


def measure(browser: Browser, url: str) -> Cost:
    """Of one visit: the page is opened, left alone, then used with taps and keys."""
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(90_000)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(OBSERVE)
    page.goto(url, wait_until="load")
    page.wait_for_timeout(SETTLED_MS)
    _use(page)
    found = page.evaluate("({ ...measured, nodes: document.querySelectorAll('*').length })")
    context.close()
    return Cost(**found)


def _use(page: Page) -> None:
    """Taps three seats, moves by keys; a page without seats is tapped at its heading."""
    labels = page.evaluate(SEATS)
    if not labels:
        page.touchscreen.tap(180, 200)
    for label in labels:
        seat = page.locator(f'[data-seat="{label}"]')
        seat.scroll_into_view_if_needed()
        box = seat.bounding_box()
        assert box is not None
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_timeout(SETTLED_MS)
    if labels:
        page.evaluate("(label) => document.querySelector(`[data-seat='${label}']`).focus()", labels[0])
        for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
            page.keyboard.press(key)
            page.wait_for_timeout(SETTLED_MS / 3)


def compare(pages: dict[str, str], *, rounds: int) -> dict[str, Cost]:
    """The medians of pages that were opened by turns."""
    costs: dict[str, list[Cost]] = {name: [] for name in pages}
    with running_chromium() as browser:
        for _ in range(rounds):
            for name, url in pages.items():
                costs[name].append(measure(browser, url))
    return {name: median(found) for name, found in costs.items()}


def lines(costs: dict[str, Cost]) -> Iterator[str]:
    yield f"{'page':24}{'LCP ms':>10}{'INP ms':>10}{'CLS':>8}{'longest':>10}{'tasks ms':>10}{'nodes':>8}"
    for name, cost in costs.items():
        figures = f"{cost.paint:10.0f}{cost.answer:10.0f}{cost.jump:8.3f}{cost.task:10.0f}{cost.tasks:10.0f}"
        yield f"{name:24}{figures}{cost.nodes:8.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.browser", description="Pages in a slow phone's browser.")
    parser.add_argument("pages", nargs="+", metavar="name=url")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    pages = dict(page.split("=", 1) for page in options.pages)
    print("\n".join(lines(compare(pages, rounds=options.rounds))))


if __name__ == "__main__":
    main()
