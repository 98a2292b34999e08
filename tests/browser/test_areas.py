"""Unreserved places in the browser: chosen by number, paid, and on the ticket; beside numbered seats too."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from reservations.models import Booking
from reservations.opening.showtime_opening import open_for_sale
from tests.browser.steps import give_card, home_of, panel, press_pay, see_status
from tests.clock import evening
from tests.factories import make_auditorium, make_draft, make_movie, make_price_list, make_showtime, make_theater
from theaters.schedule.programs import ProgramPart, checked_program, set_program

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


BLOCKS = ("Shorts at two", "Shorts at four", "Shorts at six")


@pytest.fixture
def festival_day():
    """Three blocks of shorts, one after the other in a hall without numbers. The last is the evening's."""
    hall = make_auditorium(make_theater(), "[Hall]\nunreserved 12\n")
    prices, last = make_price_list(hall.theater), evening(theater=hall.theater)
    shows = []
    for number, title in enumerate(BLOCKS):
        shorts = [make_movie(title=f"{title}, {part}", kind="SHORT", running_minutes=20) for part in ("one", "two")]
        starts_at = last - timedelta(hours=2 * (len(BLOCKS) - 1 - number))
        draft = make_draft(auditorium=hall, movie=shorts[0], price_list=prices, starts_at=starts_at)
        parts = [ProgramPart(short) for short in shorts]
        set_program(showtime_id=draft.pk, program=checked_program(title=title, parts=parts))
        shows.append(open_for_sale(showtime_id=draft.pk, actor="test"))
    return shows


def test_a_festival_day_of_unreserved_shorts_from_the_listing_to_the_ticket(site, guest, books, festival_day):
    guest.goto(home_of(festival_day[1]))
    for title in BLOCKS:
        expect(guest.get_by_role("article", name=title)).to_be_visible()
    block = guest.get_by_role("article", name=BLOCKS[1])
    expect(block.get_by_role("list", name="Program")).to_contain_text("Shorts at four, two")
    block.get_by_role("link", name=re.compile(r"^\d\d:\d\d")).click()
    guest.get_by_role("group", name="So many places in Hall").get_by_role("button", name="2", exact=True).click()
    expect(panel(guest)).to_contain_text("2 × Hall")
    panel(guest).get_by_role("link", name="Continue").click()
    guest.get_by_role("textbox", name="E-mail").fill("ada@example.com")
    press_pay(guest)
    give_card(guest)
    see_status(guest, "confirmed")
    guest.locator(".qr").first.click()
    expect(guest.locator("main")).to_contain_text("Shorts at four, two")
    expect(guest.get_by_text("Unreserved, not numbered").first).to_be_visible()
    booking = Booking.objects.get()
    assert (booking.showtime, booking.tickets.count()) == (festival_day[1], 2)
