"""A broken seat: the list of people who have it leads to the swap of that ticket, done by keyboard; the old code says
that it was replaced.
"""

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from reservations.opening.showtime_opening import keep_back
from tests.boxoffice.scenes import book
from tests.browser.steps import see_seat, sign_in
from tests.browser.test_axe import assert_open_to_all

SEAT = "/admin/theaters/showtime/seat/"


@pytest.fixture
def booking(showtime):
    keep_back(showtime_id=showtime.pk, labels=["B6"], reason="Press")
    with transaction.atomic():
        return book(showtime, "A1", "A2")


def find_whoever_has(page: Page, showtime, label: str) -> None:
    page.goto(f"{SEAT}?auditorium={showtime.auditorium_id}&label={label}")
    page.get_by_label("Reason").fill("Broken spring")
    page.get_by_role("button", name="It is broken").click()


def choose_by_keyboard(page: Page, label: str) -> None:
    page.get_by_role("checkbox", name=f"{label}, ").focus()
    page.keyboard.press("Space")


@pytest.mark.long
def test_from_a_broken_seat_to_another_one(visit, watch, manager, showtime, booking):
    old = booking.tickets.get(seat__label="A1").code
    customer, staff = visit(), visit(width=820, height=900, color_scheme="dark")
    customer.goto(f"/showtimes/{showtime.pk}/")
    see_seat(customer, "B1", "free")
    sign_in(staff, manager)
    find_whoever_has(staff, showtime, "A1")
    assert_open_to_all(staff)
    staff.get_by_role("link", name=f"Give {booking.reference} another seat").click()
    expect(staff.get_by_role("checkbox", name="A1 · Adult")).to_be_checked()
    choose_by_keyboard(staff, "B1")
    staff.get_by_label("Reason").fill("Broken spring")
    assert_open_to_all(staff)
    staff.keyboard.press("Enter")
    expect(staff.get_by_text("Premium costs £3.00 more; nobody pays it.")).to_be_visible()
    assert_open_to_all(staff)
    staff.get_by_role("button", name="Swap 1 seat").click()
    expect(staff.get_by_text("The new seats are B1")).to_be_visible()
    see_seat(customer, "B1", "sold")
    see_seat(customer, "A1", "house")
    watch.allow(410)
    customer.goto(f"/tickets/{old}/")
    expect(customer.get_by_role("heading", name="This seat was changed")).to_be_visible()
