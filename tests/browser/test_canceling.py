"""After the sale: tickets are canceled on the page, the money goes back through Stripe, and the seats are free for others."""

import re

import pytest
from playwright.sync_api import Page, expect

from payments.models import Refund
from reservations.access import booking_secret
from reservations.models import Booking
from tests.browser.steps import begin_to_pay, give_card, open_map, press_pay, see_seat, see_status, take
from tests.browser.test_axe import assert_open_to_all, visitor  # noqa: F401
from tests.browser.test_keyboard import tab_to
from tests.factories import buy, make_browser

pytestmark = pytest.mark.usefixtures("books")


@pytest.fixture
def bought(showtime, guest) -> Booking:
    """A guest's page with a paid booking of two tickets."""
    begin_to_pay(guest, showtime, "A3", "B4")
    give_card(guest)
    see_status(guest, "confirmed")
    return Booking.objects.get()


def begin_to_cancel(page: Page) -> None:
    page.get_by_role("link", name="Cancel tickets").click()
    expect(page.get_by_role("heading", name="Cancel tickets")).to_be_visible()
    page.wait_for_load_state()


def press_cancel(page: Page, amount: str) -> None:
    page.get_by_role("button", name=f"Cancel and refund {amount}").click()


@pytest.mark.long
def test_a_whole_booking_is_canceled_and_its_money_goes_back(showtime, guest, bought, visit, site, work, outbox):
    other = visit()
    open_map(other, showtime)
    see_seat(other, "A3", "sold")
    begin_to_cancel(guest)
    press_cancel(guest, "£32.00")
    see_status(guest, "canceled")
    expect(guest.get_by_text("£32.00 is on its way back to your card")).to_be_visible()
    see_seat(other, "A3", "free")
    see_seat(other, "B4", "free")
    work()
    work()
    [refund] = Refund.objects.all()
    assert (str(refund.amount), refund.status) == ("32.00", "SUCCEEDED")
    [at_stripe] = site.stripe.events("refund.created")
    assert at_stripe["data"]["object"]["amount"] == 3200
    assert sorted(mail.subject.split(":")[0] for mail in outbox) == ["Canceled", "Your tickets"]


@pytest.mark.long
def test_a_single_ticket_is_canceled_and_the_other_stays(showtime, guest, bought, work):
    begin_to_cancel(guest)
    guest.get_by_label("Row A seat 3").uncheck()
    expect(guest.get_by_role("button", name="Cancel and refund £17.50")).to_be_visible()
    press_cancel(guest, "£17.50")
    see_status(guest, "confirmed")
    live, void = bought.tickets.order_by("seat_id")
    expect(guest.locator(f'[data-ticket-code="{live.code}"]')).to_be_visible()
    expect(guest.locator('.ticket[data-status="void"]')).to_have_count(1)
    work()
    work()
    assert [(str(one.amount), one.status) for one in Refund.objects.all()] == [("17.50", "SUCCEEDED")]
    guest.goto(f"/tickets/{void.code}/")
    expect(guest.get_by_text("This ticket was canceled")).to_be_visible()
    open_map(guest, showtime)
    take(guest, "B4")


@pytest.mark.long
def test_by_keyboard_alone(guest, bought):
    begin_to_cancel(guest)
    tab_to(guest, guest.get_by_label("Row A seat 3"))
    guest.keyboard.press("Space")
    expect(guest.get_by_role("button", name="Cancel and refund £17.50")).to_be_visible()
    expect(guest.get_by_label("Row A seat 3")).to_be_focused()
    tab_to(guest, guest.get_by_role("button", name="Cancel and refund £17.50"))
    guest.keyboard.press("Enter")
    see_status(guest, "confirmed")
    assert [str(one.amount) for one in Refund.objects.all()] == ["17.50"]


@pytest.mark.long
def test_without_script(showtime, visit, watch):
    watch.allow(409)
    plain = visit(java_script_enabled=False)
    open_map(plain, showtime)
    take(plain, "A3", "B4")
    plain.get_by_role("link", name="Continue").first.click()
    plain.get_by_label("E-mail").fill("ada@example.com")
    press_pay(plain)
    give_card(plain)
    see_status(plain, "confirmed")
    begin_to_cancel(plain)
    plain.get_by_label("Row A seat 3").uncheck()
    press_cancel(plain, "£32.00")
    expect(plain.get_by_text("has changed since this page was shown")).to_be_visible()
    assert not Refund.objects.exists()
    plain.get_by_label("Row B seat 4").uncheck()
    plain.get_by_label("Row A seat 3").check()
    plain.get_by_role("button", name="Update the amount").click()
    press_cancel(plain, "£14.50")
    see_status(plain, "confirmed")
    assert [str(one.amount) for one in Refund.objects.all()] == ["14.50"]


@pytest.mark.long
def test_with_the_link_of_a_mail_a_code_comes_first_and_all_pages_are_open_to_all(
    showtime,
    visitor,  # noqa: F811
    site,
    work,
    outbox,
):
    booking = buy(site.stripe, showtime, make_browser(1), "A3", "B4")
    visitor.goto(f"/bookings/{booking.reference}/{booking_secret(booking)}/")
    assert_open_to_all(visitor)
    begin_to_cancel(visitor)
    assert_open_to_all(visitor)
    visitor.get_by_role("button", name="E-mail me a code").click()
    expect(visitor.get_by_label("Code from our e-mail")).to_be_visible()
    assert_open_to_all(visitor)
    work()
    [code] = [found for mail in outbox for found in re.findall(r"^(\d{6}) is your code", mail.subject)]
    visitor.get_by_label("Code from our e-mail").fill(code)
    press_cancel(visitor, "£32.00")
    see_status(visitor, "canceled")
    assert_open_to_all(visitor)
    visitor.goto(f"/bookings/{booking.reference}/cancel/")
    assert_open_to_all(visitor)
    visitor.goto(f"/tickets/{booking.tickets.first().code}/")
    assert_open_to_all(visitor)
