"""With scripts off, plain forms and redirects do all of it."""

import re

import pytest
from playwright.sync_api import expect

from reservations.models import Booking
from tests.browser.steps import give_card, home_of, open_map, panel, press_pay, seat, see_seat, see_status, take
from tests.factories import hold_seats, make_browser, make_movie, make_showtime
from theaters.models import Showtime


@pytest.fixture
def plain(visit):
    return visit(java_script_enabled=False)


@pytest.mark.long
def test_from_home_to_the_booking(showtime, plain, books):
    plain.goto(home_of(showtime))
    plain.get_by_role("link", name=re.compile(r"^\d\d:\d\d")).click()
    take(plain, "A3", "B4")
    seat(plain, "A3").click()
    see_seat(plain, "A3", "free")
    take(plain, "A4")
    panel(plain).get_by_role("link", name="Continue").click()
    plain.get_by_label("Row A seat 4").select_option("CHILD")
    plain.get_by_role("button", name="Update the prices").click()
    expect(plain.get_by_role("button", name="Pay £26.50")).to_be_visible()
    expect(plain.get_by_label("Row A seat 4")).to_have_value("CHILD")
    plain.get_by_label("E-mail").fill("ada@example.com")
    press_pay(plain)
    give_card(plain)
    see_status(plain, "confirmed")
    assert Booking.objects.get().status == "CONFIRMED"


@pytest.mark.long
def test_pay_without_updating_the_prices_first_shows_the_new_total_and_charges_nothing(showtime, plain, watch):
    watch.allow(409)
    open_map(plain, showtime)
    take(plain, "A3")
    panel(plain).get_by_role("link", name="Continue").click()
    plain.get_by_label("Row A seat 3").select_option("CHILD")
    plain.get_by_label("E-mail").fill("ada@example.com")
    press_pay(plain)
    expect(plain.get_by_text("The price has changed")).to_be_visible()
    expect(plain.get_by_role("button", name="Pay £9.00")).to_be_visible()
    assert not Booking.objects.exists()


@pytest.mark.long
def test_a_seat_that_is_gone_is_told_on_a_whole_page(showtime, plain, watch):
    watch.allow(409)
    open_map(plain, showtime)
    take(plain, "A1")
    hold_seats(showtime, make_browser(2), "A2")
    seat(plain, "A2").click()
    expect(plain.get_by_text("Somebody was a moment faster")).to_be_visible()
    see_seat(plain, "A1", "mine")
    see_seat(plain, "A2", "held")


@pytest.mark.long
def test_days_are_plain_links(showtime, plain):
    plain.goto("/")
    plain.locator(".days a").nth(1).click()
    expect(plain.locator(".days a").nth(1)).to_have_attribute("aria-current", "date")


@pytest.mark.long
def test_filters_of_the_program(showtime, plain):
    make_showtime(movie=make_movie(title="The General"), theater=showtime.auditorium.theater)
    Showtime.objects.filter(movie__title="The General").update(picture="3D")
    plain.goto(home_of(showtime))
    plain.get_by_text("Filters", exact=True).click()
    plain.get_by_role("checkbox", name=re.compile("^3D")).check()
    plain.get_by_role("button", name="Show", exact=True).click()
    expect(plain.locator(".film h3")).to_have_text(["The General"])
    assert "format=3d" in plain.url
    plain.get_by_role("link", name="3D take this filter away").click()
    expect(plain.locator(".film h3")).to_have_count(2)


@pytest.mark.long
def test_search_finds_a_person_with_a_typo_and_leads_to_the_showtimes(showtime, plain):
    make_showtime(movie=make_movie(title="The General", director="Buster Keaton"), theater=showtime.auditorium.theater)
    plain.goto("/search/")
    plain.get_by_role("searchbox").fill("buster keeton")
    plain.get_by_role("button", name="Search", exact=True).click()
    expect(plain.locator(".found b")).to_have_text(["The General"])
    plain.locator(".found a").click()
    plain.get_by_role("link", name=re.compile(r"^\d\d:\d\d")).click()
    expect(plain.get_by_role("heading", name="The General")).to_be_visible()
