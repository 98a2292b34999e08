"""The whole way on a phone: by touch, 375 pixels wide."""

import re

import pytest
from django.db import transaction
from playwright.sync_api import expect

from tests.boxoffice.scenes import book
from tests.browser.steps import GOOD_CARD, home_of, open_map, panel, seat, see_seat, see_status
from tests.factories import make_auditorium, make_showtime, make_theater

WIDE_PLAN = "\n".join(f"{row} {'o' * 15}..{'p' * 15}" for row in "ABCDEFGHIJ")


@pytest.fixture
def phone(visit):
    return visit(width=375, height=812, is_mobile=True, has_touch=True, device_scale_factor=2)


def sideways(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth + scrollX")


@pytest.mark.long
def test_the_whole_way(showtime, phone, books):
    phone.goto(home_of(showtime))
    phone.get_by_role("link", name=re.compile(r"^\d\d:\d\d")).tap()
    for label in ("A3", "B4"):
        seat(phone, label).tap()
        see_seat(phone, label, "mine")
    panel(phone).get_by_role("link", name="Continue").tap()
    expect(phone.get_by_label("E-mail")).to_be_visible()
    assert sideways(phone) == 0
    phone.get_by_label("E-mail").fill("ada@example.com")
    phone.get_by_role("button", name="Pay £32.00").tap()
    phone.get_by_label("Card number").fill(GOOD_CARD)
    phone.get_by_label("Expiration").fill("12 / 34")
    phone.get_by_label("Security code").fill("123")
    phone.get_by_label("Name on card").fill("Ada Lovelace")
    phone.get_by_role("button", name="Pay £32.00").tap()
    see_status(phone, "confirmed")
    assert sideways(phone) == 0
    phone.locator(".qr").first.tap()
    expect(phone.locator("[data-ticket-code]")).to_have_count(1)
    assert sideways(phone) == 0


def test_a_large_map_pans_inside_its_frame(site, phone):
    wide = make_showtime(auditorium=make_auditorium(make_theater(), WIDE_PLAN))
    open_map(phone, wide)
    frame = phone.locator(".map-frame")
    phone.get_by_label("Large").tap()
    assert frame.evaluate("frame => frame.scrollWidth > frame.clientWidth + 100")
    frame.evaluate("frame => { frame.scrollLeft = frame.scrollWidth }")
    assert frame.evaluate("frame => frame.scrollLeft > 100")
    assert sideways(phone) == 0
    seat(phone, "A30").tap()
    see_seat(phone, "A30", "mine")
    assert seat(phone, "A30").evaluate("one => one.getBoundingClientRect().width >= 24")


def test_seats_are_large_enough_for_a_finger_when_the_map_is_small(showtime, phone):
    open_map(phone, showtime)
    assert seat(phone, "A1").evaluate("one => Math.min(one.offsetWidth, one.offsetHeight) >= 24")


def test_what_best_together_chose_is_in_sight_and_goes_back_at_once(phone):
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), WIDE_PLAN))
    open_map(phone, showtime)
    phone.get_by_role("button", name="Find").tap()
    expect(phone.locator("#notice")).to_contain_text("Held for you: row G")
    chosen = phone.locator(".seat[data-state=mine]")
    expect(chosen).to_have_count(2)
    sheet = panel(phone).bounding_box()
    for one in chosen.all():
        expect(one).to_be_in_viewport(ratio=1)
        assert one.bounding_box()["y"] + one.bounding_box()["height"] <= sheet["y"]
    panel(phone).get_by_role("button", name="Give up these seats").tap()
    expect(chosen).to_have_count(0)


COVERED = """async () => {
  await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null)));
  const focused = document.activeElement;
  if (focused === document.body) return "";
  const { x, y, width, height } = focused.getBoundingClientRect();
  const seen = document.elementFromPoint(x + width / 2, y + height / 2);
  return seen && (focused.contains(seen) || seen.contains(focused)) ? "" : focused.outerHTML.slice(0, 120);
}"""


def test_the_whole_code_of_a_ticket_is_in_sight_without_scrolling(showtime, visit):
    with transaction.atomic():
        ticket = book(showtime, "A1").tickets.get()
    page = visit()
    for width, height in ((360, 640), (640, 360), (320, 480)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"/tickets/{ticket.code}/")
        code = page.locator(".qr img").bounding_box()
        bar = page.locator(".site-nav").bounding_box()
        below = bar["y"] if bar["y"] > code["y"] else height
        assert 0 <= code["y"] < code["y"] + code["height"] <= below
        assert min(code["width"], code["height"]) >= 128
    expect(page.locator(".ticket-reference")).to_contain_text(ticket.booking.reference)


SPACED = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }");
  document.adoptedStyleSheets = [sheet];
}"""


def test_enlarged_to_400_percent_and_with_wide_text_nothing_sticks_out_or_covers_the_page(showtime, visit):
    page = visit(width=320, height=256)
    with transaction.atomic():
        ticket = book(showtime, "A1").tickets.get()
    for address in ("/", f"/showtimes/{showtime.pk}/", f"/tickets/{ticket.code}/", showtime.movie.get_absolute_url()):
        page.goto(address)
        page.evaluate(SPACED)
        assert (address, sideways(page)) == (address, 0)
        for bar in page.locator(".site-nav, .order").all():
            assert bar.evaluate("bar => getComputedStyle(bar).position") != "fixed"


def test_what_has_the_focus_is_not_below_a_bar(showtime, visit):
    with transaction.atomic():
        booking = book(showtime, "A1")
    page = visit(width=360, height=640)
    for address in ("/", f"/tickets/{booking.tickets.get().code}/"):
        page.goto(address)
        covered = []
        for _ in range(page.locator("a, button, input, select, summary").count()):
            page.keyboard.press("Tab")
            covered.append(page.evaluate(COVERED))
        assert [element for element in covered if element] == []
