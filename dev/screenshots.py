"""Screenshots of the main pages of a running system: three widths, both themes, one contact sheet.

`make run` in one terminal, `make screenshots` in another; then open screenshots/index.html. On the way a guest holds,
begins to pay for and buys some seats of the demo world.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from playwright import sync_api
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, StorageState

from dev.browser import running_chromium
from dev.state import CHECKOUT, RunState, read_run

WIDTHS = {375: 812, 768: 1024, 1280: 800}
THEMES = ("dark", "light")
DAYS_AHEAD = 3
TIMEOUT_MS = 30_000
EMAIL = "ada@example.com"


@dataclass(frozen=True)
class Shot:
    """A page to photograph: its file's name, its address, and whose browser sees it."""

    name: str
    url: str
    who: str = "guest"


@dataclass(frozen=True)
class Look:
    width: int
    theme: str

    @property
    def folder(self) -> str:
        return f"{self.width}-{self.theme}"


class Scene:
    """Somebody's browser in which things are done before the pictures are taken."""

    def __init__(self, chromium: Browser, run: RunState) -> None:
        self.run = run
        self.context = chromium.new_context(base_url=run.site, viewport={"width": 1280, "height": 900})
        self.context.set_default_timeout(TIMEOUT_MS)
        self.page = self.context.new_page()

    def showtimes(self) -> list[str]:
        """Addresses of showtimes some days ahead, the smallest auditorium first."""
        self.page.goto("/")
        found = []
        # The first theater last: the site remembers it, and the other pictures are of it.
        for theater in [self._href(link) for link in reversed(self.page.locator(".switch a").all())] or ["/"]:
            self.page.goto(theater)
            self.page.goto(self._href(self.page.locator(".days a").nth(DAYS_AHEAD)))
            found += [self._href(chip) for chip in self.page.locator("a.chip").all()]
        return sorted(found, key=self._seats_at)

    def _href(self, link: object) -> str:
        return str(link.get_attribute("href"))  # type: ignore[attr-defined]

    def _seats_at(self, showtime: str) -> int:
        return self.context.request.get(showtime).text().count("data-seat=")

    def hold(self, showtime: str, seats: int = 2) -> str:
        """Take some seats in the middle of the room; the map's address."""
        self.page.goto(showtime)
        free = self.page.locator('.seat[data-state="free"]:not([data-category="wheelchair"])')
        labels = [str(free.nth(free.count() // 2 + number).get_attribute("data-seat")) for number in range(seats)]
        for label in labels:
            self.page.locator(f'[data-seat="{label}"]').click()
            self.page.locator(f'[data-seat="{label}"][data-state="mine"]').wait_for()
        return showtime

    def begin_paying(self, showtime: str) -> str:
        """Up to Stripe's page; the address of the payment page."""
        self.hold(showtime)
        self.page.locator("#order-panel").get_by_role("link", name="Continue").click()
        self.page.get_by_label("E-mail").fill(EMAIL)
        self.page.get_by_role("button", name=re.compile("^Pay ")).click()
        self.page.get_by_label("Card number").wait_for()
        return self.page.url

    def booking_of(self, showtime: str) -> str:
        """The page of the booking that waits for money."""
        self.page.goto(showtime)
        self.page.locator("#order-panel form button").first.wait_for()
        action = self.page.locator("#order-panel form").first.get_attribute("action") or ""
        reference = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", action)
        return f"/bookings/{reference[0]}/" if reference else showtime

    def buy(self, showtime: str) -> str:
        self.begin_paying(showtime)
        for label, value in {
            "Card number": "4242424242424242",
            "Expiration": "12 / 34",
            "Security code": "123",
            "Name on card": "Ada Lovelace",
        }.items():
            self.page.get_by_label(label).fill(value)
        self.page.get_by_role("button", name=re.compile("^Pay ")).click()
        self.page.locator('#booking-status[data-status="confirmed"]').wait_for()
        return self.page.url

    def sign_in(self) -> None:
        self.page.goto("/accounts/login/?next=/admin/")
        self.page.locator("input[type=email]").fill(self.run.staff_email)
        self.page.locator("input[type=password]").fill(self.run.staff_password)
        self.page.locator("main form button").first.click()
        self.page.wait_for_url("**/admin/")


def guests_shots(scene: Scene) -> Iterator[Shot]:
    showtimes = scene.showtimes()
    if len(showtimes) < 6:
        raise SystemExit("The site has too few showtimes for pictures: run it with its demo world.")
    small, *_, large = showtimes
    middle = len(showtimes) // 2
    yield Shot("home", "/")
    yield Shot("empty-day", "/?day=2199-01-01")
    yield Shot("past-day", "/?day=2020-01-01")
    scene.page.goto(large)
    for name in ("movie", "theater"):
        yield Shot(name, scene.page.locator(f'.showtime-head div a[href^="/{name}s/"]').get_attribute("href") or "/")
    yield Shot("map-small", small)
    yield Shot("map-middle", showtimes[middle + 1])
    yield Shot("map-large", large)
    yield Shot("map-holding", scene.hold(showtimes[middle]))
    yield Shot("checkout", showtimes[middle].replace("/showtimes/", "/checkout/"))
    waiting = showtimes[middle - 1]
    yield Shot("stripe", scene.begin_paying(waiting))
    yield Shot("booking-pending", scene.booking_of(waiting))
    yield Shot("checkout-pending", waiting.replace("/showtimes/", "/checkout/"))
    yield Shot("map-paying", waiting)
    yield Shot("booking-confirmed", scene.buy(showtimes[middle + 2]))
    yield Shot("ticket", scene.page.locator(".qr").first.get_attribute("href") or "/")
    for name in ("login", "login/code", "signup", "password/reset"):
        yield Shot(f"account-{name.replace('/', '-')}", f"/accounts/{name}/")
    yield Shot("not-found", "/no/such/page/")
    yield Shot("mails", "/dev/mail/")


def staffs_shots(scene: Scene) -> Iterator[Shot]:
    scene.sign_in()
    pages = {
        "bookings": "/bookings/",
        "account-email": "/accounts/email/",
        "account-2fa": "/accounts/2fa/",
        "account-sessions": "/accounts/sessions/",
        "office": "/admin/",
        "office-showtimes": "/admin/theaters/showtime/",
        "office-showtime-add": "/admin/theaters/showtime/add/",
        "office-movies": "/admin/theaters/movie/",
        "office-plans": "/admin/theaters/seatingplan/",
        "office-bookings": "/admin/reservations/booking/",
        "office-payments": "/admin/payments/payment/",
    }
    for name, url in pages.items():
        yield Shot(name, url, "staff")
    for name in ("office-plans", "office-bookings", "office-showtimes"):
        scene.page.goto(pages[name])
        first = scene.page.locator("#result_list tbody a").first
        if first.count():
            yield Shot(f"{name}-one", first.get_attribute("href") or "/", "staff")


class Camera:
    """Takes every shot in one look, and notes what the console said."""

    def __init__(self, folder: Path, look: Look, complain: Callable[[str], None]) -> None:
        self.folder = folder / look.folder
        self.look = look
        self.complain = complain
        self.folder.mkdir(parents=True, exist_ok=True)

    def take(self, context: BrowserContext, shot: Shot) -> None:
        page = context.new_page()
        page.on("console", lambda message: self._listen(shot, message))
        try:
            page.goto(shot.url, wait_until="load")
            self._measure(page, shot)
            page.screenshot(path=self.folder / f"{shot.name}.png", full_page=True, animations="disabled")
        except sync_api.TimeoutError as error:
            self.complain(f"{self.look.folder} {shot.name}: {error.message.splitlines()[0]}")
        page.close()

    def _listen(self, shot: Shot, message: ConsoleMessage) -> None:
        expected = shot.name == "not-found" and "404" in message.text
        if message.type in {"error", "warning"} and not expected:
            self.complain(f"{self.look.folder} {shot.name}: {message.text}")

    def _measure(self, page: Page, shot: Shot) -> None:
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            self.complain(f"{self.look.folder} {shot.name}: {wider} px wider than the window")


def photograph(
    chromium: Browser, run: RunState, shots: list[Shot], people: dict[str, StorageState], folder: Path
) -> list[str]:
    """All shots in all looks; what was not in order."""
    complaints: list[str] = []
    for look in (Look(width, theme) for width in WIDTHS for theme in THEMES):
        camera = Camera(folder, look, complaints.append)
        for who, cookies in people.items():
            context = chromium.new_context(
                base_url=run.site,
                storage_state=cookies,
                viewport={"width": look.width, "height": WIDTHS[look.width]},
                color_scheme="dark" if look.theme == "dark" else "light",
                reduced_motion="reduce",
            )
            context.set_default_timeout(TIMEOUT_MS)
            for shot in shots:
                if shot.who == who:
                    camera.take(context, shot)
            context.close()
        print(f"{look.folder}: {len(shots)} pages")
    return complaints


SHEET = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Marquee: pictures</title><style>
body {{ margin: 2rem; font: 15px/1.4 system-ui; background: #777; color: #fff }}
div {{ display: flex; gap: 12px; align-items: start; overflow-x: auto }}
img {{ height: 420px; width: auto; max-width: none; object-fit: cover; object-position: top }}
</style>{rows}</html>"""


def contact_sheet(shots: list[Shot]) -> str:
    looks = [Look(width, theme) for width in WIDTHS for theme in THEMES]
    rows = []
    for shot in shots:
        pictures = "".join(
            f'<a href="{look.folder}/{shot.name}.png"><img loading="lazy" alt="{shot.name}, {look.folder}"'
            f' title="{look.folder}" src="{look.folder}/{shot.name}.png"></a>'
            for look in looks
        )
        rows.append(f"<h2>{shot.name} <small>{escape(shot.url)}</small></h2><div>{pictures}</div>")
    return SHEET.format(rows="".join(rows))


def main() -> int:
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--only", default="", help="a regular expression that the pictures' names must match")
    parser.add_argument("--folder", type=Path, default=CHECKOUT / "screenshots")
    options = parser.parse_args()
    run = read_run()
    if run is None:
        print("Nothing runs here. Start it with `make run`, then try again.", file=sys.stderr)
        return 1
    with running_chromium() as chromium:
        guest, staff = Scene(chromium, run), Scene(chromium, run)
        shots = [shot for shot in (*guests_shots(guest), *staffs_shots(staff)) if re.search(options.only, shot.name)]
        people = {"guest": guest.context.storage_state(), "staff": staff.context.storage_state()}
        complaints = photograph(chromium, run, shots, people, options.folder)
    sheet = options.folder / "index.html"
    sheet.write_text(contact_sheet(shots))
    for complaint in complaints:
        print(complaint)
    print(f"{len(shots)} pages in {len(WIDTHS) * len(THEMES)} looks: {sheet}")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
