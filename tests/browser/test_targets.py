"""At tablet widths everything that fingers press is large enough and nothing is cut off. These tests measure sizes and do
not run axe.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.steps import go_to_checkout, open_map, sign_in, take
from tests.clock import begins_in
from tests.counter import make_seller, sell_seats
from tests.factories import make_auditorium, make_movie, make_showtime, make_theater

MEASURE = (Path(__file__).parent / "targets.js").read_text()
# Before two frames have passed, sizes may be those of the previous width.
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
WIDTHS = (768, 820, 1024)
FINGER, POINTER = 44, 24
COUNTER_AND_DOOR = ("/counter/", "/door/")


def measured(page: Page, widths: tuple[int, ...] = WIDTHS, least: int = 0) -> Iterator[str]:
    """One line for each fault of the open page."""
    path = page.evaluate("location.pathname")
    least = least or (FINGER if path.startswith(COUNTER_AND_DOOR) else POINTER)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 1024})
        page.evaluate(TWO_FRAMES)
        yield from (f"{path} at {width} px: {fault}" for fault in page.evaluate(MEASURE, [least, False]))
    page.set_viewport_size({"width": WIDTHS[0], "height": 1024})


@pytest.fixture
def tablet(visit, watch) -> Iterator[Page]:
    """A tablet whose widths are judged by `measured`: while a window is made narrower, things may stick out for a moment."""
    yield visit(width=WIDTHS[0], height=1024, has_touch=True)
    watch.complaints[:] = [one for one in watch.complaints if "px too wide" not in one]


@pytest.fixture
def evening(site):
    """A showtime that starts soon, in a wide auditorium whose rows have names of two letters."""
    wide = "\n".join(f"{letter} ooooooooooooo.oooooooooooooo" for letter in ("A", "B", "C", "AA", "AB"))
    movie = make_movie(title="Metropolis", slug="metropolis")
    showtime = make_showtime(movie=movie, auditorium=make_auditorium(make_theater(), wide))
    begins_in(showtime, minutes=60)
    return showtime


@pytest.mark.long
def test_the_counter_on_a_tablet(evening, tablet, manager, watch):
    watch.allow(422)
    sold = sell_seats(evening, make_seller(evening), "A1", "A2").booking
    sign_in(tablet, manager)
    found = []
    sale, desk = f"/counter/sales/{sold.reference}/", f"/counter/showtimes/{evening.pk}/"
    lists = ("/counter/sales/", "/counter/pay-outs/", "/counter/takings/", f"/counter/find/?q={sold.reference}")
    acts = (f"{sale}resend/", f"{sale}swap/", f"{sale}void/")
    for address in ("/counter/?change", "/counter/", desk, sale, *acts, *lists):
        tablet.goto(address)
        found += measured(tablet)
    tablet.goto(desk)
    tablet.locator("#best").get_by_role("button", name="2", exact=True).click()
    tablet.get_by_label("Cash handed over").fill("1")
    tablet.get_by_role("button", name="Take cash").click()
    tablet.get_by_text("less than the total").wait_for()
    found += measured(tablet)
    assert found == []


@pytest.mark.long
def test_the_door_on_a_tablet(evening, tablet, manager):
    ticket = sell_seats(evening, make_seller(evening), "A1", "A2").booking.tickets.first()
    sign_in(tablet, manager)
    tablet.goto("/door/")
    found = list(measured(tablet))
    tablet.get_by_role("button", name="Open this door").click()
    shown = {ticket.code: '#result[data-answer="welcome"]', "no ticket": '#result[data-answer="refused"]'}
    for code, answer in (shown | {ticket.booking.reference: ".party"}).items():
        tablet.get_by_label("Code").first.fill(code)
        tablet.keyboard.press("Enter")
        tablet.locator(answer).wait_for()
        found += measured(tablet)
    tablet.goto(f"/door/find/?q={ticket.booking.reference}")
    found += measured(tablet)
    assert found == []


@pytest.mark.long
def test_customers_pages_on_a_tablet(evening, tablet):
    found = []
    theater = f"/theaters/{evening.auditorium.theater.slug}/"
    account = (
        "/accounts/login/",
        "/accounts/login/code/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/needs/",
    )
    for address in ("/", theater, "/movies/metropolis/", *account):
        tablet.goto(address)
        found += measured(tablet)
    open_map(tablet, evening)
    take(tablet, "A3")
    found += measured(tablet)
    go_to_checkout(tablet)
    found += measured(tablet)
    assert found == []


@pytest.mark.long
def test_the_footer_on_a_phone(evening, visit):
    phone = visit(width=375, height=812, has_touch=True)
    phone.goto("/")
    sizes = phone.locator(".site-footer :is(a, button)").evaluate_all(
        "all => all.map(one => [one.textContent.trim(), one.offsetWidth, one.offsetHeight])"
    )
    assert len(sizes) > 3
    assert [name for name, width, height in sizes if min(width, height) < FINGER] == []


@pytest.mark.long
def test_the_name_of_the_house_on_a_phone(evening, visit):
    """Its board is lower than a finger is wide, so the link reaches above and below it."""
    phone = visit(width=375, height=812, has_touch=True)
    phone.goto("/")
    board = phone.locator(".site-header .wordmark").bounding_box()
    x, y = board["x"] + board["width"] / 2, board["y"] + board["height"] / 2
    hit = "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('.wordmark'))"
    assert [phone.evaluate(hit, [x, y + away]) for away in (1 - FINGER / 2, FINGER / 2 - 1)] == [True, True]


@pytest.mark.long
def test_words_of_a_chart_on_a_phone(evening, visit, manager):
    """They can be read, none lies on another, and nothing scrolls sideways."""
    for number in range(12):
        sell_seats(evening, make_seller(evening, number=number), f"A{number + 1}")
    phone = visit(width=375, height=812, has_touch=True)
    sign_in(phone, manager)
    phone.goto(f"/admin/reservations/booking/reports/sales/?theater={evening.auditorium.theater_id}")
    boxes = phone.locator(".chart text:visible").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(box => [box.left, box.right, box.top, box.height])"
    )
    assert boxes and [height for *_, height in boxes if height < 11] == []
    assert [
        (one, other)
        for one in boxes
        for other in boxes
        if one[0] < other[0] < one[1] and abs(one[2] - other[2]) < one[3]
    ] == []
