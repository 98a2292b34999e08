"""The seat map by keyboard alone: one tab stop, arrows that cross taken seats, letters, and a short way on."""

import pytest
from playwright.sync_api import expect

from houses.models import Theater
from tests.browser.steps import open_map, panel, seat, see_seat
from tests.factories import hold_seats, make_auditorium, make_browser, make_showtime, make_theater

ROOM = """
[Stalls]
A oooooo.oo
B .ooooo
C oooooo.oo
D oooooo.oo
[Balcony]
A ooo
AA ooo
"""
STOPS = "[...document.querySelectorAll('#seat-map [tabindex=\"0\"]')].map(seat => seat.value)"


def said(page):
    return page.locator("#announcer")


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def take_all(showtime) -> None:
    """Let other browsers take every seat, eight each."""
    labels = list(showtime.plan.seats.order_by("pk").values_list("label", flat=True))
    for number, at in enumerate(range(0, len(labels), 8)):
        hold_seats(showtime, make_browser(100 + number), *labels[at : at + 8])


@pytest.fixture
def room(site):
    return make_showtime(auditorium=make_auditorium(make_theater(), ROOM))


def test_the_map_is_one_stop_and_arrows_pass_over_what_is_taken_and_say_so(room, guest):
    hold_seats(room, make_browser(2), "Stalls A1", "Stalls A3", "Stalls A4")
    hold_seats(room, make_browser(3), *(f"C{number}" for number in range(1, 9)))
    open_map(guest, room)
    assert guest.evaluate(STOPS) == ["Stalls A2"]
    taken = seat(guest, "Stalls A3")
    assert (taken.get_attribute("aria-disabled"), taken.get_attribute("disabled")) == ("true", None)
    seat(guest, "Stalls A2").focus()
    press(guest, "ArrowRight")
    expect(seat(guest, "Stalls A5")).to_be_focused()
    expect(said(guest)).to_have_text("Passed over, not free: 3, 4.")
    assert guest.evaluate(STOPS) == ["Stalls A5"]
    press(guest, "ArrowLeft", "ArrowLeft")
    expect(seat(guest, "Stalls A2")).to_be_focused()
    expect(said(guest)).to_have_text("Passed over, not free: 1. No free seat further that way.")
    press(guest, "End")
    expect(seat(guest, "Stalls A8")).to_be_focused()
    press(guest, "ArrowDown")  # row B is shorter: its nearest seat
    expect(seat(guest, "B5")).to_be_focused()
    press(guest, "ArrowDown")  # all of row C is taken, and the column is kept on the way down
    expect(seat(guest, "D8")).to_be_focused()
    expect(said(guest)).to_have_text("Nothing is free in row C.")
    press(guest, "Home")
    expect(seat(guest, "D1")).to_be_focused()
    press(guest, "Control+End")
    expect(seat(guest, "AA3")).to_be_focused()
    press(guest, "ArrowDown")
    expect(seat(guest, "AA3")).to_be_focused()
    expect(said(guest)).to_have_text("No free seat further that way.")


def test_the_ends_of_a_room_in_which_nothing_is_free_are_nowhere(room, guest):
    take_all(room)
    open_map(guest, room)
    seat(guest, "D1").focus()
    press(guest, "Control+Home")
    expect(said(guest)).to_have_text("No free seat further that way.")
    press(guest, "Control+End")
    expect(seat(guest, "D1")).to_be_focused()


def test_letters_jump_to_rows(room, guest):
    hold_seats(room, make_browser(3), *(f"C{number}" for number in range(1, 9)))
    open_map(guest, room)
    seat(guest, "Stalls A2").focus()
    press(guest, "d")
    expect(seat(guest, "D2")).to_be_focused()
    press(guest, "b")
    expect(seat(guest, "B1")).to_be_focused()
    press(guest, "a", "a")  # typed together, these are the name of a row
    expect(seat(guest, "AA1")).to_be_focused()
    press(guest, "c")
    expect(seat(guest, "AA1")).to_be_focused()
    expect(said(guest)).to_have_text("Nothing is free in row C. No free seat further that way.")


def test_from_chosen_seats_to_the_next_step_in_two_keys(room, guest):
    Theater.objects.update(avoids_single_seats=False)
    open_map(guest, room)
    seat(guest, "D2").focus()
    press(guest, "Enter")
    see_seat(guest, "D2", "mine")
    press(guest, "ArrowRight", "Enter")
    see_seat(guest, "D3", "mine")
    expect(panel(guest).locator(".order-seats li")).to_have_count(2)
    expect(seat(guest, "D3")).to_be_focused()
    assert guest.evaluate(STOPS) == ["D3"]
    press(guest, "Tab")
    expect(panel(guest).get_by_role("link", name="Continue")).to_be_focused()
    press(guest, "Enter")
    expect(guest.get_by_role("heading", name="Your tickets")).to_be_visible()
    guest.wait_for_load_state()


HOLD_FRAMES = "window.requestAnimationFrame = (work) => (window.heldFrames ??= []).push(work)"
SEVEN_ROWS = "\n".join(f"{row} ooo" for row in "ABCDEFG")


def open_map_before_its_rows(page, *, free_row: str):
    """Open a map that is stopped before it has laid out more of its rows; at the usual pace that takes a tenth of a second.

    Only seats of one row are free, so the keyboard enters the map there.
    """
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), SEVEN_ROWS))
    taken = [f"{row}{number}" for row in "ABCDEFG" if row != free_row for number in (1, 2, 3)]
    for number, labels in enumerate((taken[:9], taken[9:])):
        hold_seats(showtime, make_browser(2 + number), *labels)
    page.emulate_media(reduced_motion="no-preference")
    page.add_init_script(HOLD_FRAMES)
    open_map(page, showtime)


def test_the_row_in_which_the_keyboard_enters_the_map_is_there_at_once(site, guest):
    open_map_before_its_rows(guest, free_row="G")
    way_in = seat(guest, "G1")
    way_in.focus()
    expect(way_in).to_be_focused()
    press(guest, "Enter")
    see_seat(guest, "G1", "mine")
    expect(way_in).to_be_focused()


@pytest.mark.parametrize("key", ["Tab", "ArrowDown"])
def test_a_key_pressed_before_the_map_is_laid_out_finds_all_of_it(site, guest, key):
    open_map_before_its_rows(guest, free_row="G")
    waiting = "document.getAnimations().filter(({ animationName }) => animationName === 'wait').length"
    press(guest, key)
    assert guest.evaluate(waiting) == 0
    seat(guest, "F3").focus()
    expect(seat(guest, "F3")).to_be_focused()
