"""Unreserved places in the browser: chosen by number, paid, and on the ticket; beside numbered seats too."""

import pytest
from playwright.sync_api import expect

from reservations.models import Booking
from tests.browser.steps import give_card, panel, press_pay, see_status
from tests.factories import make_auditorium, make_showtime, make_theater

pytestmark = pytest.mark.long


@pytest.mark.parametrize("plan", ["[Hall]\nunreserved 20\n", "A ooo\nB ooo\n[Hall]\nunreserved 20\n"])
def test_places_are_chosen_paid_and_printed_without_a_number(site, visit, books, plan):
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), plan))
    guest = visit(width=375, height=740)
    guest.goto(f"/showtimes/{showtime.pk}/")
    guest.get_by_role("button", name="One place more in Hall").click()
    expect(panel(guest)).to_contain_text("1 × Hall")
    guest.get_by_role("group", name="So many places in Hall").get_by_role("button", name="3", exact=True).click()
    expect(panel(guest)).to_contain_text("3 × Hall")
    guest.get_by_role("button", name="One place fewer in Hall").click()
    expect(panel(guest)).to_contain_text("2 × Hall")
    expect(guest.locator("[data-area=Hall]")).to_have_attribute("data-free", "18")
    panel(guest).get_by_role("link", name="Continue").click()
    guest.get_by_role("textbox", name="E-mail").fill("ada@example.com")
    press_pay(guest)
    give_card(guest)
    see_status(guest, "confirmed")
    expect(guest.get_by_text("Unreserved, not numbered").first).to_be_visible()
    assert Booking.objects.get().tickets.count() == 2
