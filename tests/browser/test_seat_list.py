"""The list beside the map in the browser; two seats are bought by roles and names alone."""

import re

import pytest
from playwright.sync_api import expect

from reservations.models import Booking
from tests.browser.steps import give_card, open_map, panel, press_pay, see_status
from tests.browser.test_axe import assert_open_to_all
from tests.factories import hold_seats, make_browser


def open_list(page, showtime, query="") -> None:
    page.goto(f"/showtimes/{showtime.pk}/?view=list{query}")


def choice(page, name):
    return page.get_by_role("button", name=re.compile(f"^{name}, "))


FRAMED = """() => [...document.querySelectorAll("label:has(select, input[type=checkbox])")]
  .filter((label) => getComputedStyle(label).outlineStyle !== "none").map((label) => label.textContent.trim())"""


def test_with_forced_colors_what_is_ticked_has_a_frame_and_a_select_field_has_none(showtime, guest):
    guest.emulate_media(forced_colors="active")
    open_list(guest, showtime, "&aisle=yes")
    assert guest.evaluate(FRAMED) == ["Beside an aisle"]


def test_two_seats_are_bought_by_roles_and_names_alone(showtime, guest, books):
    open_map(guest, showtime)
    guest.get_by_role("link", name="Choose from a list").click()
    guest.get_by_role("combobox", name="Seats side by side").select_option("2")
    guest.get_by_role("button", name="Show", exact=True).click()
    expect(guest.get_by_role("heading", name="Row B", exact=True)).to_be_visible()
    choice(guest, "Row B, seats 1 and 2").press("Enter")
    mine = guest.get_by_role("complementary", name="Your seats")
    expect(mine).to_be_focused()
    expect(choice(guest, "Row B, seats 1 and 2")).to_have_count(0)
    guest.keyboard.press("Tab")
    expect(mine.get_by_role("link", name="Continue")).to_be_focused()
    guest.keyboard.press("Enter")
    expect(guest.get_by_role("heading", name="Your tickets")).to_be_visible()
    guest.get_by_role("textbox", name="E-mail").fill("ada@example.com")
    press_pay(guest)
    give_card(guest)
    see_status(guest, "confirmed")
    assert Booking.objects.get().tickets.count() == 2


def test_a_lost_race_is_said_and_the_keyboard_goes_on_in_the_row(showtime, guest, watch, settings):
    watch.allow(409)
    open_list(guest, showtime, "&count=2")
    choice(guest, "Row A, seats 1 and 2").focus()
    settings.HINTS_ENABLED = False
    hold_seats(showtime, make_browser(2), "A2")
    guest.keyboard.press("Enter")
    expect(guest.locator("#notice")).to_contain_text("Somebody was a moment faster")
    expect(choice(guest, "Row A, seats 1 and 2")).to_have_count(0)
    expect(guest.locator("#seat-list summary").first).to_be_focused()
    expect(choice(guest, "Row A, seats 4 and 5")).to_have_count(1)


@pytest.mark.long
def test_seats_of_others_are_told_and_rows_stay_as_they_are(showtime, guest, visit):
    other = visit()
    open_list(other, showtime)
    with guest.expect_response(lambda answer: "/events/" in answer.url):
        open_list(guest, showtime)
    guest.locator("#seat-list summary").nth(1).click()  # closes it
    choice(guest, "Row A, seat 2").focus()
    choice(other, "Row A, seat 2").click()
    gone = choice(guest, "Row A, seat 2")
    expect(gone).to_have_attribute("aria-disabled", "true")
    expect(gone).to_be_focused()
    expect(guest.locator("#announcer")).to_contain_text("Somebody else has taken it: Row A, seat 2")
    panel(other).get_by_role("button", name="Remove row A, seat 2").click()
    expect(guest.get_by_text("Seats have become free.")).to_be_visible()
    guest.get_by_role("link", name="Show them").click()
    expect(gone).not_to_have_attribute("aria-disabled", "true")
    expect(guest.locator("#seat-list details").nth(1)).not_to_have_attribute("open", "")
    expect(guest.get_by_text("Seats have become free.")).to_be_hidden()


@pytest.mark.long
def test_without_scripts(showtime, visit):
    plain = visit(java_script_enabled=False)
    open_list(plain, showtime, "&count=2")
    choice(plain, "Row A, seats 1 and 2").click()
    expect(panel(plain).locator(".order-seats li")).to_have_count(2)
    panel(plain).get_by_role("button", name="Remove row A, seat 2").click()
    expect(panel(plain).locator(".order-seats li")).to_have_count(1)
    expect(plain).to_have_url(re.compile(r"view=list&count=2$"))
    expect(choice(plain, "Row A, seats 2 and 3")).to_have_count(1)


def test_map_and_list_read_to_a_screen_reader_as_they_did(showtime, guest):
    hold_seats(showtime, make_browser(2), "A2")
    open_map(guest, showtime)
    expect(guest.locator("#seat-map")).to_match_aria_snapshot(MAP)
    open_list(guest, showtime, "&count=3")
    expect(guest.locator("#seat-list")).to_match_aria_snapshot(LIST)


MAP = """
- group "Seats":
  - heading "Row A" [level=3]
  - button "Row A, seat 1, Standard, £14.50, free"
  - button "Row A, seat 2, Standard, £14.50, taken" [disabled]
  - button "Row A, seat 3, Standard, £14.50, free"
  - button "Row A, seat 4, Standard, £14.50, free"
  - button "Row A, seat 5, Standard, £14.50, free"
  - button "Row A, seat 6, Standard, £14.50, free"
  - heading "Row B" [level=3]
  - button "Row B, seat 1, Premium, £17.50, free"
  - button "Row B, seat 2, Premium, £17.50, free"
  - button "Row B, seat 3, Premium, £17.50, free"
  - button "Row B, seat 4, Premium, £17.50, free"
  - button "Row B, seat 5, Premium, £17.50, free"
  - button "Row B, seat 6, Premium, £17.50, free"
"""
LIST = """
- group:
  - heading "Row A" [level=3]
  - text: 5 free seats, from £43.50
  - list:
    - listitem:
      - button "Row A, seats 4 to 6, Standard, £43.50, beside an aisle"
- group:
  - heading "Row B" [level=3]
  - text: 6 free seats, from £52.50
  - list:
    - listitem:
      - button "Row B, seats 1 to 3, Premium, £52.50, beside an aisle"
    - listitem:
      - button "Row B, seats 4 to 6, Premium, £52.50, beside an aisle"
"""


@pytest.mark.long
@pytest.mark.parametrize("wide", [320, 1280])
def test_the_list_holds_at_every_width(showtime, visit, wide):
    page = visit(width=wide, height=800)
    open_list(page, showtime)
    choice(page, "Row A, seat 1").click()
    expect(panel(page)).to_have_attribute("data-state", "holding")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert_open_to_all(page)
