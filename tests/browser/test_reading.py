"""Customer pages for people who use their own colors, wider letter spacing, or 400 % zoom."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page

from reservations.door.party_codes import choose_party_code
from reservations.models import GroupBlock, WaitingSkip
from sales.models import Sale
from tests.boxoffice.scenes import book
from tests.browser.steps import go_to_checkout, open_map, press_pay, see_seat, sign_in, take
from tests.browser.test_axe import barriers
from tests.clock import begins_in
from tests.exchanging import let_exchange
from tests.factories import (
    hold_seats,
    make_auditorium,
    make_browser,
    make_favorite,
    make_group,
    make_movie,
    make_showtime,
    make_theater,
    make_transfer,
    make_waiting_entry,
)

MEASURE = (Path(__file__).parent / "reading.js").read_text()
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# The text spacing of WCAG 2.2, 1.4.12.
SPACING = """(isOn) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    + " p { margin-block-end: 2em !important }");
  document.adoptedStyleSheets = isOn ? [sheet] : [];
}"""
PHONE, DESK = {"width": 375, "height": 812}, {"width": 1280, "height": 900}
# 1280 by 1024 CSS pixels at 400 %.
ZOOMED = {"width": 320, "height": 256}
MODES = [("forced", PHONE), ("forced", DESK), ("spaced", PHONE), ("spaced", DESK), ("zoomed", ZOOMED)]
ROOM = "[Stalls]\nA ooo.ooo\nB ppp.ppp\nC ss.wc\n[The Queen's Circle]\nA ooo.ooo"


def measured(page: Page) -> list[str]:
    """One line for each fault of the open page, in each of the modes."""
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
    """A page whose widths are judged by `measured`: while a window is made narrower, things may stick out for a moment."""
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
    take(page, "The Queen's Circle A1", "C1")
    see_seat(page, "C2", "mine")
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


def states_after_the_sale(showtime, member) -> list[str]:
    """Addresses of bookings that wait, were given away, changed, or are over; axe and the modes above check each."""
    theater = showtime.auditorium.theater
    let_exchange(theater)
    with transaction.atomic():
        booking = book(showtime, "B2", "B3")
    Sale.objects.filter(pk=booking.sale_id).update(user=member)
    choose_party_code(booking_id=booking.pk, wanted=True)
    booking.refresh_from_db()
    given, kept = (booking.tickets.get(seat__label=label) for label in ("B2", "B3"))
    with transaction.atomic():
        make_group(showtime, "C1", "C2")
    over = {"ended_at": timezone.now()}
    entries = {"ASKED": {}, "WAITING": {}, "LEFT": over, "OVER": over, "MISSED": over}
    waiting = [
        make_waiting_entry(showtime, status=status, email=f"{status}@example.com", **columns)
        for status, columns in entries.items()
    ]
    WaitingSkip.objects.create(entry=waiting[1], reason="APART", free=2)
    favorite, movie = make_favorite(theater, make_movie(slug="coming")), "/movies/coming/tell-me/"
    mine = f"/bookings/{booking.reference}/"
    return [
        f"/showtimes/{showtime.pk}/waiting/",
        *(f"/waiting/{entry.code}/" for entry in waiting),
        f"/groups/{GroupBlock.objects.get().code}/",
        f"/transfers/{make_transfer(given).code}/",
        f"/tickets/{given.code}/transfer/",
        f"/tickets/{kept.code}/transfer/",
        f"/tickets/{booking.party_code}/",
        mine,
        f"{mine}exchange/",
        f"{mine}data/",
        movie,
        f"/favorites/{favorite.code}/",
        "/accounts/needs/",
        "/find-booking/",
        f"/showtimes/{showtime.pk}/?view=list",
        "/no/such/page/",
    ]


@pytest.mark.long
def test_every_state_after_the_sale(evening, page, member, watch):
    watch.allow(404, 410)
    addresses = states_after_the_sale(evening, member)
    sign_in(page, member)
    page.emulate_media(reduced_motion="reduce")
    found = []
    for address in addresses:
        answer = page.goto(address)
        assert answer.status == (404 if "no/such" in address else 200), address
        found += measured(page)
        found += map(str, barriers(page))
    assert found == []
