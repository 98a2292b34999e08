"""`make screenshots`: pictures of the main pages of the running system, for a person to look at.

Every page at phone and desk width, light and dark, in screenshots/; one purchase is made for each of the four.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

from dev.browser import launch_options
from dev.state import CHECKOUT, RunState, read_run

FOLDER = CHECKOUT / "screenshots"
SIZES = {"phone": (375, 812), "desk": (1280, 900)}
SCHEMES = ("light", "dark")
FREE_SEAT = "button[data-seat][data-state=free][data-category=standard i]"
# Pictures below the fold come only when one scrolls there; a screenshot of the whole page does not scroll.
ALL_IMAGES = """async () => {
    for (const image of document.images) image.loading = "eager";
    await Promise.allSettled([document.fonts.ready, ...[...document.images].map(image => image.decode())]);
}"""
CARD = {"number": "4242 4242 4242 4242", "expiry": "12 / 34", "cvc": "123", "name": "Ada Lovelace"}


class Album:
    """The pictures of one window size and color scheme."""

    def __init__(self, page: Page, run: RunState, kind: str) -> None:
        self.page = page
        self.run = run
        self.kind = kind
        self.number = 0

    def visit(self, name: str, path: str) -> None:
        self.page.goto(f"{self.run.site}{path}")
        self.keep(name)

    def keep(self, name: str) -> None:
        self.number += 1
        self.page.evaluate(ALL_IMAGES)
        self.page.screenshot(path=FOLDER / f"{self.number:02}-{name}-{self.kind}.png", full_page=True)


def look_around(album: Album) -> None:
    album.visit("whats-on", "/")
    links = album.page.locator("a[href^='/movies/']")
    movie = links.first.get_attribute("href") if links.count() else None
    theater = album.page.locator("a[href^='/theaters/']")
    if theater.count():
        album.visit("theater", theater.first.get_attribute("href") or "/")
    if movie:
        album.visit("movie", movie)
    album.visit("not-found", "/movies/no-such-movie/")
    album.visit("sign-in", "/accounts/login/")
    album.visit("my-bookings", "/bookings/")


def buy(album: Album) -> None:
    page = album.page
    showtime = _a_showtime_with_free_seats(album)
    if showtime is None:
        return
    for _ in range(2):
        seat = page.locator(FREE_SEAT).first
        label = seat.get_attribute("data-seat")
        seat.click()
        page.locator(f"[data-seat='{label}'][data-state=mine]").wait_for()
    album.keep("seats-mine")
    album.visit("checkout", f"/checkout/{showtime}/")
    page.locator("input[name=email]").fill("ada@example.com")
    page.get_by_role("button", name=re.compile(r"^Pay ")).click()
    if album.run.sandbox is None:
        return
    page.wait_for_url(f"{album.run.sandbox}/**")
    album.keep("stripe")
    _pay(page)
    page.locator("#booking-status[data-status=confirmed]").wait_for()
    album.keep("booking")
    ticket = page.locator("a[href^='/tickets/']").first
    if ticket.count():
        album.visit("ticket", ticket.get_attribute("href") or "/")


def _a_showtime_with_free_seats(album: Album) -> str | None:
    """Open showtimes from the end of the first day backward: late shows have the most room."""
    album.page.goto(f"{album.run.site}/")
    paths = [link.get_attribute("href") or "" for link in album.page.locator("a[href^='/showtimes/']").all()]
    for path in reversed(paths):
        album.page.goto(f"{album.run.site}{path}")
        if album.page.locator(FREE_SEAT).count() > 20:
            album.keep("seats")
            return path.strip("/").split("/")[1]
    print("No showtime of today has enough free seats; pictures of buying are left out.")
    return None


def _pay(page: Page) -> None:
    for name, value in CARD.items():
        page.locator(f"input[name={name}]").fill(value)
    page.get_by_role("button", name=re.compile("^Pay")).click()


def look_at_staff_pages(album: Album) -> None:
    page = album.page
    page.goto(f"{album.run.site}/admin/")
    page.locator("input[type=email], input[name=login], input[name=username]").first.fill(album.run.staff_email)
    page.locator("input[type=password]").fill(album.run.staff_password)
    page.locator("input[type=password]").press("Enter")
    page.wait_for_load_state()
    album.visit("admin", "/admin/")
    album.visit("admin-showtimes", "/admin/theaters/showtime/")
    album.visit("mail", "/dev/mail/")


CHAPTERS: tuple[Callable[[Album], None], ...] = (look_around, buy, look_at_staff_pages)


def main() -> int:
    run = read_run()
    if run is None:
        print("No system is running here. Start one with `make run` in another terminal.")
        return 1
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    troubles = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        for size in SIZES:
            for scheme in SCHEMES:
                with _album(browser, run, size, scheme) as album:
                    troubles += sum(not _told(chapter, album) for chapter in CHAPTERS)
        browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(Path.cwd(), walk_up=True)}/")
    return 1 if troubles else 0


@contextmanager
def _album(browser: Browser, run: RunState, size: str, scheme: str) -> Iterator[Album]:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    yield Album(context.new_page(), run, f"{size}-{scheme}")
    context.close()


def _told(chapter: Callable[[Album], None], album: Album) -> bool:
    try:
        chapter(album)
    except Error as error:
        print(f"{chapter.__name__} ({album.kind}) stopped at {album.page.url}: {str(error).splitlines()[0]}")
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
