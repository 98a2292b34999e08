"""Working by keyboard alone, and where the focus is after every change of the page."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import home_of, open_map, panel, seat, see_seat, see_status, take
from tests.factories import hold_seats, make_browser

MOST_STOPS = 80

SEEN = """() => {
  const one = document.activeElement;
  const isOutlined = (element) => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  return one.matches(":focus-visible") && [one, one.parentElement, ...one.children].some(isOutlined);
}"""


def tab_to(page: Page, goal: Locator) -> None:
    """Press Tab until the element has the focus; at every stop the focus must be visible."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if is_focused(goal):
            return
    raise AssertionError(f"{MOST_STOPS} stops and not there")


def is_focused(goal: Locator) -> bool:
    return goal.count() == 1 and goal.evaluate("one => one === document.activeElement")


def test_from_home_to_the_card_by_keyboard(showtime, guest):
    guest.goto(home_of(showtime))
    tab_to(guest, guest.get_by_role("link", name=re.compile(r"^\d\d:\d\d")))
    guest.keyboard.press("Enter")
    expect(guest.get_by_role("heading", name="Choose your seats")).to_be_visible()
    guest.wait_for_load_state()
    tab_to(guest, seat(guest, "A1"))
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft"):
        guest.keyboard.press(key)
    expect(seat(guest, "B2")).to_be_focused()
    guest.keyboard.press("Enter")
    see_seat(guest, "B2", "mine")
    expect(seat(guest, "B2")).to_be_focused()
    guest.keyboard.press("ArrowRight")
    guest.keyboard.press("Space")
    see_seat(guest, "B3", "mine")
    expect(seat(guest, "B3")).to_be_focused()
    guest.keyboard.press("Enter")
    see_seat(guest, "B3", "free")
    expect(seat(guest, "B3")).to_be_focused()
    tab_to(guest, panel(guest).get_by_role("link", name="Continue"))
    guest.keyboard.press("Enter")
    expect(guest.get_by_role("heading", name="Your tickets")).to_be_visible()
    guest.wait_for_load_state()
    kind = guest.get_by_label("Row B seat 2")
    tab_to(guest, kind)
    guest.keyboard.press("c")
    expect(guest.get_by_role("button", name="Pay £12.00")).to_be_visible()
    expect(kind).to_be_focused()
    tab_to(guest, guest.get_by_label("E-mail"))
    guest.keyboard.type("ada@example.com")
    tab_to(guest, guest.get_by_role("button", name="Pay £12.00"))
    guest.keyboard.press("Enter")
    expect(guest.get_by_role("heading", name="Pay with card")).to_be_visible()
    for typed in ("4242424242424242", "1234", "123", "Ada Lovelace"):
        for _ in range(MOST_STOPS):
            guest.keyboard.press("Tab")
            if guest.evaluate("document.activeElement.matches('input')"):
                break
        guest.keyboard.type(typed)
    guest.keyboard.press("Enter")
    see_status(guest, "confirmed")


def test_the_keyboard_stays_when_a_seat_is_gone(showtime, guest, watch, settings):
    watch.allow(409)
    open_map(guest, showtime)
    tab_to(guest, seat(guest, "A1"))
    settings.HINTS_ENABLED = False
    hold_seats(showtime, make_browser(2), "A1")
    guest.keyboard.press("Enter")
    expect(guest.locator("#notice")).to_contain_text("Somebody was a moment faster")
    expect(panel(guest)).to_be_focused()


def test_the_keyboard_stays_where_a_seat_is_given_back_in_the_panel(showtime, guest):
    open_map(guest, showtime)
    take(guest, "A1", "A2")
    panel(guest).get_by_role("button", name="Remove row A, seat 1").focus()
    guest.keyboard.press("Enter")
    see_seat(guest, "A1", "free")
    expect(seat(guest, "A1")).to_be_focused()


def test_the_first_stop_skips_to_the_content(showtime, guest):
    guest.goto("/")
    guest.keyboard.press("Tab")
    expect(guest.get_by_role("link", name="Skip to the content")).to_be_focused()
    guest.keyboard.press("Enter")
    assert guest.evaluate("document.activeElement.id") == "content"
