"""A guest buys a ticket, from the home page to the door."""

import re

import pytest
from playwright.sync_api import expect

from payments.models import Payment
from reservations.models import Booking
from reservations.qr_codes import qr_svg
from tests.browser.steps import (
    CHALLENGED_CARD,
    DECLINED_CARD,
    begin_to_pay,
    give_card,
    go_to_checkout,
    home_of,
    open_map,
    panel,
    press_pay,
    seat,
    see_status,
    take,
)

pytestmark = pytest.mark.usefixtures("books")


def outcome() -> tuple:
    return (
        list(Booking.objects.values_list("status", flat=True)),
        list(Payment.objects.order_by("pk").values_list("status", flat=True)),
    )


def test_a_guest_buys_two_seats_from_the_home_page_to_the_code(showtime, guest, site, work, outbox):
    guest.goto(home_of(showtime))
    guest.get_by_role("link", name=re.compile(r"^\d\d:\d\d")).click()
    take(guest, "A3", "B4")
    expect(panel(guest)).to_contain_text("£32.00")
    go_to_checkout(guest)
    guest.get_by_label("E-mail").fill("ada@example.com")
    press_pay(guest)
    give_card(guest)
    see_status(guest, "confirmed")
    booking = Booking.objects.get()
    assert guest.url == site.url + booking.get_absolute_url()
    codes = [card.get_attribute("data-ticket-code") for card in guest.locator("[data-ticket-code]").all()]
    assert codes == list(booking.tickets.order_by("seat_id").values_list("code", flat=True))
    image = guest.locator(".qr img").first
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    svg = guest.request.get(image.get_attribute("src"))
    assert svg.body() == qr_svg(f"{site.url}/tickets/{codes[0]}/")
    guest.locator(".qr").first.click()
    expect(guest.locator(f'[data-ticket-code="{codes[0]}"]')).to_be_visible()
    work()
    work()
    assert [(mail.to, booking.reference in mail.body) for mail in outbox] == [(["ada@example.com"], True)]


@pytest.mark.long
def test_the_link_of_the_mail_opens_the_booking_elsewhere(showtime, guest, visit, site, work, outbox):
    begin_to_pay(guest, showtime, "A3")
    give_card(guest)
    see_status(guest, "confirmed")
    work()
    booking = Booking.objects.get()
    link = re.search(rf"{site.url}/bookings/{booking.reference}/\S+", outbox[0].body)[0]
    elsewhere = visit()
    elsewhere.goto(link)
    see_status(elsewhere, "confirmed")
    assert elsewhere.url == site.url + booking.get_absolute_url()


@pytest.mark.long
def test_a_declined_card_then_a_good_one(showtime, guest):
    begin_to_pay(guest, showtime, "A3", "A4")
    give_card(guest, DECLINED_CARD)
    expect(guest.get_by_role("alert")).to_have_text("Your card was declined.")
    assert outcome() == (["PENDING"], ["OPEN"])
    give_card(guest)
    see_status(guest, "confirmed")
    assert outcome() == (["CONFIRMED"], ["SUCCEEDED"])


@pytest.mark.long
def test_the_bank_asks_first(showtime, guest):
    begin_to_pay(guest, showtime, "A3")
    give_card(guest, CHALLENGED_CARD)
    guest.get_by_role("button", name="Complete").click()
    see_status(guest, "confirmed")
    assert outcome() == (["CONFIRMED"], ["SUCCEEDED"])


@pytest.mark.long
def test_a_ticket_for_a_child_costs_what_the_page_says(showtime, guest, site):
    open_map(guest, showtime)
    take(guest, "A3", "B4")
    go_to_checkout(guest)
    guest.get_by_label("Row A seat 3").select_option("CHILD")
    expect(guest.get_by_role("button", name="Pay £26.50")).to_be_visible()
    guest.get_by_label("E-mail").fill("ada@example.com")
    press_pay(guest)
    give_card(guest)
    see_status(guest, "confirmed")
    assert site.stripe.session(Payment.objects.get().session_id)["amount_total"] == 2650


def test_a_choice_made_before_the_scripts_have_come_counts(showtime, guest):
    open_map(guest, showtime)
    take(guest, "A3")
    late = []
    guest.route("**/htmx-2.min.js", lambda route: late.append(route))  # noqa: PLW0108  (Playwright marks its handlers)
    guest.goto(f"/checkout/{showtime.pk}/", wait_until="commit")
    guest.get_by_label("Row A seat 3").select_option("CHILD")
    expect(guest.get_by_role("button", name="Pay £14.50")).to_be_visible()
    late[0].continue_()
    expect(guest.get_by_role("button", name="Pay £9.00")).to_be_visible()


@pytest.mark.long
def test_a_bad_address_is_said_and_nothing_is_lost(showtime, guest, watch):
    watch.allow(422)
    open_map(guest, showtime)
    take(guest, "A3")
    go_to_checkout(guest)
    guest.get_by_label("Row A seat 3").select_option("CHILD")
    expect(guest.get_by_role("button", name="Pay £9.00")).to_be_visible()
    guest.get_by_label("E-mail").fill("ada at home")
    press_pay(guest)
    expect(guest.get_by_text("Please enter an e-mail address like")).to_be_visible()
    expect(guest.get_by_label("E-mail")).to_have_value("ada at home")
    expect(guest.get_by_label("Row A seat 3")).to_have_value("CHILD")
    assert not Booking.objects.exists()


def test_pay_pressed_twice_is_one_booking_with_one_payment_session(showtime, guest, site):
    open_map(guest, showtime)
    take(guest, "A3")
    go_to_checkout(guest)
    guest.get_by_label("E-mail").fill("ada@example.com")
    guest.get_by_role("button", name=re.compile("^Pay ")).dblclick()
    give_card(guest)
    see_status(guest, "confirmed")
    assert outcome() == (["CONFIRMED"], ["SUCCEEDED"])


@pytest.mark.long
def test_stripe_is_down_at_pay_and_pay_again_works(showtime, guest, site, watch):
    watch.allow(503)
    open_map(guest, showtime)
    take(guest, "A3")
    go_to_checkout(guest)
    guest.get_by_label("E-mail").fill("ada@example.com")
    site.stripe.go_dead()
    press_pay(guest)
    expect(guest.get_by_text("Our payment partner does not answer right now.")).to_be_visible()
    site.stripe.heal()
    press_pay(guest)
    give_card(guest)
    see_status(guest, "confirmed")
    assert outcome() == (["CONFIRMED"], ["SUCCEEDED"])


@pytest.mark.long
def test_back_from_stripe_the_seats_are_still_mine(showtime, guest):
    begin_to_pay(guest, showtime, "A3")
    payment_page = guest.url
    guest.go_back()
    press_pay(guest)
    expect(guest.get_by_role("heading", name="Pay with card")).to_be_visible()
    assert guest.url == payment_page
    guest.get_by_role("link", name="Back").click()
    expect(guest.get_by_role("heading", name="Finish paying")).to_be_visible()
    press_pay(guest)
    give_card(guest)
    see_status(guest, "confirmed")
    assert outcome() == (["CONFIRMED"], ["SUCCEEDED"])


@pytest.mark.long
def test_while_paying_a_click_on_the_map_offers_to_pay_or_to_change_seats(showtime, guest, watch):
    watch.allow(409)
    begin_to_pay(guest, showtime, "A3")
    open_map(guest, showtime)
    expect(seat(guest, "A3")).to_have_attribute("data-state", "mine")
    seat(guest, "A4").click()
    expect(guest.locator("#notice")).to_contain_text("You have started to pay for these tickets.")
    expect(panel(guest).get_by_role("link", name="Continue paying")).to_be_visible()
    panel(guest).get_by_role("button", name="Change seats").click()
    expect(panel(guest)).to_have_attribute("data-state", "holding")
    expect(seat(guest, "A3")).to_have_attribute("data-state", "mine")
    take(guest, "A4")
    assert outcome() == (["EXPIRED"], ["CLOSED"])
    go_to_checkout(guest)
    guest.get_by_label("E-mail").fill("ada@example.com")
    press_pay(guest)
    give_card(guest)
    see_status(guest, "confirmed")


@pytest.mark.long
def test_a_payment_that_nobody_can_ask_about_is_said_to_be_unknown(showtime, guest, watch):
    begin_to_pay(guest, showtime, "A3")
    address = f"/bookings/{Booking.objects.get().reference}/"
    guest.goto(address)
    see_status(guest, "pending")
    guest.route(f"**{address}", lambda route: route.abort())
    expect(guest.get_by_text("we cannot show how your payment is going")).to_be_visible()
    guest.unroute(f"**{address}")
    expect(guest.get_by_text("we cannot show how your payment is going")).to_have_count(0)
    see_status(guest, "pending")
    watch.complaints.clear()
