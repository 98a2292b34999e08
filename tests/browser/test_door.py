"""The door: two devices scan one code, a device has no camera, and everything works by keyboard."""

import re

import pytest
from django.db import transaction
from playwright.sync_api import expect

from reservations.models import Ticket
from sales.models import Contact
from tests.boxoffice.scenes import book
from tests.browser.steps import sign_in
from tests.browser.test_axe import assert_open_to_all
from tests.clock import begins_in


@pytest.fixture
def ticket(showtime) -> Ticket:
    """A ticket for a showtime that starts in half an hour."""
    with transaction.atomic():
        ticket = book(showtime, "A3").tickets.get()
    begins_in(showtime, minutes=30)
    return ticket


def stand_at(page, manager, showtime, name):
    sign_in(page, manager)
    page.goto("/door/")
    page.get_by_label("Where do you stand?").select_option(
        label=f"{showtime.auditorium.theater.name}, {showtime.auditorium.name}"
    )
    page.get_by_label("Name of this door").fill(name)
    page.get_by_role("button", name="Open this door").click()
    expect(page.get_by_text("Ready for the first ticket.")).to_be_visible()


def scan(page, text):
    """Type a code and press Enter, as a scanner does."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def see(page, answer, *words):
    expect(page.locator("#result")).to_have_attribute("data-answer", answer)
    for word in words:
        expect(page.locator("#result .answer")).to_contain_text(word)


@pytest.mark.long
def test_two_devices_with_one_code_let_one_in(showtime, ticket, guest, visit, manager, site):
    other = visit(width=375, height=800)
    stand_at(guest, manager, showtime, "door 1")
    stand_at(other, manager, showtime, "door 2")
    scan(guest, f"{site.url}/tickets/{ticket.code}/")
    see(guest, "welcome", "Row A, seat 3", "Adult")
    scan(other, ticket.code)
    see(other, "refused", "Used at", "at door 1")
    guest.get_by_role("button", name="Undo A3").click()
    see(guest, "refused", "the ticket is good again")
    scan(other, ticket.code)
    see(other, "welcome", "Row A, seat 3")
    ticket.refresh_from_db()
    assert ticket.status == "USED"


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_somebody_needs_can_be_read_on_a_welcome_and_on_a_stop(showtime, ticket, guest, manager, scheme):
    Contact.objects.update(told_needs=["DOG"])
    guest.emulate_media(color_scheme=scheme)
    stand_at(guest, manager, showtime, "door 1")
    for answer in ("welcome", "refused"):
        scan(guest, ticket.code)
        see(guest, answer, "comes with an assistance dog")
        assert_open_to_all(guest)


SCANS = "**/door/scan/"
EIGHT = ["A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4"]


TOO_SMALL = """() => [...document.querySelectorAll("main :is(a, button, input, summary)")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
  .map((one) => one.outerHTML.slice(0, 90))"""
# Elements that reach beyond the field of the answer.
CUT = """() => [...document.querySelectorAll(".answer *")]
  .filter((one) => one.getBoundingClientRect().right > one.closest(".answer").getBoundingClientRect().right)
  .map((one) => one.outerHTML.slice(0, 90))"""


def see_nothing_cut(page):
    """Fail if text sticks out. After a change of the window's width, sizes may take some frames to follow."""
    for _ in range(60):
        if page.evaluate(CUT) == []:
            return
        page.evaluate("new Promise(requestAnimationFrame)")
    assert page.evaluate(CUT) == []


ENDLESS_PATIENCE = """() => {
    const { setTimeout } = window;
    window.setTimeout = (act, ms) => (ms === 4000 ? 0 : setTimeout(act, ms));
}"""


class SlowServer:
    """Holds scans back until the test lets them through. If `patient`, the door waits for them without end instead of
    four seconds.
    """

    def __init__(self, page, *, patient: bool = True) -> None:
        self._page = page
        self._held = []
        if patient:
            page.evaluate(ENDLESS_PATIENCE)
        page.route(SCANS, self._hold)

    def _hold(self, route) -> None:
        self._held.append(route)

    def next(self):
        """The scan that waits for its answer. The door sends one at a time."""
        while not self._held:
            self._page.evaluate("new Promise(requestAnimationFrame)")
        (route,) = self._held
        self._held.clear()
        return route

    def recover(self) -> None:
        self._page.unroute(SCANS)


@pytest.mark.long
def test_scans_that_are_faster_than_the_answer_are_checked_one_by_one(showtime, guest, manager):
    with transaction.atomic():
        bought = book(showtime, *EIGHT)
        codes = [ticket.code for ticket in bought.tickets.order_by("pk")]
    begins_in(showtime, minutes=30)
    stand_at(guest, manager, showtime, "door 1")
    server = SlowServer(guest)
    for code in codes:
        scan(guest, code)
        expect(guest.get_by_label("Code of the ticket")).to_have_value("")
    see(guest, "waiting", "8 scans are being checked")
    for number in range(1, 9):
        expect(guest.locator("#scans li")).to_have_count(9 - number)
        expect(guest.locator("#result")).to_have_attribute("data-answer", "waiting")
        server.next().continue_()
        expect(guest.locator(".entries li[data-outcome=admitted]")).to_have_count(number)
    see(guest, "welcome", "Row B, seat 4")
    assert set(Ticket.objects.values_list("status", flat=True)) == {"USED"}


@pytest.mark.long
def test_a_stop_among_fast_scans_stays_in_sight(showtime, ticket, guest, manager):
    stand_at(guest, manager, showtime, "door 1")
    server = SlowServer(guest)
    scan(guest, "a" * 28)
    scan(guest, ticket.code)
    server.next().continue_()
    see(guest, "refused", "not one of our tickets")
    expect(guest.locator("#scans li")).to_have_count(1)
    server.next().continue_()
    expect(guest.locator(".entries li[data-outcome=admitted]")).to_have_count(1)
    see(guest, "refused", "not one of our tickets")
    server.recover()
    scan(guest, ticket.code)
    see(guest, "refused", "Used at")


def test_no_answer_is_never_green(showtime, ticket, guest, manager, watch):
    """A scan turns the field grey. After four seconds without an answer the field is red, and the same scan can be tried
    again.
    """
    with transaction.atomic():
        second = book(showtime, "B2", number=1).tickets.get()
    guest.clock.install()
    stand_at(guest, manager, showtime, "door 1")
    scan(guest, ticket.code)
    see(guest, "welcome")
    server = SlowServer(guest, patient=False)
    scan(guest, second.code)
    see(guest, "waiting", "Checking")
    # The scan reaches the server, but its answer is lost.
    server.next().fetch()
    guest.clock.fast_forward(4000)
    see(guest, "unknown", "No answer", "longer than 4 seconds", "Try again")
    assert_open_to_all(guest)
    for width in (375, 768, 820, 1280):
        guest.set_viewport_size({"width": width, "height": 800})
        see_nothing_cut(guest)
    server.recover()
    guest.get_by_role("button", name="Try again").click()
    see(guest, "welcome", "Row B, seat 2")
    assert second.scans.count() == 1
    guest.context.set_offline(True)
    expect(guest.locator("#result")).to_have_attribute("data-answer", "none")
    scan(guest, second.code)
    see(guest, "unknown", "No answer", "no connection")
    guest.context.set_offline(False)
    watch.complaints.clear()


@pytest.mark.long
def test_a_scan_without_an_answer_outlives_its_page_and_not_the_persons_session(
    showtime, ticket, guest, manager, watch
):
    stand_at(guest, manager, showtime, "door 1")
    lose_scans(guest)
    scan(guest, ticket.code)
    see(guest, "unknown", "No answer")
    guest.unroute(SCANS)
    guest.goto("/counter/")
    guest.goto("/door/")
    line = guest.locator("#scans li")
    expect(line).to_contain_text(re.compile(rf"…{ticket.code[-4:]}, \d\d:\d\d"))
    line.get_by_role("button", name="Try again").click()
    see(guest, "welcome", "Row A, seat 3")
    expect(line).to_have_count(0)
    assert ticket.scans.count() == 1
    guest.reload()
    expect(guest.locator("#result")).to_have_attribute("data-answer", "none")
    expect(line).to_have_count(0)
    lose_scans(guest)
    scan(guest, ticket.code)
    see(guest, "unknown")
    guest.goto("/accounts/logout/")
    guest.route("**/accounts/logout/", lambda route: route.abort())
    guest.locator("main form button").first.click()
    guest.unroute("**/accounts/logout/")
    guest.goto("/")
    assert guest.evaluate("localStorage.length") == 0
    watch.complaints.clear()


def lose_scans(page):
    """Let scans reach the server, but lose every answer."""
    page.route(SCANS, lambda route: (route.fetch(), route.abort()))


@pytest.mark.long
def test_the_camera_goes_the_same_way(showtime, ticket, guest, manager):
    guest.add_init_script(
        f"""window.BarcodeDetector = class {{ async detect() {{ return [{{ rawValue: "{ticket.code}" }}] }} }};
        const picture = document.createElement("canvas");
        setInterval(() => picture.getContext("2d").fillRect(0, 0, 9, 9), 20);
        navigator.mediaDevices.getUserMedia = async () => picture.captureStream();"""
    )
    stand_at(guest, manager, showtime, "door 1")
    server = SlowServer(guest)
    guest.get_by_role("button", name="Use the camera").click()
    see(guest, "waiting")
    server.next().continue_()
    see(guest, "welcome", "Row A, seat 3")


@pytest.mark.long
def test_a_reference_lets_the_whole_party_in(showtime, guest, manager):
    with transaction.atomic():
        booking = book(showtime, "A1", "A2", "A3")
    begins_in(showtime, minutes=30)
    stand_at(guest, manager, showtime, "door 1")
    scan(guest, booking.reference.lower())
    see(guest, "party", "0 of 3 in", "missing: A1, A2, A3")
    for width in (375, 820, 1280):
        guest.set_viewport_size({"width": width, "height": 800})
        assert guest.evaluate(TOO_SMALL) == []
        see_nothing_cut(guest)
    assert_open_to_all(guest)
    guest.get_by_role("button", name="Let all 3 in").click()
    see(guest, "welcome", "3 let in: A1, A2, A3")
    guest.locator(".party").get_by_role("button", name="Undo A2").click()
    see(guest, "refused", "good again")
    guest.get_by_role("link", name=booking.reference).click()
    expect(guest.locator(".answer")).to_contain_text("2 of 3 in")


@pytest.mark.long
def test_what_a_scanner_types_is_no_reason(showtime, ticket, guest, manager, watch):
    watch.allow(409)
    stand_at(guest, manager, showtime, "door 1")
    scan(guest, ticket.code)
    see(guest, "welcome")
    scan(guest, ticket.code)
    see(guest, "refused", "Used at")
    guest.get_by_text("Let them in all the same").click()
    assert_open_to_all(guest)
    guest.get_by_label("Why?").fill(ticket.code)
    guest.get_by_label("Why?").press("Enter")
    see(guest, "refused", "Say in a few words why")
    scan(guest, ticket.code)
    guest.get_by_text("Let them in all the same").click()
    guest.get_by_label("Why?").fill("Came back from the car")
    guest.get_by_label("Why?").press("Enter")
    see(guest, "welcome", "Row A, seat 3")


@pytest.mark.long
def test_without_script_the_door_answers_too(showtime, ticket, visit, manager):
    page = visit(java_script_enabled=False)
    stand_at(page, manager, showtime, "door 1")
    page.get_by_label("Code of the ticket").fill(ticket.code)
    page.get_by_role("button", name="Check").click()
    see(page, "welcome", "Row A, seat 3")
    page.reload()
    see(page, "welcome")


@pytest.mark.long
def test_without_a_camera_the_page_says_what_to_do(showtime, ticket, guest, manager):
    stand_at(guest, manager, showtime, "door 1")
    guest.get_by_role("button", name="Use the camera").click()
    expect(guest.get_by_text("Type the code")).to_be_visible()
    guest.get_by_label("Code of the ticket").fill(ticket.code)
    guest.get_by_role("button", name="Check").click()
    see(guest, "welcome")
