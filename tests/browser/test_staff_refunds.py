"""A refund above the limit: one person asks, another approves, and Stripe's stand-in shows it as refunded."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from boxoffice.models import RefundRequest
from payments.models import Payment, Refund
from reservations.models import Booking
from tests.browser.steps import begin_to_pay, give_card, open_map, see_seat, see_status, sign_in
from tests.browser.test_axe import assert_open_to_all
from tests.factories import buy as buy_by_service
from tests.factories import make_browser

pytestmark = pytest.mark.usefixtures("books")


@pytest.fixture
def second(manager) -> User:
    """A browser of another person with all rights."""
    other = User.objects.create_user("second@example.com", "x", is_staff=True, is_superuser=True)
    User.objects.filter(pk=other.pk).update(password=manager.password)
    other.emailaddress_set.create(email=other.email, verified=True, primary=True)
    return other


def buy(page: Page, showtime, *labels) -> Booking:
    begin_to_pay(page, showtime, *labels)
    give_card(page)
    see_status(page, "confirmed")
    return Booking.objects.get()


def fill_refund(page: Page, booking: Booking) -> None:
    page.goto(f"/admin/reservations/booking/{booking.pk}/change/")
    page.get_by_role("link", name="Give money back").click()
    page.get_by_label("Reason").fill("The projector broke")
    page.get_by_role("button", name="Look at what will happen").click()
    expect(page.get_by_role("heading", name="This will happen")).to_be_visible()


@pytest.mark.long
def test_a_refund_above_the_limit_needs_two_and_reaches_stripe(site, showtime, visit, manager, second, work):
    customer, asker, approver = visit(), visit(), visit(width=820)
    booking = buy(customer, showtime, "A1", "A2")
    sign_in(asker, manager)
    fill_refund(asker, booking)
    expect(asker.get_by_text("waits until a second person approves it")).to_be_visible()
    asker.get_by_role("button", name="Ask for £29.00").click()
    expect(asker.get_by_text("Nothing has gone back yet")).to_be_visible()
    sign_in(approver, second)
    approver.goto("/admin/reservations/booking/?money=person")
    approver.get_by_role("link", name=booking.reference).click()
    approver.get_by_role("link", name="Look at it").click()
    approver.get_by_role("link", name="Approve the refund").click()
    approver.get_by_role("button", name="Approve: give back £29.00").click()
    expect(approver.get_by_text("£29.00 goes back.").first).to_be_visible()
    work()
    intent = Payment.objects.get().provider_id
    [charge] = [one for one in site.stripe.desk.ledger.find("charge", "1 = 1") if one["payment_intent"] == intent]
    assert (charge["amount_refunded"], charge["refunded"]) == (2900, True)
    assert Refund.objects.get().status == "SUCCEEDED"
    open_map(customer, showtime)
    see_seat(customer, "A1", "free")


@pytest.mark.long
def test_who_asked_finds_no_button_to_approve(showtime, visit, guest, manager):
    booking = buy(visit(), showtime, "A1")
    sign_in(guest, manager)
    fill_refund(guest, booking)
    guest.get_by_role("button", name="Ask for £14.50").click()
    guest.goto(f"/admin/boxoffice/refundrequest/{RefundRequest.objects.get().pk}/change/")
    expect(guest.get_by_text("another person has to approve it")).to_be_visible()
    expect(guest.get_by_role("link", name="Approve the refund")).to_have_count(0)


@pytest.mark.long
def test_the_pages_that_only_a_written_refund_has_are_open_to_all(showtime, visit, manager, site):
    """Pages that have an address are covered by test_office_walk.py."""
    booking = bought(site, showtime)
    page = visit(width=820, color_scheme="dark")
    sign_in(page, manager)
    fill_refund(page, booking)
    assert_open_to_all(page)
    page.get_by_role("button", name="Ask for £29.00").click()
    assert_open_to_all(page)
    page.get_by_role("link", name="Look at it").click()
    assert_open_to_all(page)


def bought(site, showtime) -> Booking:
    return buy_by_service(site.stripe, showtime, make_browser(1), "A1", "A2")


@pytest.mark.long
def test_by_keyboard_alone_and_without_script(site, showtime, visit, manager):
    booking = bought(site, showtime)
    page = visit(java_script_enabled=False)
    sign_in(page, manager)
    page.goto(f"/admin/reservations/booking/{booking.pk}/resend/")
    page.get_by_label("Reason").focus()
    page.keyboard.type("Lost it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="This will happen")).to_be_visible()
    page.get_by_role("button", name="Send it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("On its way to ada@example.com")).to_be_visible()


@pytest.mark.long
def test_tickets_given_away_are_sold_on_the_map(showtime, visit, guest, manager):
    sign_in(guest, manager)
    guest.goto(f"/admin/theaters/showtime/{showtime.pk}/change/")
    guest.get_by_role("link", name="Bookings of this showtime").click()
    guest.get_by_role("link", name="Give tickets away").click()
    guest.get_by_label("A1", exact=True).check()
    guest.get_by_label("A2", exact=True).check()
    guest.get_by_label("E-mail").fill("press@example.com")
    guest.get_by_label("Reason").fill("Press night")
    guest.get_by_role("button", name="Look at what will happen").click()
    guest.get_by_role("button", name="Give 2 tickets away").click()
    expect(guest.get_by_text("are given to press@example.com")).to_be_visible()
    customer = visit()
    open_map(customer, showtime)
    see_seat(customer, "A1", "sold")
