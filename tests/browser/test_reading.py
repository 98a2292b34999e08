"""Customers' pages for people with their own colors, with more space between letters, and at 400 % zoom."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Page

from sales.models import Sale
from tests.boxoffice.scenes import book
from tests.browser.steps import go_to_checkout, open_map, press_pay, sign_in, take
from tests.clock import begins_in
from tests.factories import hold_seats, make_auditorium, make_browser, make_movie, make_showtime, make_theater

MEASURE = (Path(__file__).parent / "reading.js").read_text()
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# WCAG 2.2, 1.4.12.
SPACING = """(isOn) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    + " p { margin-block-end: 2em !important }");
  document.adoptedStyleSheets = isOn ? [sheet] : [];
}"""
PHONE, DESK = {"width": 375, "height": 812}, {"width": 1280, "height": 900}
# 1280 by 1024 at 400 %.
ZOOMED = {"width": 320, "height": 256}
MODES = [("forced", PHONE), ("forced", DESK), ("spaced", PHONE), ("spaced", DESK), ("zoomed", ZOOMED)]
ROOM = "[Stalls]\nA ooo.ooo\nB ppp.ppp\nC ss.wc\n[The Queen's Circle]\nA ooo.ooo"


def measured(page: Page) -> list[str]:
    """A line for each fault of the page that is open, in each of the modes."""
    found = []
    for mode, size in MODES:
        page.set_viewport_size(size)
        page.emulate_media(forced_colors="active" if mode == "forced" else "none")
        page.evaluate(SPACING, mode == "spaced")
        page.evaluate(TWO_FRAMES)
        where = f"{page.evaluate('location.pathname')}, {mode}, {size['width']} px"
        found += [f"{where}: {fault}" for fault in page.evaluate(MEASURE)]
    page.emulate_media(forced_colors="none")
    page.evaluate(SPACING, False)
    page.set_viewport_size(DESK)
    return found


@pytest.fixture
def evening(site):
    movie = make_movie(title="The Umbrellas of Cherbourg", slug="umbrellas")
    showtime = make_showtime(movie=movie, auditorium=make_auditorium(make_theater(), ROOM))
    begins_in(showtime, minutes=90)
    hold_seats(showtime, make_browser(9), "B1")
    return showtime


@pytest.fixture
def page(visit, watch) -> Iterator[Page]:
    """Widths are judged above, when the page stands still; while a window is made narrower it may stick out for a moment."""
    watch.allow(422)
    yield visit()
    watch.complaints[:] = [one for one in watch.complaints if "px too wide" not in one]


@pytest.mark.long
def test_own_colors_spacing_and_zoom(evening, page, member):
    theater = f"/theaters/{evening.auditorium.theater.slug}/"
    found = []
    for address in ("/", "/movies/umbrellas/", theater, "/accounts/login/", "/accounts/signup/", "/find-booking/"):
        page.goto(address)
        found += measured(page)
    open_map(page, evening)
    take(page, "The Queen's Circle A1", "C1", "C2")
    found += measured(page)
    go_to_checkout(page)
    page.get_by_label("E-mail").fill("nobody")
    press_pay(page)
    page.locator(".field-error").first.wait_for()
    found += measured(page)
    with transaction.atomic():
        booking = book(evening, "B2", "B3")
    Sale.objects.filter(pk=booking.sale_id).update(user=member)
    sign_in(page, member)
    account = ("/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/sessions/")
    own = (f"/bookings/{booking.reference}/", f"/bookings/{booking.reference}/cancel/")
    for address in ("/bookings/", *own, f"/tickets/{booking.tickets.first().code}/", *account):
        page.goto(address)
        found += measured(page)
    assert found == []
