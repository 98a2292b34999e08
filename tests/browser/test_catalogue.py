"""A movie is imported from a file in two versions, both are planned, and a customer can tell which is which."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import sign_in
from tests.browser.test_axe import assert_open_to_all
from tests.factories import make_auditorium, make_price_list, make_theater
from theaters.models import Movie, Showtime

FILE = """slug;title;year;director;running_minutes;versions;ratings
deep-water;Deep Water;2026;A. Diver;100;2D, French subtitles | 3D, dubbed in German;GB 12A
broken;Broken;soon;A. Diver;100;;
"""


@pytest.fixture
def room(site):
    room = make_auditorium(make_theater())
    make_price_list(room.theater)
    return room


def import_movies(page: Page) -> None:
    page.goto("/admin/theaters/movie/")
    page.get_by_role("link", name="Import").click()
    assert_open_to_all(page)
    page.get_by_label("Or paste it here").fill(FILE)
    page.get_by_role("button", name="See what will change").click()
    expect(page.get_by_role("heading", name="Refused, and left out: 1")).to_be_visible()
    expect(page.get_by_text("Year: 'soon' is not a whole number.")).to_be_visible()
    assert_open_to_all(page)
    assert not Movie.objects.exists()
    page.get_by_role("button", name="Import 1 movie").click()
    expect(page.get_by_text("Imported: 1 new, 0 changed.")).to_be_visible()


def plan(page: Page) -> None:
    page.goto("/admin/theaters/showtime/plan/")
    for row, version, times in (("1", "2D, French subtitles", "17:00"), ("2", "3D, dubbed in German", "20:45")):
        page.get_by_label(f"Movie, row {row}").select_option(label=f"Deep Water, {version}")
        page.get_by_label(f"Auditorium, row {row}").select_option(index=1)
        page.get_by_label(f"Times, row {row}").fill(times)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name="14 showtimes")).to_be_visible()
    page.get_by_role("button", name="Save as drafts").click()
    page.get_by_role("button", name="Publish the chosen ones").click()
    expect(page.get_by_text("14 showtimes are on sale.")).to_be_visible()


@pytest.mark.long
def test_two_versions_from_a_file_to_a_customer(guest, visit, manager, room):
    sign_in(guest, manager)
    import_movies(guest)
    plan(guest)
    customer = visit()
    customer.goto("/movies/deep-water/")
    expect(customer.get_by_role("link", name=re.compile("17:00.*2D.*French subtitles", re.DOTALL))).to_have_count(7)
    assert_open_to_all(customer)
    customer.get_by_role("link", name=re.compile("20:45.*3D.*dubbed in German", re.DOTALL)).first.click()
    expect(customer.locator(".version")).to_have_text("3D, dubbed in German")
    assert Showtime.objects.filter(picture="3D", dubbed_in="German").count() == 7
