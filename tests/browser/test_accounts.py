"""Nobody needs an account to buy; people who have one find their bookings in one place."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from reservations.models import Booking
from tests.browser.steps import PASSWORD, begin_to_pay, give_card, see_status, sign_in
from tests.letters import last_letter_to


@pytest.mark.long
def test_a_guests_booking_joins_the_account_once_its_address_is_verified(showtime, guest, visit, site, books):
    begin_to_pay(guest, showtime, "A3", email="grace@example.com")
    give_card(guest)
    see_status(guest, "confirmed")
    booking = Booking.objects.get()
    grace = visit()
    grace.goto("/accounts/signup/")
    grace.get_by_label("E-mail").fill("grace@example.com")
    grace.get_by_label("Password").fill(PASSWORD)
    grace.locator("main form button[type=submit], main form button:not([type])").first.click()
    expect(grace.locator("main")).to_contain_text(re.compile("verif|confirm", re.IGNORECASE))
    grace.goto("/bookings/")
    expect(grace.get_by_text(booking.reference)).to_have_count(0)
    link = re.search(rf"{site.url}/accounts/confirm-email/\S+", last_letter_to("grace@example.com").body)[0]
    grace.goto(link)
    grace.get_by_role("button", name="Confirm").click()
    sign_in(grace, User.objects.get())
    expect(grace.get_by_role("heading", name="My bookings")).to_be_visible()
    expect(grace.get_by_text(booking.reference)).to_be_visible()
    grace.get_by_text(booking.reference).click()
    see_status(grace, "confirmed")


@pytest.mark.long
def test_a_member_finds_the_address_filled_in_and_the_booking_listed(showtime, guest, member):
    sign_in(guest, member)
    expect(guest.get_by_role("heading", name="No tickets yet.")).to_be_visible()
    guest.goto(f"/showtimes/{showtime.pk}/")
    guest.locator("[data-seat=A1]").click()
    guest.locator("#order-panel").get_by_role("link", name="Continue").click()
    expect(guest.get_by_label("E-mail")).to_have_value("grace@example.com")
    guest.get_by_role("button", name="Pay £14.50").click()
    give_card(guest)
    see_status(guest, "confirmed")
    guest.goto("/bookings/")
    expect(guest.get_by_text(Booking.objects.get().reference)).to_be_visible()


@pytest.mark.long
def test_a_forgotten_password_is_replaced_by_mail(guest, site, member):
    guest.goto("/accounts/login/")
    guest.get_by_role("link", name=re.compile("forgot", re.IGNORECASE)).click()
    guest.get_by_label("E-mail").fill(member.email)
    guest.locator("main form button").first.click()
    expect(guest.locator("main")).to_contain_text(re.compile("mail", re.IGNORECASE))
    guest.goto(re.search(rf"{site.url}/accounts/password/reset/key/\S+", last_letter_to(member.email).body)[0])
    for field in guest.locator("main input[type=password]").all():
        field.fill("another long walk inland")
    guest.locator("main form button").first.click()
    guest.wait_for_url(lambda url: "set-password" not in url)
    member.refresh_from_db()
    assert member.check_password("another long walk inland")


@pytest.mark.long
def test_a_code_from_the_mailbox_signs_in(guest, member):
    guest.goto("/accounts/login/")
    guest.get_by_role("link", name="Sign in with a code by e-mail").click()
    guest.get_by_label("E-mail").fill(member.email)
    guest.keyboard.press("Enter")
    expect(guest.get_by_role("heading", name="Your code")).to_be_visible()
    guest.keyboard.type("0000 0000")
    guest.keyboard.press("Enter")
    expect(guest.locator("main")).to_contain_text("That is not the code of our newest e-mail.")
    guest.get_by_label("Code from the e-mail").fill(re.search(r"\d{4} \d{4}", last_letter_to(member.email).body)[0])
    guest.keyboard.press("Enter")
    expect(guest.get_by_role("heading", name="No tickets yet.")).to_be_visible()


@pytest.mark.long
def test_a_wrong_password_is_said(guest, member):
    guest.goto("/accounts/login/")
    guest.get_by_label("E-mail").fill(member.email)
    guest.get_by_label("Password").fill("not the password")
    guest.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(guest.locator("main")).to_contain_text("This e-mail address and this password do not belong together.")


@pytest.mark.long
def test_a_passkey_that_the_device_does_not_give_is_said(guest):
    """Without a device that has passkeys the browser refuses at once, as when somebody stops."""
    guest.goto("/accounts/login/")
    guest.get_by_role("button", name="passkey").click()
    sentence = guest.get_by_role("alert")
    expect(sentence).to_contain_text("This device gave us no passkey")
    expect(sentence).to_be_focused()
    guest.get_by_role("button", name="passkey").click()
    expect(sentence).to_have_count(1)


@pytest.mark.long
def test_signing_out_ends_it(guest, member):
    sign_in(guest, member)
    expect(guest.get_by_role("heading", name="My bookings")).to_be_visible()
    guest.goto("/accounts/logout/")
    guest.locator("main form button").first.click()
    expect(guest.get_by_role("link", name="Sign in")).to_be_visible()
    guest.goto("/bookings/")
    expect(guest.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.long
def test_a_lost_phone_is_signed_out_from_another_browser(guest, visit, member):
    phone = visit(width=375)
    sign_in(phone, member)
    sign_in(guest, member)
    guest.get_by_role("link", name="Account").click()
    guest.get_by_role("link", name="Devices").click()
    rows = guest.locator(".session-row")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("this device")
    rows.last.get_by_role("button").click()
    expect(guest.get_by_text("That device is signed out.")).to_be_visible()
    expect(rows).to_have_count(1)
    phone.goto("/bookings/")
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
