"""Promo codes at the checkout, and a free booking from the checkout to the scan at the door."""

import re

import pytest
from playwright.sync_api import expect

from payments.models import Payment
from reservations.models import Booking, PromoRedemption
from tests.browser.steps import give_card, go_to_checkout, open_map, press_pay, see_status, take
from tests.browser.test_axe import assert_open_to_all
from tests.factories import begin_paying, make_browser, make_promo

pytestmark = pytest.mark.usefixtures("books")


def fill_in(page, showtime, *labels, email="ada@example.com"):
    open_map(page, showtime)
    take(page, *labels)
    go_to_checkout(page)
    page.get_by_label("E-mail").fill(email)


def apply(page, code):
    page.get_by_label("Promo code").fill(code)
    page.get_by_role("button", name="Apply").click()


@pytest.mark.long
def test_a_good_code_is_shown_paid_and_kept_on_the_ticket(showtime, guest, site):
    make_promo()
    fill_in(guest, showtime, "A3", "B4")
    apply(guest, "lantern")
    expect(guest.get_by_role("button", name="Pay £25.60")).to_be_visible()
    expect(guest.locator(".sums")).to_contain_text("LANTERN, 20% off")
    expect(guest.locator(".sums")).to_contain_text("−£6.40")
    expect(guest.get_by_label("E-mail")).to_have_value("ada@example.com")
    press_pay(guest)
    give_card(guest)
    see_status(guest, "confirmed")
    assert site.stripe.session(Payment.objects.get().session_id)["amount_total"] == 2560
    expect(guest.locator(".ticket-kind").first).to_contain_text("£14.50 less £2.90")


@pytest.mark.long
def test_a_code_that_does_not_work_is_refused_and_the_purchase_goes_on(showtime, guest):
    make_promo("TUESDAY", is_withdrawn=True)
    fill_in(guest, showtime, "A3")
    apply(guest, "LANTERM")
    expect(guest.get_by_role("alert")).to_have_text(re.compile("We do not know the code LANTERM"))
    apply(guest, "tuesday")
    expect(guest.get_by_role("alert")).to_have_text("The code TUESDAY is not valid any more.")
    expect(guest.get_by_label("Promo code")).to_be_focused()
    press_pay(guest)
    give_card(guest)
    see_status(guest, "confirmed")
    assert (str(Booking.objects.get().total), PromoRedemption.objects.count()) == ("14.50", 0)


@pytest.mark.long
def test_a_code_that_ran_out_between_showing_and_pay_charges_nothing(showtime, guest, site, watch):
    watch.allow(409)
    make_promo(most_uses=1)
    fill_in(guest, showtime, "A3")
    apply(guest, "LANTERN")
    expect(guest.get_by_role("button", name="Pay £11.60")).to_be_visible()
    faster = begin_paying(showtime, make_browser(7), "A4", total="11.60", promo_code="LANTERN", email="eve@example.com")
    press_pay(guest)
    expect(guest.get_by_role("alert")).to_have_text("The code LANTERN has been used as often as it can be.")
    expect(guest.get_by_role("button", name="Pay £14.50")).to_be_visible()
    assert list(Booking.objects.all()) == [faster]
    press_pay(guest)
    give_card(guest)
    see_status(guest, "confirmed")
    assert str(Booking.objects.exclude(pk=faster.pk).get().total) == "14.50"


@pytest.mark.long
def test_enter_means_apply_in_the_field_of_the_code_and_pay_in_that_of_the_address(showtime, guest):
    make_promo()
    fill_in(guest, showtime, "A3")
    guest.get_by_label("Promo code").fill("lantern")
    guest.keyboard.press("Enter")
    expect(guest.get_by_role("button", name="Pay £11.60")).to_be_visible()
    guest.get_by_label("E-mail").press("Enter")
    expect(guest.get_by_role("heading", name="Pay with card")).to_be_visible()


def see_free_tickets(page, outbox, work):
    see_status(page, "confirmed")
    booking = Booking.objects.get()
    assert (str(booking.total), booking.tickets.count(), Payment.objects.count()) == ("0.00", 2, 0)
    image = page.locator(".qr img").first
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    page.locator(".qr").first.click()
    expect(page.locator(f'[data-ticket-code="{booking.tickets.order_by("seat_id").first().code}"]')).to_be_visible()
    work()
    assert [(mail.to, booking.reference in mail.body) for mail in outbox] == [(["ada@example.com"], True)]


@pytest.mark.long
def test_a_booking_that_costs_nothing_leads_to_the_code_at_the_door(showtime, guest, site, outbox, work):
    make_promo(percent=100)
    fill_in(guest, showtime, "A3", "B4")
    apply(guest, "lantern")
    expect(guest.get_by_text("These tickets are free. You do not need a card.")).to_be_visible()
    guest.get_by_role("button", name="Pay £0.00 and get the tickets").click()
    see_free_tickets(guest, outbox, work)
    assert site.stripe.requests() == []


@pytest.mark.long
def test_the_same_without_script(showtime, visit, outbox, work):
    make_promo(percent=100)
    guest = visit(java_script_enabled=False)
    open_map(guest, showtime)
    for label in ("A3", "B4"):
        guest.locator(f'[data-seat="{label}"]').click()
    guest.get_by_role("link", name="Continue").click()
    guest.get_by_label("E-mail").fill("ada@example.com")
    apply(guest, "lantern")
    expect(guest.get_by_label("E-mail")).to_have_value("ada@example.com")
    guest.get_by_role("button", name="Pay £0.00 and get the tickets").click()
    see_status(guest, "confirmed")
    assert (Booking.objects.get().status, PromoRedemption.objects.count()) == ("CONFIRMED", 1)


@pytest.mark.long
def test_the_field_and_its_answers_are_open_to_all(showtime, visit):
    make_promo()
    guest = visit(width=375, height=800, color_scheme="dark")
    fill_in(guest, showtime, "A3", "B4")
    apply(guest, "nothing")
    expect(guest.get_by_role("alert")).to_be_visible()
    assert_open_to_all(guest)
    apply(guest, "lantern")
    expect(guest.get_by_role("status").filter(has_text="LANTERN")).to_be_visible()
    assert_open_to_all(guest)
