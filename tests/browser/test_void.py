"""A wrong sale is voided at the counter, below and above the limit, and the drawer adds up at the end of the day."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from houses.models import Theater
from payments.models import Refund
from payments.refunds.cancellation import cancel_and_refund
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.models import Booking
from reservations.states import CancelCause
from tests.browser.steps import see_seat, sign_in
from tests.browser.test_axe import assert_open_to_all
from tests.counter import make_seller, sell_seats
from tests.devices import PIN, operator
from tests.factories import make_movie, make_showtime


@pytest.fixture
def showtime(site):
    showtime = make_showtime(movie=make_movie(title="Metropolis", slug="metropolis"))
    Theater.objects.update(refund_limit=Decimal(100))
    return showtime


@pytest.mark.long
def test_a_day_with_a_void_and_a_pay_out_adds_up_and_the_seat_is_free_at_once(showtime, visit, manager, books):
    """The clerk uses the keyboard alone; somebody else has the map open meanwhile."""
    seller = make_seller(showtime)
    kept, wrong, ill = (sell_seats(showtime, seller, seat).booking for seat in ("A1", "A2", "A3"))
    cancel_and_refund(
        booking_id=ill.pk, ticket_ids=None, origin=CancellationOrigin(CancelCause.STAFF, "staff:1", "They are ill")
    )
    other = visit()
    sign_in(other, manager)
    other.goto(f"/counter/showtimes/{showtime.pk}/")
    see_seat(other, "A2", "sold")
    page = visit(width=820, height=1180, color_scheme="dark")
    sign_in(page, manager)
    page.goto(f"/counter/sales/{wrong.reference}/")
    page.keyboard.press("v")
    expect(page.get_by_role("heading", name="Void this sale")).to_be_visible()
    expect(page.locator("[data-cash]")).to_have_text("£14.50")
    assert_open_to_all(page)
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Hand back £14.50 in cash.")).to_be_visible()
    assert_open_to_all(page)
    see_seat(other, "A2", "free")
    page.goto("/counter/pay-outs/")
    page.get_by_role("link", name=ill.reference).click()
    page.get_by_role("button", name="Paid in cash").click()
    page.goto("/counter/takings/")
    expect(page.locator("[data-cash]")).to_have_text("£14.50")
    assert [refund.amount for refund in Refund.objects.filter(status="SUCCEEDED")] == [Decimal("14.50")] * 2
    kept.refresh_from_db()
    assert Booking.objects.filter(status="CONFIRMED").get() == kept


@pytest.mark.long
def test_above_the_limit_a_manager_types_their_pin_on_the_same_page(showtime, visit, manager, books, watch):
    watch.allow(422)
    theater = showtime.auditorium.theater
    Theater.objects.update(refund_limit=Decimal(20))
    boss = operator("MANAGER", theater)
    booking = sell_seats(showtime, make_seller(showtime), "A1", "A2").booking
    page = visit(width=820, height=1180, color_scheme="light")
    sign_in(page, manager)
    page.goto(f"/counter/sales/{booking.reference}/void/")
    page.get_by_label("Wrong showtime").check()
    page.get_by_role("button", name="Void and hand back £29.00").click()
    expect(page.get_by_text("Ask a manager to choose their name")).to_be_visible()
    expect(page.get_by_label("Who approves?")).to_be_focused()
    page.get_by_label("Who approves?").select_option(str(boss.pk))
    page.get_by_label("Their PIN").fill(PIN)
    assert_open_to_all(page)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Hand back £29.00 in cash.")).to_be_visible()
    assert Refund.objects.get().status == "SUCCEEDED"


@pytest.mark.long
def test_a_card_goes_back_on_the_terminal_without_script_too(showtime, visit, manager, books, watch):
    watch.allow(422)
    booking = sell_seats(showtime, make_seller(showtime), "A1", method="TERMINAL").booking
    page = visit(width=820, height=1180, java_script_enabled=False)
    sign_in(page, manager)
    page.goto(f"/counter/sales/{booking.reference}/")
    page.get_by_role("link", name="Void this sale").click()
    page.get_by_label("Wrong showtime").check()
    page.get_by_role("button", name="Void the sale").click()
    expect(page.get_by_text("on the terminal first")).to_be_visible()
    expect(page.get_by_label("Wrong showtime")).to_be_checked()
    page.get_by_label("The terminal has reversed £14.50").check()
    page.get_by_role("button", name="Void the sale").click()
    expect(page.get_by_text("£14.50 went back on the card.", exact=False).first).to_be_visible()
