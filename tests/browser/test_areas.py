"""Unreserved places in the browser: chosen by number, paid, and shown on the ticket; also beside numbered seats."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from reservations.models import Booking
from reservations.opening.showtime_opening import open_for_sale
from tests.browser.steps import give_card, home_of, panel, press_pay, see_status, sign_in
from tests.browser.test_door import scan, see, stand_at
from tests.clock import begins_in, evening
from tests.factories import make_auditorium, make_draft, make_movie, make_price_list, make_showtime, make_theater
from theaters.models import Showtime
from theaters.schedule.programs import ProgramPart, checked_program, set_program

pytestmark = pytest.mark.long


@pytest.mark.parametrize("plan", ["[Hall]\nunreserved 20\n", "A ooo\nB ooo\n[Hall]\nunreserved 20\n"])
def test_places_are_chosen_paid_and_printed_without_a_number(site, visit, books, plan):
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), plan))
    guest = visit(width=375, height=740)
    guest.goto(f"/showtimes/{showtime.pk}/")
    guest.get_by_role("button", name="One place more in Hall").click()
    expect(panel(guest)).to_contain_text("1 × Hall")
    guest.get_by_role("group", name="Number of tickets in Hall").get_by_role("button", name="3", exact=True).click()
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
    """Three blocks of shorts, one after the other, in a hall without numbers. The last one is in the evening."""
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


def buy_two_places(guest):
    """Buy two places, from the map of the hall to the paid booking."""
    guest.get_by_role("group", name="Number of tickets in Hall").get_by_role("button", name="2", exact=True).click()
    expect(panel(guest)).to_contain_text("2 × Hall")
    panel(guest).get_by_role("link", name="Continue").click()
    guest.get_by_role("textbox", name="E-mail").fill("ada@example.com")
    press_pay(guest)
    give_card(guest)
    see_status(guest, "confirmed")
    return Booking.objects.get()


def let_in(door, manager, booking):
    """Scan the codes of both tickets, and the first one a second time."""
    begins_in(booking.showtime, minutes=30)
    codes = [ticket.code for ticket in booking.tickets.order_by("pk")]
    stand_at(door, manager, booking.showtime, "door 1")
    for code in codes:
        scan(door, code)
        see(door, "welcome", "Unreserved, Hall", "Adult")
    scan(door, codes[0])
    see(door, "refused", "Used at")


def test_a_festival_day_of_unreserved_shorts_from_the_listing_to_the_door(
    site, visit, guest, manager, books, festival_day
):
    guest.goto(home_of(festival_day[1]))
    for title in BLOCKS:
        expect(guest.get_by_role("article", name=title)).to_be_visible()
    block = guest.get_by_role("article", name=BLOCKS[1])
    expect(block.get_by_role("list", name="Program")).to_contain_text("Shorts at four, two")
    block.get_by_role("link", name=re.compile(r"^\d\d:\d\d")).click()
    booking = buy_two_places(guest)
    guest.locator(".qr").first.click()
    expect(guest.locator("main")).to_contain_text("Shorts at four, two")
    expect(guest.get_by_text("Unreserved, not numbered").first).to_be_visible()
    assert (booking.showtime, booking.tickets.count()) == (festival_day[1], 2)
    # The show is moved to half an hour from now, where it would overlap the others.
    Showtime.objects.exclude(pk=booking.showtime_id).update(status="CANCELED")
    let_in(visit(width=820), manager, booking)


def test_a_talk_alone_from_the_office_to_the_door(site, visit, guest, manager, books):
    hall = make_auditorium(make_theater(), "[Hall]\nunreserved 40\n")
    make_price_list(hall.theater)
    sign_in(guest, manager)
    guest.goto("/admin/theaters/movie/add/")
    guest.get_by_label("Title:", exact=True).fill("An evening with Agnès")
    guest.locator("[name=kind]").select_option("EVENT")
    guest.get_by_label("Year:").fill("2026")
    guest.get_by_label("Running minutes:").fill("75")
    guest.locator("[name=_save]").click()
    starts_at = evening(theater=hall.theater)
    guest.goto("/admin/theaters/showtime/add/")
    guest.locator("[name=shown]").select_option(label="An evening with Agnès (2026)")
    guest.locator("[name=auditorium]").select_option(str(hall.pk))
    guest.locator("[name=on]").fill(starts_at.date().isoformat())
    guest.locator("[name=at]").fill("20:00")
    guest.locator("[name=_publish]").click()
    expect(guest.locator(".messagelist, .messages").first).to_be_visible()
    showtime = Showtime.objects.published().get()
    customer = visit(width=375, height=740)
    customer.goto(home_of(showtime))
    talk = customer.get_by_role("article", name="An evening with Agnès")
    expect(talk).to_contain_text("75 min")
    talk.get_by_role("link", name=re.compile(r"^\d\d:\d\d")).click()
    let_in(visit(width=820), manager, buy_two_places(customer))
