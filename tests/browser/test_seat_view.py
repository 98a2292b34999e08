"""How the screen looks from a seat: the page says and draws it on keyboard focus and on a long press, and takes no seat."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import open_map, seat, see_seat
from tests.factories import make_auditorium, make_showtime, make_theater
from theaters.models import Auditorium

pytestmark = pytest.mark.long

MEASURES = {
    "screen_width_cm": 900, "screen_height_cm": 400, "first_row_cm": 500, "row_pitch_cm": 100, "row_rise_cm": 20,
}  # fmt: skip

PLAN = "A oo.oo\nsteps 2\nhearing loop yes\nseats 1: note Beside <b>the</b> door\nB oo.oo\n"


@pytest.fixture
def showtime(site):
    auditorium = make_auditorium(make_theater(), PLAN)
    Auditorium.objects.filter(pk=auditorium.pk).update(**MEASURES)
    return make_showtime(auditorium=auditorium)


def corners(page):
    points = page.locator(".seat-tip polygon").get_attribute("points").split()
    return [tuple(map(float, point.split(","))) for point in points]


def press_long(page, label):
    box = seat(page, label).bounding_box()
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    expect(page.locator(".seat-tip polygon")).to_be_visible()
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_the_focus_of_the_keyboard_says_and_draws_it(guest, showtime):
    open_map(guest, showtime)
    seat(guest, "A4").focus()
    guest.keyboard.press("ArrowLeft")
    expect(seat(guest, "A3")).to_be_focused()
    guest.keyboard.press("Home")
    expect(seat(guest, "A1")).to_have_accessible_description(
        "5 m from the screen, the screen 82° wide and up to 38° high"
    )
    left_top, right_top, right_foot, left_foot = corners(guest)
    assert left_foot[1] - left_top[1] > right_foot[1] - right_top[1], "from the left its left edge is the taller"
    guest.keyboard.press("ArrowRight")
    expect(seat(guest, "A1")).to_have_accessible_description("")
    expect(seat(guest, "A2")).to_have_accessible_description(re.compile("from the screen"))
    see_seat(guest, "A1", "free")


def test_nothing_is_fetched_for_it_before_somebody_points_at_the_map(guest, showtime):
    fetched = []
    guest.on("request", lambda request: fetched.append(request.url))
    open_map(guest, showtime)
    guest.wait_for_load_state("networkidle")
    assert any("/js/seats" in url for url in fetched)
    assert not any("/js/seat-tip" in url or url.endswith(".json") for url in fetched)
    with guest.expect_request("**/js/seat-tip*"):
        seat(guest, "B2").hover()
    expect(guest.locator(".seat-tip")).to_have_text("Row B, seat 2, Standard, £14.50, free")


def test_a_mouse_is_told_the_name_alone(guest, showtime):
    open_map(guest, showtime)
    seat(guest, "B2").hover()
    expect(guest.locator(".seat-tip")).to_have_text("Row B, seat 2, Standard, £14.50, free")


def test_a_long_press_says_and_draws_it_and_takes_nothing(visit, showtime):
    label, phone = "A2", visit(width=375, height=812, has_touch=True, is_mobile=True)
    open_map(phone, showtime)
    press_long(phone, label)
    expect(phone.locator(".seat-tip")).to_contain_text("beside an aisle, 5 m from the screen")
    see_seat(phone, label, "free")
    phone.locator("#order-panel .order-hint").first.tap()
    expect(phone.locator(".seat-tip")).to_be_hidden()
    seat(phone, label).tap()
    see_seat(phone, label, "mine")


def test_who_is_slow_to_let_go_of_a_mouse_takes_the_seat(guest, showtime):
    open_map(guest, showtime)
    seat(guest, "A2").hover()
    expect(guest.locator(".seat-tip")).to_have_text("Row A, seat 2, Standard, £14.50, free")
    guest.mouse.down()
    expect(guest.locator(".seat-tip polygon")).to_be_visible()
    guest.mouse.up()
    see_seat(guest, "A2", "mine")


def test_the_plans_facts_are_said_before_the_view(guest, showtime):
    open_map(guest, showtime)
    seat(guest, "B2").focus()
    guest.keyboard.press("ArrowLeft")
    expect(seat(guest, "B1")).to_have_accessible_description(
        re.compile("^2 steps, hearing loop, Beside <b>the</b> door, 6 m from the screen")
    )
    expect(guest.locator(".seat-tip")).to_contain_text("Row B, seat 1, Standard, £14.50, free")
    expect(guest.locator(".seat-tip")).to_contain_text("2 steps, hearing loop, Beside <b>the</b> door")


def test_what_is_told_of_a_seat_at_the_edge_stays_beside_the_panel(visit):
    """At 1280 px the last seat of a wide row is near the panel with the held seats."""
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), f"A {'o' * 30}\nB {'o' * 30}\nC {'o' * 30}\n"))
    page = visit(width=1280, height=900)
    open_map(page, showtime)
    seat(page, "B29").focus()
    page.keyboard.press("ArrowRight")
    tip, panel = page.locator(".seat-tip"), page.locator("#order-panel")
    expect(tip).to_be_visible()
    stage = page.locator(".seat-stage").bounding_box()
    told = tip.bounding_box()
    assert told["x"] >= stage["x"] - 1 and told["x"] + told["width"] <= panel.bounding_box()["x"]
    assert told["x"] + told["width"] <= stage["x"] + stage["width"] + 1
