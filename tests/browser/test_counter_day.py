"""An evening at the counter: two devices, two operators, voids below and above the limit, a pay-out, and drawers that add up.

For each void the test counts the presses from the sale's page on, without the keys of a PIN.
"""

from collections import Counter
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from boxoffice.selectors.takings import takings_of
from houses.models import Theater
from payments.books.ledger_export import ledger_lines
from payments.models import Payment, Refund
from payments.refunds.cancellation import cancel_and_refund
from payments.states import PaymentMethod
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.models import Booking
from reservations.states import CancelCause
from tests.browser.test_counter import open_desk, see_total
from tests.browser.test_devices import choose, enroll, named
from tests.clock import today
from tests.devices import OTHER_PIN, PIN
from tests.factories import make_movie, make_showtime

MOST_PRESSES = 4


@pytest.fixture
def showtime(site):
    showtime = make_showtime(movie=make_movie(title="Metropolis", slug="metropolis"))
    Theater.objects.update(refund_limit=Decimal(20), avoids_single_seats=False)
    return showtime


class Presses:
    """Clicks on things of a page, counted."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, locator) -> None:
        locator.click()
        self.count += 1


def sell(page: Page, showtime, seats: str, *, by_card=False) -> Booking:
    open_desk(page, showtime)
    page.locator(f"#best [value='{seats}']").click()
    see_total(page, f"{seats} ticket")
    if by_card:
        page.get_by_text("Card at the terminal").click()
    page.get_by_role("button", name="The terminal said yes" if by_card else "Take cash").click()
    expect(page.locator("[data-ticket-code]")).to_have_count(int(seats))
    return Booking.objects.order_by("-pk")[0]


def void(page: Page, booking: Booking, *, pin: str, reverses="", approver: tuple[int, str] | None = None) -> int:
    """Void a sale of the counter; returns the number of presses."""
    page.goto(f"/counter/sales/{booking.reference}/")
    press = Presses()
    press(page.get_by_role("link", name="Void this sale"))
    if reverses:
        press(page.get_by_label(f"The terminal has reversed {reverses}"))
    press(page.get_by_text("Wrong showtime", exact=True))
    if approver:
        page.get_by_label("Who approves?").select_option(str(approver[0]))
        page.get_by_label("Their PIN").fill(approver[1])
    page.get_by_label("Your PIN").fill(pin)
    press(page.get_by_role("button", name="Void", exact=False).last)
    expect(page.get_by_role("heading", name="Voided")).to_be_visible()
    return press.count


def drawers_that_are_what_the_ledger_says(theater) -> dict:
    """Return cash and terminal of each device today, after comparing them with the ledger."""
    takings = takings_of(theater, today(theater))
    booked: Counter = Counter()
    for line in ledger_lines(theater=theater, first=takings.day, last=takings.day):
        if line.book == "money":
            booked[line.method] += line.gross
    assert (booked[PaymentMethod.CASH], booked[PaymentMethod.TERMINAL]) == (takings.total.cash, takings.total.terminal)
    return {drawer.device: (drawer.total.cash, drawer.total.terminal) for drawer in takings.drawers}


@pytest.mark.long
def test_a_day_with_two_devices_and_two_operators_adds_up(showtime, visit, books):
    theater = showtime.auditorium.theater
    named("BOX_OFFICE", theater, "Ann")
    boss = named("MANAGER", theater, "Mia", OTHER_PIN)
    left, right = visit(width=820, height=1180, color_scheme="light"), visit(color_scheme="dark")
    first_device, second_device = enroll(left, theater, "Kasse 1"), enroll(right, theater, "Kasse 2")
    choose(left, "Ann")
    expect(left.locator("[data-operator]")).to_have_text("Ann")
    choose(right, "Mia", OTHER_PIN)
    expect(right.locator("[data-operator]")).to_have_text("Mia")

    small, large = sell(left, showtime, "1"), sell(left, showtime, "2")
    card, ill = sell(right, showtime, "1", by_card=True), sell(right, showtime, "1")
    # The operators take turns: Mia voids at the first device what Ann sold there.
    left.get_by_role("button", name="Lock").click()
    choose(left, "Mia", OTHER_PIN)
    expect(left.locator("[data-operator]")).to_have_text("Mia")
    presses = [void(left, small, pin=OTHER_PIN)]
    left.get_by_role("button", name="Lock").click()
    choose(left, "Ann")
    expect(left.locator("[data-operator]")).to_have_text("Ann")
    presses.append(void(left, large, pin=PIN, approver=(boss.pk, OTHER_PIN)))
    presses.append(void(right, card, pin=OTHER_PIN, reverses=f"£{card.total}"))
    assert max(presses) <= MOST_PRESSES, presses

    cancel_and_refund(
        booking_id=ill.pk, ticket_ids=None, origin=CancellationOrigin(CancelCause.STAFF, "staff:1", "They are ill")
    )
    kept = sell(left, showtime, "2")
    right.goto("/counter/pay-outs/")
    right.get_by_role("link", name=ill.reference).click()
    right.get_by_role("button", name="Paid in cash").click()
    right.get_by_label("PIN", exact=False).first.fill(OTHER_PIN)
    right.keyboard.press("Enter")
    expect(right.get_by_text("went back in cash")).to_be_visible()

    right.goto("/counter/takings/")
    expect(right.locator("[data-cash]")).to_have_text(f"£{kept.total}")
    expect(right.locator("[data-terminal]")).to_have_text("£0.00")
    assert drawers_that_are_what_the_ledger_says(theater) == {first_device: (kept.total, 0), second_device: (0, 0)}
    assert (Payment.objects.count(), Refund.objects.filter(status="SUCCEEDED").count()) == (5, 4)
    assert Booking.objects.filter(status="CONFIRMED").get() == kept
