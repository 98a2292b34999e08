"""Plain forms on a bad network: what people are told, what stays, and that pressing again does nothing twice."""

import re

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from payments.models import Payment
from reservations.models import Booking, Transfer, WaitingEntry
from sales.models import Sale
from tests.boxoffice.scenes import book
from tests.browser.steps import press_pay, sign_in
from tests.browser.test_counter import open_desk, see_sold, see_total
from tests.browser.test_lost_answers import lose_answers
from tests.factories import make_group, make_transfer

pytestmark = pytest.mark.long

UNKNOWN = "we do not know yet whether this was done"
EVERY = re.compile(r"^http://localhost:\d+/(?!static)")
FOREIGN = [
    {"status": 502, "content_type": "text/html", "body": "<html><h1>Bad gateway</h1></html>"},
    {"status": 200, "content_type": "text/html", "body": "<html><h1>Welcome to the hotel's network</h1></html>"},
    {"status": 503, "content_type": "text/plain", "body": "upstream connect error"},
    {"status": 404, "content_type": "text/html", "body": "<html><h1>nginx</h1></html>"},
    {"status": 429, "content_type": "text/html", "body": "<html><h1>Too many requests</h1></html>"},
]


def press_lost(page: Page, button: str) -> None:
    """Press a button whose answer is lost. The page stays and says so, in sight; pressed again, the form arrives."""
    address = page.url
    lose_answers(page, EVERY)
    page.locator("main").get_by_role("button", name=button).click()
    expect(page.locator("#notice .notice")).to_contain_text(UNKNOWN)
    expect(page.locator("#notice .notice")).to_be_in_viewport()
    assert page.url == address
    page.unroute(EVERY)
    page.locator("main").get_by_role("button", name=button).click()


def fill_the_room(showtime):
    showtime.seats.filter(booking=None).update(house_reason="Camera")


def test_foreign_answers_leave_the_form_as_it_is(showtime, guest, watch):
    fill_the_room(showtime)
    guest.goto(f"/showtimes/{showtime.pk}/waiting/")
    guest.get_by_label("E-mail").fill("bea@example.com")
    button = guest.get_by_role("button", name="Join the waiting list")
    answers = list(FOREIGN)
    guest.route(EVERY, lambda route: route.fulfill(**answers.pop()) if answers else route.continue_())
    for number in range(len(FOREIGN), 0, -1):
        button.click()
        expect(guest.locator("#notice")).to_contain_text(UNKNOWN)
        expect(button).not_to_have_attribute("aria-busy", "true")
        expect(guest.get_by_label("E-mail")).to_have_value("bea@example.com")
        guest.evaluate("notice.replaceChildren()")
        assert len(answers) == number - 1
    assert WaitingEntry.objects.count() == 0
    guest.context.set_offline(True)
    button.click()
    expect(guest.locator("#notice")).to_contain_text("There is no network, so nothing was sent")
    guest.context.set_offline(False)
    button.dblclick()
    expect(guest.get_by_role("heading", name="Check your e-mail")).to_be_visible()
    expect(guest.locator("#notice")).to_be_empty()
    assert WaitingEntry.objects.count() == 1
    watch.complaints.clear()


def test_a_refusal_of_a_plain_form_stands_in_the_page(showtime, guest, watch):
    watch.allow(422)
    fill_the_room(showtime)
    guest.goto(f"/showtimes/{showtime.pk}/waiting/")
    guest.get_by_label("How many").select_option("1")
    guest.get_by_label("E-mail").fill("no address")
    guest.get_by_role("button", name="Join the waiting list").click()
    expect(guest.get_by_label("E-mail")).to_be_focused()
    expect(guest.get_by_label("E-mail")).to_have_value("no address")


def test_a_ticket_for_a_friend(showtime, guest, visit, member, watch):
    with transaction.atomic():
        booking = book(showtime, "A1")
    Sale.objects.update(user=member)
    sign_in(guest, member)
    code = booking.tickets.get().code
    guest.goto(f"/tickets/{code}/transfer/")
    press_lost(guest, "Make the link")
    expect(guest.get_by_label("Link for your friend")).to_be_visible()
    press_lost(guest, "Withdraw the link")
    expect(guest.get_by_role("button", name="Make the link")).to_be_visible()
    assert Transfer.objects.count() == 1
    friend = visit()
    friend.goto(f"/transfers/{make_transfer(booking.tickets.get()).code}/")
    press_lost(friend, "Take this ticket")
    expect(friend.locator("[data-ticket-code]")).to_have_count(1)
    watch.complaints.clear()


def test_a_groups_seats_and_pay(site, showtime, guest, watch):
    """The browser is new to the site; what it took without getting an answer still becomes its own."""
    guest.goto(f"/groups/{make_group(showtime, 'A1', 'A2').code}/")
    guest.get_by_label("How many would you like").fill("2")
    press_lost(guest, "Continue to checkout")
    expect(guest.get_by_role("heading", name="Your tickets")).to_be_visible()
    guest.get_by_label("E-mail").fill("ada@example.com")
    lose_answers(guest, EVERY)
    press_pay(guest)
    expect(guest.locator("#notice")).to_contain_text(UNKNOWN)
    guest.unroute(EVERY)
    expect(guest.get_by_role("heading", name="Finish paying")).to_be_visible()
    press_pay(guest)
    expect(guest.get_by_role("heading", name="Pay with card")).to_be_visible()
    assert (Booking.objects.count(), Payment.objects.count()) == (1, 1)
    watch.complaints.clear()


def test_what_is_told_of_a_button_far_down_a_phones_page_is_in_sight(showtime, visit, member, watch):
    """The message about the press before is gone. Customers hear nothing of the office's outbox."""
    watch.allow(429)
    with transaction.atomic():
        booking = book(showtime, "A1")
    Sale.objects.update(user=member)
    phone = visit(width=375, height=700)
    sign_in(phone, member)
    phone.goto(f"/bookings/{booking.reference}/")
    told = phone.locator("#notice .notice")
    press_lost(phone, "Send my tickets again")
    for _ in range(2):
        expect(phone.get_by_text("We have sent your tickets again.")).to_be_visible()
        phone.get_by_role("button", name="Send my tickets again").click()
    phone.get_by_role("button", name="Send my tickets again").click()
    expect(told).to_have_text(re.compile("3 times within the last hour. Please look into the spam folder too, or wait"))
    expect(told).to_be_in_viewport()
    expect(phone.get_by_text("We have sent your tickets again.")).to_have_count(0)
    watch.complaints.clear()


def test_a_sale_at_the_counter_is_made_once_and_shown(showtime, guest, manager, watch):
    sign_in(guest, manager)
    open_desk(guest, showtime)
    guest.locator("#best [value='2']").click()
    see_total(guest, "2 tickets")
    guest.get_by_label("Cash handed over").fill("50")
    address = f"**/counter/showtimes/{showtime.pk}/"
    guest.route(address, lambda route: route.fulfill(**FOREIGN[0]))
    guest.get_by_role("button", name="Take cash").click()
    expect(guest.locator("#notice")).to_contain_text("we do not know yet whether this was sold")
    guest.unroute(address)
    assert Booking.objects.count() == 0
    guest.evaluate("notice.replaceChildren()")
    lose_answers(guest, address)
    guest.get_by_role("button", name="Take cash").click()
    # The page asks for this by itself.
    made = guest.locator("#order-panel [data-last-sale] a")
    expect(made).to_be_visible()
    expect(guest.locator("#notice")).to_be_empty()
    guest.unroute(address)
    made.click()
    see_sold(guest, "Change", "£15.00")
    assert (Booking.objects.count(), Payment.objects.count()) == (1, 1)
    watch.complaints.clear()
