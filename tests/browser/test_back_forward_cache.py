"""Going back to a page that the browser kept in memory: the page asks what is true now.

Chromium keeps listings, and no page that says no-store, as maps, checkouts and bookings do. Other browsers may. So the test
sends the browser's event itself.
"""

import re

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.models import Hold
from reservations.states import CancelCause
from sales.models import Sale
from tests.aging import lapse
from tests.boxoffice.scenes import book
from tests.browser.steps import go_to_checkout, home_of, open_map, see_seat, see_status, sign_in, take
from tests.factories import hold_seats, make_browser

pytestmark = pytest.mark.long

KEPT = "['pagehide', 'pageshow'].forEach((name) => dispatchEvent(new PageTransitionEvent(name, { persisted: true })))"


def come_back(page: Page) -> None:
    page.evaluate(KEPT)


def test_a_map_and_its_checkout(showtime, guest):
    open_map(guest, showtime)
    take(guest, "A1")
    hold_seats(showtime, make_browser(2), "A4")
    come_back(guest)
    see_seat(guest, "A4", "held")
    see_seat(guest, "A1", "mine")
    go_to_checkout(guest)
    guest.get_by_label("E-mail").fill("ada@example.com")
    with guest.expect_response(lambda answer: "/checkout/" in answer.url):
        come_back(guest)
    expect(guest.locator("#checkout.htmx-request")).to_have_count(0)
    expect(guest.get_by_label("E-mail")).to_have_value("ada@example.com")
    lapse(Hold.objects.order_by("pk")[0])
    come_back(guest)
    expect(guest.get_by_role("button", name=re.compile("^Pay "))).to_have_count(0)


def test_the_line_of_what_is_held_on_a_listing(showtime, guest):
    """Listings are pages that Chromium keeps too: nothing in them says that they may not be stored."""
    line = guest.locator("[data-cart]")
    guest.goto(home_of(showtime))
    other_tab = guest.context.new_page()
    open_map(other_tab, showtime)
    take(other_tab, "A1")
    come_back(guest)
    expect(line).to_contain_text("We are holding 1 seat for you")
    other_tab.get_by_role("button", name="Give up this seat").click()
    see_seat(other_tab, "A1", "free")
    come_back(guest)
    expect(line).to_have_count(0)


def test_a_booking(showtime, guest, member):
    with transaction.atomic():
        booking = book(showtime, "A1")
    Sale.objects.update(user=member)
    sign_in(guest, member)
    guest.goto(f"/bookings/{booking.reference}/")
    see_status(guest, "confirmed")
    tickets = set(booking.tickets.values_list("pk", flat=True))
    origin = CancellationOrigin(CancelCause.CUSTOMER, "test")
    cancel_tickets(booking_id=booking.pk, ticket_ids=tickets, percent=100, origin=origin)
    come_back(guest)
    see_status(guest, "canceled")
