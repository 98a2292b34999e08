"""Buying on a phone, by touch, at 375 pixels."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.timezone import localdate
from playwright.sync_api import expect

from tests.boxoffice.scenes import book
from tests.browser.steps import GOOD_CARD, home_of, open_map, panel, seat, see_seat, see_status, take
from tests.factories import hold_seats, make_auditorium, make_browser, make_showtime, make_theater

WIDE_PLAN = "\n".join(f"{row} {'o' * 15}..{'p' * 15}" for row in "ABCDEFGHIJ")


@pytest.fixture
def phone(visit):
    return visit(width=375, height=812, is_mobile=True, has_touch=True, device_scale_factor=2)


def sideways(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth + scrollX")


@pytest.mark.long
def test_the_whole_way(showtime, phone, books):
    phone.goto(home_of(showtime))
    phone.get_by_role("link", name=re.compile(r"^\d\d:\d\d")).tap()
    for label in ("A3", "B4"):
        seat(phone, label).tap()
        see_seat(phone, label, "mine")
    panel(phone).get_by_role("link", name="Continue").tap()
    expect(phone.get_by_label("E-mail")).to_be_visible()
    assert sideways(phone) == 0
    phone.get_by_label("E-mail").fill("ada@example.com")
    phone.get_by_role("button", name="Pay £32.00").tap()
    phone.get_by_label("Card number").fill(GOOD_CARD)
    phone.get_by_label("Expiration").fill("12 / 34")
    phone.get_by_label("Security code").fill("123")
    phone.get_by_label("Name on card").fill("Ada Lovelace")
    phone.get_by_role("button", name="Pay £32.00").tap()
    see_status(phone, "confirmed")
    assert sideways(phone) == 0
    phone.locator(".qr").first.tap()
    expect(phone.locator("[data-ticket-code]")).to_have_count(1)
    assert sideways(phone) == 0


@pytest.mark.long
@pytest.mark.parametrize("days", [-2, 12, 60])
def test_the_chosen_day_is_in_sight_on_the_strip_and_leads_back(showtime, phone, days):
    on = localdate(timezone=showtime.auditorium.theater.zone) + timedelta(days=days)
    phone.goto(f"{home_of(showtime).partition('&')[0]}&day={on}")
    chosen = phone.locator(f"#day-{on}[aria-current=date]")
    assert phone.locator(".days [aria-current]").count() == 1
    box = chosen.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 375
    if days == 12:
        return
    phone.get_by_role("link", name="Back to the next days").tap()
    expect(phone.locator("#listing .days li")).to_have_count(14)


@pytest.fixture
def wide(site):
    return make_showtime(auditorium=make_auditorium(make_theater(), WIDE_PLAN))


def tap_at(page, label, dx=0.0, dy=0.0) -> None:
    """Tap a seat some pixels beside its middle."""
    box = seat(page, label).bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2 + dx, box["y"] + box["height"] / 2 + dy)


def widths(page, label) -> float:
    return seat(page, label).evaluate("one => one.getBoundingClientRect().width")


def test_a_large_room_opens_as_a_whole_and_a_tap_zooms_to_its_seats(wide, phone):
    open_map(phone, wide)
    frame = phone.locator(".map-frame")
    whole = frame.bounding_box()
    for label in ("A1", "A30", "J1", "J30"):
        box = seat(phone, label).bounding_box()
        assert whole["x"] <= box["x"] and box["x"] + box["width"] <= whole["x"] + whole["width"]
        assert whole["y"] <= box["y"] and box["y"] + box["height"] <= whole["y"] + whole["height"]
    expect(phone.locator("#map-hint")).to_have_text("Tap an area to see its seats.")
    tap_at(phone, "E8")
    expect(frame).to_have_attribute("data-near", "")
    assert widths(phone, "E8") == 44
    expect(seat(phone, "E8")).to_be_in_viewport(ratio=1)
    see_seat(phone, "E8", "free")
    expect(phone.locator(".mini-map")).to_be_visible()
    phone.locator(".mini-map").click(trial=True)  # nothing covers it
    tap_at(phone, "E10")  # too far away to be the second tap of a double tap
    see_seat(phone, "E10", "mine")
    assert sideways(phone) == 0
    panel(phone).get_by_role("button", name="Remove row E, seat 10").tap()  # this seat is not wanted
    see_seat(phone, "E10", "free")
    phone.get_by_role("button", name="Whole room").tap()
    expect(frame).not_to_have_attribute("data-near", "")
    assert widths(phone, "E8") < 20


@pytest.mark.long
def test_the_sheet_makes_room_below_the_page_without_a_new_style_for_any_seat(wide, phone):
    open_map(phone, wide)
    tap_at(phone, "E8")
    tap_at(phone, "E10")
    see_seat(phone, "E10", "mine")
    high = panel(phone).bounding_box()["height"]
    expect(phone.locator(".site-footer")).to_have_css("padding-bottom", re.compile(r"^\d"))
    assert phone.locator(".site-footer").evaluate("one => parseFloat(getComputedStyle(one).paddingBottom)") >= high
    inherited_by_all = phone.evaluate(
        "[...document.documentElement.style, ...document.body.style].filter((one) => one.startsWith('--'))"
    )
    assert inherited_by_all == []


SIXTY_FRAMES = """() => new Promise((done) => {
  let n = 0;
  const step = () => ((n += 1) < 60 ? requestAnimationFrame(step) : done());
  step();
})"""


@pytest.mark.long
def test_a_page_with_held_seats_rests(wide, phone):
    """The line of remaining time used to move, and so had the map laid out in every frame while seats were held."""
    open_map(phone, wide)
    tap_at(phone, "E8")
    tap_at(phone, "E10")
    see_seat(phone, "E10", "mine")
    session = phone.context.new_cdp_session(phone)
    session.send("Performance.enable")

    def layouts() -> int:
        found = session.send("Performance.getMetrics")["metrics"]
        return next(int(one["value"]) for one in found if one["name"] == "LayoutCount")

    phone.evaluate(SIXTY_FRAMES)
    before = layouts()
    phone.evaluate(SIXTY_FRAMES)
    assert layouts() - before <= 10


@pytest.mark.long
def test_keys_and_wheel_zoom_the_map(wide, guest):
    open_map(guest, wide)
    whole = widths(guest, "E8")
    seat(guest, "E8").focus()
    guest.keyboard.press("+")
    assert widths(guest, "E8") > whole
    expect(seat(guest, "E8")).to_be_in_viewport(ratio=1)
    guest.keyboard.press("0")
    assert widths(guest, "E8") == pytest.approx(whole)
    seat(guest, "E8").hover()
    guest.keyboard.down("Control")
    guest.mouse.wheel(0, -400)
    guest.keyboard.up("Control")
    expect(guest.locator(".map-frame")).to_have_attribute("data-near", "")
    guest.keyboard.press("-")
    assert guest.evaluate("visualViewport.scale") == 1


# Counts rows that begin to wait for their layout, and rows whose wait is over.
WAITS = """
window.waits = { begun: 0, over: 0 };
for (const [name, count] of [["animationstart", "begun"], ["animationend", "over"]]) {
  addEventListener(name, ({ animationName }) => { if (animationName === "wait") waits[count] += 1; });
}
"""


@pytest.mark.long
def test_a_large_room_is_laid_out_in_steps_when_it_opens_and_at_once_in_an_answer(wide, phone):
    phone.add_init_script(WAITS)
    open_map(phone, wide)
    rows = phone.locator(".row").count()
    phone.wait_for_function("rows => waits.over === rows", arg=rows)
    shown = "rows => new Set([...rows].map((row) => getComputedStyle(row).contentVisibility))"
    assert phone.locator(".row").evaluate_all(f"rows => [...({shown})(rows)]") == ["visible"]
    phone.get_by_role("button", name="Find").tap()
    expect(phone.locator(".seat[data-state=mine]")).to_have_count(2)
    assert phone.evaluate("waits") == {"begun": rows, "over": rows}


COVERED_BY_MINI_MAP = """() => {
  const mini = document.querySelector(".mini-map").getBoundingClientRect();
  const seat = document.activeElement.getBoundingClientRect();
  return seat.right > mini.left && seat.top < mini.bottom && seat.bottom > mini.top && seat.left < mini.right;
}"""


# Finds a seat under the mini-map, near the middle of the auditorium.
BELOW_MINI_MAP = """() => {
  const { x, y, width, height } = document.querySelector(".mini-map").getBoundingClientRect();
  const at = (part) => document.elementsFromPoint(x + width * part, y + height / 2).find((one) => one.matches(".seat"));
  const seat = at(0.5) ?? at(0.3) ?? at(0.7);
  seat.focus({ preventScroll: true });
  return seat.value;
}"""


@pytest.mark.long
def test_the_mini_map_covers_no_seat_that_has_the_focus(wide, phone):
    open_map(phone, wide)
    tap_at(phone, "E8")
    expect(phone.locator(".mini-map")).to_be_visible()
    seat(phone, "E8").focus()
    phone.keyboard.press("ArrowRight")
    label = phone.evaluate(BELOW_MINI_MAP)
    expect(seat(phone, label)).to_be_focused()
    assert not phone.evaluate(COVERED_BY_MINI_MAP), label
    for key in ("Control+Home", "End", "ArrowDown", "Control+End", "ArrowUp"):
        phone.keyboard.press(key)
        assert not phone.evaluate(COVERED_BY_MINI_MAP), key


# Notes when the mini-map is drawn again: setting its width empties the canvas.
WATCH_MINI_MAP = """() => {
  const seen = new MutationObserver(() => (document.documentElement.dataset.miniMap = "drawn"));
  seen.observe(document.querySelector(".mini-map canvas"), { attributes: true, attributeFilter: ["width"] });
}"""


@pytest.mark.long
def test_what_others_take_is_counted_and_drawn_on_the_mini_map(site, phone):
    plan = "[Stalls]\n" + WIDE_PLAN + "\n[Balcony]\nK oooo"
    show = make_showtime(auditorium=make_auditorium(make_theater(), plan))
    with phone.expect_response(lambda answer: "/events/" in answer.url):
        open_map(phone, show)
    stalls = phone.locator(".section-name", has_text="Stalls")
    expect(stalls).to_contain_text("300 free")
    tap_at(phone, "E8")
    expect(phone.locator(".mini-map")).to_be_visible()
    phone.evaluate(WATCH_MINI_MAP)
    hold_seats(show, make_browser(5), "A1", "A2")
    see_seat(phone, "A1", "held")
    expect(stalls).to_contain_text("298 free")
    phone.locator("html[data-mini-map=drawn]").wait_for()


# Taps 2,000 times with a spread of 8 pixels around the middle of a seat; returns the share of taps that chose it.
TAPS = """(label) => {
  const frame = document.querySelector(".map-frame");
  const box = document.querySelector(`[data-seat="${label}"]`).getBoundingClientRect();
  const spread = () => 8 * Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  let hits = 0;
  const note = (event) => {
    const chosen = event.target.closest(".seat");
    if (!chosen) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    hits += chosen.value === label;
  };
  document.getElementById("seat-map").addEventListener("click", note, { capture: true });
  for (let at = 0; at < 2000; at += 1) {
    const [clientX, clientY] = [box.x + box.width / 2 + spread(), box.y + box.height / 2 + spread()];
    const options = { clientX, clientY, bubbles: true, cancelable: true, detail: 1, pointerType: "touch" };
    document.elementFromPoint(clientX, clientY).dispatchEvent(new PointerEvent("click", options));
  }
  return hits / 2000;
}"""


def test_taps_that_spread_by_8_pixels_hit_the_seat_that_was_meant(wide, phone):
    open_map(phone, wide)
    tap_at(phone, "E8")
    expect(phone.locator(".map-frame")).to_have_attribute("data-near", "")
    assert phone.evaluate(TAPS, "E8") >= 0.98


def test_what_best_together_chose_is_in_sight_and_goes_back_at_once(wide, phone):
    open_map(phone, wide)
    phone.get_by_role("button", name="Find").tap()
    expect(phone.locator("#notice")).to_contain_text("Held for you: row G")
    chosen = phone.locator(".seat[data-state=mine]")
    expect(chosen).to_have_count(2)
    sheet = panel(phone).bounding_box()
    for one in chosen.all():
        expect(one).to_be_in_viewport(ratio=1)
        assert one.bounding_box()["y"] + one.bounding_box()["height"] <= sheet["y"]
    panel(phone).get_by_role("button", name="Give up these seats").tap()
    expect(chosen).to_have_count(0)


COVERED = """async () => {
  await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null)));
  const focused = document.activeElement;
  if (focused === document.body) return "";
  const { x, y, width, height } = focused.getBoundingClientRect();
  const seen = document.elementFromPoint(x + width / 2, y + height / 2);
  return seen && (focused.contains(seen) || seen.contains(focused)) ? "" : focused.outerHTML.slice(0, 120);
}"""


@pytest.mark.long
@pytest.mark.parametrize(("height", "most"), [(400, 120), (812, 140)], ids=["above an open keyboard", "held upright"])
def test_what_is_said_over_the_map_leaves_the_map_and_the_focus_in_sight(wide, visit, height, most):
    phone = visit(width=375, height=height, is_mobile=True, has_touch=True)
    open_map(phone, wide)
    phone.get_by_role("button", name="Find").tap()
    expect(phone.locator("#notice")).to_contain_text("Or instead:")
    assert phone.locator("#notice .notice").bounding_box()["height"] <= most
    choices = phone.locator(".best-others button")
    expect(choices).to_have_count(3)
    assert all(choice.bounding_box()["height"] >= 44 for choice in choices.all())
    for control in (*phone.locator(".seat[data-state=mine]").all(), panel(phone).get_by_role("link", name="Continue")):
        control.focus()
        assert phone.evaluate(TOP_COVERED) == ""


TOP_COVERED = """async () => {
  await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null)));
  const focused = document.activeElement;
  const { x, y, width } = focused.getBoundingClientRect();
  const seen = document.elementFromPoint(x + width / 2, y + 3);
  return seen && focused.contains(seen) ? "" : focused.outerHTML.slice(0, 120);
}"""


@pytest.mark.long
def test_the_whole_code_of_a_ticket_is_in_sight_without_scrolling(showtime, visit):
    with transaction.atomic():
        ticket = book(showtime, "A1").tickets.get()
    page = visit()
    for width, height in ((360, 640), (640, 360), (320, 480)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"/tickets/{ticket.code}/")
        code = page.locator(".qr img").bounding_box()
        bar = page.locator(".site-nav").bounding_box()
        below = bar["y"] if bar["y"] > code["y"] else height
        assert 0 <= code["y"] < code["y"] + code["height"] <= below
        assert min(code["width"], code["height"]) >= 128
    expect(page.locator(".ticket-reference")).to_contain_text(ticket.booking.reference)


SPACED = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }");
  document.adoptedStyleSheets = [sheet];
}"""


@pytest.mark.long
def test_enlarged_to_400_percent_and_with_wide_text_nothing_sticks_out_or_covers_the_page(showtime, visit):
    page = visit(width=320, height=256)
    with transaction.atomic():
        ticket = book(showtime, "A1").tickets.get()
    for address in ("/", f"/showtimes/{showtime.pk}/", f"/tickets/{ticket.code}/", showtime.movie.get_absolute_url()):
        page.goto(address)
        page.evaluate(SPACED)
        assert (address, sideways(page)) == (address, 0)
        for bar in page.locator(".site-nav, .order").all():
            assert bar.evaluate("bar => getComputedStyle(bar).position") != "fixed"


def test_enlarged_to_400_percent_the_way_on_is_in_sight_and_covers_no_focus(showtime, visit):
    page = visit(width=320, height=256)
    open_map(page, showtime)
    seat(page, "A1").focus()
    page.keyboard.press("Enter")
    see_seat(page, "A1", "mine")
    way_on = panel(page).get_by_role("link", name="Continue")
    expect(way_on).to_be_in_viewport(ratio=1)
    assert page.locator(".order-foot").bounding_box()["height"] < 64
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
        focused = page.evaluate("document.activeElement.getBoundingClientRect().bottom")
        assert focused <= page.locator(".order-foot").bounding_box()["y"]


@pytest.mark.long
def test_what_has_the_focus_is_not_below_a_bar(showtime, visit):
    with transaction.atomic():
        booking = book(showtime, "A1")
    page = visit(width=360, height=640)
    for address in ("/", f"/tickets/{booking.tickets.get().code}/"):
        page.goto(address)
        covered = []
        for _ in range(page.locator("a, button, input, select, summary").count()):
            page.keyboard.press("Tab")
            covered.append(page.evaluate(COVERED))
        assert [element for element in covered if element] == []


@pytest.mark.long
def test_the_order_panel_is_as_large_as_what_it_says_and_covers_nothing_that_has_the_focus(showtime, visit):
    page = visit(width=360, height=640, has_touch=True)
    open_map(page, showtime)
    height = lambda: panel(page).bounding_box()["height"]
    assert height() < 80
    take(page, "A1", "A2")
    large = height()
    fold = panel(page).get_by_role("button", name="My seats one by one")
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "false")
    assert height() < large - 40
    take(page, "A5")
    expect(fold).to_have_attribute("aria-expanded", "false")
    fold.click()
    covered = []
    page.locator(".site-header a").first.focus()
    for _ in range(page.locator("a, button:not([tabindex='-1']), input:not([type=hidden]), select, summary").count()):
        page.keyboard.press("Tab")
        covered.append(page.evaluate(COVERED))
    assert [element for element in covered if element] == []
