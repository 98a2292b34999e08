"""The map: what a click does, whose a seat is, and for how long."""

import pytest
from playwright.sync_api import Page, expect

from core.live import seat_map_changes
from reservations.models import Hold, ShowtimeSeat
from tests.aging import age_hold, lapse
from tests.browser.steps import begin_to_pay, give_card, open_map, panel, seat, see_seat, see_status, take
from tests.factories import hold_seats, make_auditorium, make_browser, make_showtime, make_theater


def test_other_peoples_seats_change_without_a_reload(showtime, guest, visit, work):
    other = visit()
    open_map(guest, showtime)
    with other.expect_response(lambda answer: "/events/" in answer.url):
        open_map(other, showtime)
    take(guest, "A3", "A4")
    see_seat(other, "A3", "held")
    see_seat(other, "A4", "held")
    expect(seat(other, "A3")).to_be_disabled()
    seat(guest, "A4").click()
    see_seat(other, "A4", "free")
    expect(seat(other, "A4")).to_be_enabled()
    lapse(Hold.objects.get())
    work()
    see_seat(other, "A3", "free")


@pytest.mark.long
def test_a_taken_space_shows_its_sign_and_no_dot_over_it(site, guest):
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), "A wcooo"))
    hold_seats(showtime, make_browser(2), "A1", "A2", "A3")
    open_map(guest, showtime)
    drawn = [
        seat(guest, label).evaluate("seat => getComputedStyle(seat).backgroundImage") for label in ("A1", "A2", "A3")
    ]
    assert drawn[:2] == ["none", "none"] and "radial-gradient" in drawn[2]


def test_a_seat_that_goes_to_somebody_else_keeps_the_keyboard(showtime, guest, visit):
    other = visit()
    with other.expect_response(lambda answer: "/events/" in answer.url):
        open_map(other, showtime)
    open_map(guest, showtime)
    seat(other, "A3").focus()
    take(guest, "A3")
    see_seat(other, "A3", "held")
    expect(seat(other, "A3")).to_be_focused()
    expect(seat(other, "A3")).to_have_attribute("aria-disabled", "true")
    expect(other.locator("#announcer")).to_contain_text("Somebody else has taken it: Row A, seat 3")
    other.keyboard.press("Enter")  # does nothing
    other.keyboard.press("ArrowRight")
    expect(seat(other, "A4")).to_be_focused()
    expect(seat(other, "A3")).to_be_disabled()
    expect(panel(other)).to_have_attribute("data-state", "empty")


def test_best_together_asks_before_it_replaces(showtime, guest, watch):
    watch.allow(409)
    open_map(guest, showtime)
    take(guest, "A1")
    guest.get_by_role("button", name="Find").click()
    expect(guest.get_by_role("link", name="Keep my seats")).to_be_focused()
    see_seat(guest, "A1", "mine")
    guest.get_by_role("button", name="Give up A1 and take the best seats").click()
    expect(guest.locator("#notice")).to_contain_text("Held for you: row")
    see_seat(guest, "A1", "free")
    expect(panel(guest).locator(".order-seats li")).to_have_count(2)


TOLD = """() => {
  window.told = [];
  const announcer = document.getElementById("announcer");
  new MutationObserver(() => told.push(announcer.textContent)).observe(announcer, { childList: true });
}"""


def test_a_refusal_that_changes_nothing_is_said_once(showtime, guest, watch):
    """The other live region does not say as well that no seats are chosen."""
    watch.allow(409)
    row = ShowtimeSeat.objects.filter(showtime=showtime, label__startswith="B").values_list("label", flat=True)
    hold_seats(showtime, make_browser(9), *row)
    open_map(guest, showtime)
    guest.evaluate(TOLD)
    guest.get_by_label("Best together").select_option("10")
    guest.get_by_role("button", name="Find").click()
    expect(guest.locator("#notice")).to_contain_text("There are not enough free seats")
    take(guest, "A3")
    expect(guest.locator("#announcer")).to_contain_text("1 seat, ")
    assert len(guest.evaluate("told")) == 1


@pytest.mark.long
def test_a_sold_seat_is_seen_as_sold(showtime, guest, visit):
    other = visit()
    with other.expect_response(lambda answer: "/events/" in answer.url):
        open_map(other, showtime)
    begin_to_pay(guest, showtime, "A3")
    give_card(guest)
    see_status(guest, "confirmed")
    see_seat(other, "A3", "sold")


def test_the_second_who_wants_a_seat_is_told_and_keeps_the_others(showtime, guest, watch, settings):
    watch.allow(409)
    open_map(guest, showtime)
    take(guest, "A1")
    settings.HINTS_ENABLED = False  # no live changes: this map gets old
    hold_seats(showtime, make_browser(2), "A2", "A3")
    see_seat(guest, "A2", "free")
    seat(guest, "A2").click()
    expect(guest.locator("#notice")).to_contain_text("Somebody was a moment faster")
    for label, state in {"A1": "mine", "A2": "held", "A3": "held", "A4": "free"}.items():
        see_seat(guest, label, state)
    expect(panel(guest).locator(".order-seats li")).to_have_count(1)
    take(guest, "A4")
    expect(guest.locator("#notice")).to_be_empty()


def test_a_second_click_gives_a_seat_back(showtime, guest):
    open_map(guest, showtime)
    take(guest, "A1", "A2")
    seat(guest, "A1").click()
    see_seat(guest, "A1", "free")
    panel(guest).get_by_role("button", name="Remove row A, seat 2").click()
    see_seat(guest, "A2", "free")
    assert not ShowtimeSeat.objects.filter(hold__isnull=False).exists()


@pytest.mark.long
def test_everything_is_given_back_at_once(showtime, guest):
    open_map(guest, showtime)
    take(guest, "A1", "A2")
    panel(guest).get_by_role("button", name="Give up these seats").click()
    see_seat(guest, "A1", "free")
    see_seat(guest, "A2", "free")
    expect(panel(guest)).to_have_attribute("data-state", "empty")


@pytest.mark.long
def test_the_eleventh_seat_is_refused(showtime, guest, watch):
    watch.allow(422)
    open_map(guest, showtime)
    for label in ("A1", "A2", "A3", "A4", "A5", "A6", "B1", "B2", "B3", "B4"):
        seat(guest, label).click()  # quick clicks queue up
    expect(panel(guest).locator(".order-seats li")).to_have_count(10)
    seat(guest, "B5").click()
    expect(guest.locator("#notice")).to_contain_text("You can choose up to 10 at a time")
    see_seat(guest, "B5", "free")


def test_reload_back_and_a_second_tab_keep_my_seats(showtime, guest, visit):
    open_map(guest, showtime)
    take(guest, "A1")
    guest.reload()
    see_seat(guest, "A1", "mine")
    guest.goto("/")
    guest.go_back()
    see_seat(guest, "A1", "mine")
    tab = guest.context.new_page()
    open_map(tab, showtime)
    see_seat(tab, "A1", "mine")
    take(tab, "A2")
    tab.close()
    guest.reload()
    see_seat(guest, "A2", "mine")
    stranger = visit()
    open_map(stranger, showtime)
    see_seat(stranger, "A1", "held")
    expect(seat(stranger, "A1")).to_be_disabled()


@pytest.mark.long
def test_what_i_take_or_give_back_in_one_tab_the_other_shows_as_mine(showtime, guest):
    tab = guest.context.new_page()
    open_map(guest, showtime)
    open_map(tab, showtime)
    take(guest, "A1")
    see_seat(tab, "A1", "mine")
    expect(panel(tab)).to_have_attribute("data-state", "holding")
    seat(tab, "A1").click()
    see_seat(tab, "A1", "free")
    see_seat(guest, "A1", "free")
    expect(panel(guest)).to_have_attribute("data-state", "empty")


def test_the_time_runs_out_and_the_same_seats_can_be_taken_again(showtime, guest):
    guest.clock.install()
    open_map(guest, showtime)
    take(guest, "A1", "A2")
    age_hold(Hold.objects.get(), 485)
    guest.clock.fast_forward("08:05")
    expect(panel(guest)).to_contain_text("Your seats are free for others again: A1, A2.")
    see_seat(guest, "A1", "free")
    panel(guest).get_by_role("button", name="Take them again").click()
    see_seat(guest, "A1", "mine")
    see_seat(guest, "A2", "mine")
    expect(panel(guest)).to_have_attribute("data-state", "holding")


@pytest.mark.long
def test_late_news_of_a_hold_that_ran_out_does_not_take_its_seats_again(showtime, guest):
    """The page's own clicks come back as news after the hold was over, beside news that are true."""
    guest.clock.install()
    with guest.expect_response(lambda answer: "/events/" in answer.url):
        open_map(guest, showtime)
    take(guest, "A1", "A2")
    told = seat_map_changes.held_until(Hold.objects.get().expires_at)
    age_hold(Hold.objects.get(), 485)
    guest.clock.fast_forward("08:05")
    expect(panel(guest)).to_have_attribute("data-state", "lapsed")
    see_seat(guest, "A1", "free")
    seat_map_changes._publish(showtime.pk, {"A1": told, "A2": told, "A5": "sold"})
    see_seat(guest, "A5", "sold")
    see_seat(guest, "A1", "free")
    see_seat(guest, "A2", "free")


@pytest.mark.long
def test_a_page_that_slept_asks_before_it_gives_up(showtime, guest):
    """The page's clock says that the time is over, but the server's does not. The server is right."""
    guest.clock.install()
    open_map(guest, showtime)
    take(guest, "A1")
    guest.clock.fast_forward("08:05")
    expect(panel(guest)).to_have_attribute("data-state", "holding")
    expect(panel(guest).locator("[data-countdown-words]")).to_contain_text("min")
    see_seat(guest, "A1", "mine")


def test_little_time_left_can_be_extended_once(showtime, guest):
    guest.clock.install()
    open_map(guest, showtime)
    take(guest, "A1")
    more = panel(guest).get_by_role("button", name="I need more time")
    expect(more).to_be_hidden()
    age_hold(Hold.objects.get(), 400)
    guest.clock.fast_forward("06:40")
    expect(panel(guest).locator("[data-countdown-words]")).to_contain_text("left")
    more.click()
    expect(panel(guest).locator("[data-countdown-words]")).to_contain_text("6 min")
    expect(more).to_have_count(0)
    assert Hold.objects.get().extended_at is not None


@pytest.mark.long
def test_at_the_end_of_the_time_the_checkout_asks(showtime, guest):
    guest.clock.install()
    open_map(guest, showtime)
    take(guest, "A1")
    panel(guest).get_by_role("link", name="Continue").click()
    # The page's own words: from now on the script counts.
    expect(guest.locator("[data-countdown-words]")).to_have_text("Held for you for 8 min")
    age_hold(Hold.objects.get(), 485)
    guest.clock.fast_forward("08:05")
    expect(guest.get_by_role("heading", name="Your time ran out")).to_be_focused()
    guest.get_by_role("link", name="Choose something else").click()
    expect(panel(guest)).to_have_attribute("data-state", "lapsed")


@pytest.mark.parametrize("pressed", ["take", "release"])
def test_a_double_click_means_one_thing(showtime, guest, pressed):
    open_map(guest, showtime)
    if pressed == "release":
        take(guest, "A1")
    seat(guest, "A1").dblclick()
    see_seat(guest, "A1", "mine" if pressed == "take" else "free")


@pytest.mark.long
def test_the_second_half_of_a_double_click_comes_after_the_answer(showtime, guest):
    open_map(guest, showtime)
    take(guest, "A1")
    seat(guest, "A1").dispatch_event("click", {"detail": 2})
    take(guest, "A2")
    see_seat(guest, "A1", "mine")
    assert set(ShowtimeSeat.objects.exclude(hold=None).values_list("label", flat=True)) == {"A1", "A2"}


@pytest.mark.parametrize(("first", "after"), [("take", "mine"), ("release", "free")])
def test_who_presses_both_places_of_a_sofa_means_both(site, guest, first, after):
    """The press on one place brings the other. A second press, made on that one before it could be seen, does not give
    both back.
    """
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), "A ooo\nB ss"))
    guest.clock.install()
    open_map(guest, showtime)
    if first == "release":
        take(guest, "B1")
        guest.clock.fast_forward(1000)
    press = """document.querySelector('[data-seat="B2"]').click()"""
    guest.evaluate(f"document.addEventListener('htmx:afterSettle', () => {press}, {{ once: true }}), 0")
    posted = []
    guest.on("request", lambda request: posted.append(request.method))
    seat(guest, "B1").click()
    see_seat(guest, "B2", after)
    guest.clock.fast_forward(1000)
    take(guest, "A1")
    assert posted.count("POST") == 2
    see_seat(guest, "B1", after)
    seat(guest, "B2").click()
    see_seat(guest, "B1", "free" if after == "mine" else "mine")


def lose_answers(page, *, reaches_us: bool) -> None:
    """Lose the answers to the next clicks, as in a tunnel or when a proxy restarts."""

    def lose(route):
        if reaches_us:
            cookies = page.context.cookies()
            route.fetch()
            page.context.clear_cookies()
            page.context.add_cookies(cookies)  # the cookies of an answer are lost with it
        route.abort()

    page.route("**/seats/", lose)


@pytest.mark.parametrize("pressed", ["take", "release"])
def test_a_click_whose_answer_was_lost_is_shown_as_what_it_did(showtime, guest, watch, pressed):
    """Everybody, this page too, is told that A1 is taken. The page must not say that somebody else took it."""
    open_map(guest, showtime)
    if pressed == "release":
        take(guest, "A1")
    lose_answers(guest, reaches_us=True)
    seat(guest, "A1").click()
    see_seat(guest, "A1", "mine" if pressed == "take" else "free")
    expect(guest.locator("#notice")).to_be_empty()
    expect(guest.locator("#announcer")).not_to_contain_text("Somebody else")
    expect(panel(guest)).to_have_attribute("data-state", "holding" if pressed == "take" else "empty")
    watch.complaints.clear()


def test_a_click_that_never_reached_us_says_so_and_keeps_the_keyboard(showtime, guest, watch):
    open_map(guest, showtime)
    lose_answers(guest, reaches_us=False)
    guest.evaluate("window.refreshed = new Promise((done) => document.addEventListener('marquee:refreshed', done)), 0")
    seat(guest, "A1").focus()
    guest.keyboard.press("Enter")
    guest.evaluate("window.refreshed.then(() => 0)")
    see_seat(guest, "A1", "free")
    expect(guest.locator("#notice")).to_contain_text("The connection to us was interrupted. Please try again.")
    expect(seat(guest, "A1")).to_be_focused()
    guest.unroute("**/seats/")
    guest.keyboard.press("Enter")
    see_seat(guest, "A1", "mine")
    watch.complaints.clear()


@pytest.mark.long
def test_a_lost_click_that_is_done_late_is_not_shown_as_somebody_elses(showtime, guest, watch):
    """The page asks while the click is still on its way to the server; then everybody is told that A1 is taken."""
    open_map(guest, showtime)
    waiting = []
    guest.route("**/seats/", lambda route: [waiting.append(route.request), route.abort()])
    guest.evaluate("window.refreshed = new Promise((done) => document.addEventListener('marquee:refreshed', done)), 0")
    seat(guest, "A1").click()
    guest.evaluate("window.refreshed.then(() => 0)")
    see_seat(guest, "A1", "free")
    guest.request.fetch(waiting[0])
    see_seat(guest, "A1", "mine")
    expect(guest.locator("#announcer")).not_to_contain_text("Somebody else")
    watch.complaints.clear()


def keep_first_look(page: Page, label: str) -> None:
    """Keep the state of this seat when the page is first drawn again: later it might be corrected."""
    state = f"""document.querySelector('[data-seat="{label}"]').dataset.state"""
    look = f"document.addEventListener('marquee:refreshed', () => done({state}), {{ once: true }})"
    page.evaluate(f"window.firstLook = new Promise((done) => {look}), 0")


@pytest.mark.long
def test_a_slow_look_at_the_map_does_not_take_back_a_click(showtime, guest):
    """The page asked for the whole map. The answer was made before the click and arrives after it."""
    guest.route("**/events/", lambda route: route.fulfill(status=204))
    open_map(guest, showtime)
    old_map = guest.request.get(f"/showtimes/{showtime.pk}/")
    waiting = []

    def hold_back(route):
        if waiting or route.request.resource_type != "fetch":
            route.continue_()
        else:
            waiting.append(route)

    guest.route(f"**/showtimes/{showtime.pk}/", hold_back)
    keep_first_look(guest, "A1")
    with guest.expect_request(f"**/showtimes/{showtime.pk}/"):
        guest.evaluate("document.dispatchEvent(new CustomEvent('marquee:time-is-up'))")
    take(guest, "A1")
    waiting[0].fulfill(response=old_map)
    assert guest.evaluate("window.firstLook") == "mine"
    expect(panel(guest)).to_have_attribute("data-state", "holding")


@pytest.mark.long
def test_a_look_that_begins_while_a_click_is_on_its_way_does_not_take_it_back(showtime, guest):
    """The page asks after the click, the answer is made before the click is done, and arrives after the answer to the click."""
    guest.route("**/events/", lambda route: route.fulfill(status=204))
    open_map(guest, showtime)
    take(guest, "A1")
    address = f"/showtimes/{showtime.pk}/"
    before = guest.request.get(address)
    clicks, looks = [], []
    guest.route("**/seats/", lambda route: [clicks.append(route)])
    with guest.expect_request("**/seats/"):
        seat(guest, "A2").click()
    guest.route(f"**{address}", lambda route: [looks.append(route)])
    keep_first_look(guest, "A2")
    guest.evaluate("document.dispatchEvent(new CustomEvent('marquee:refresh-wanted'))")
    # This answer comes after that of a request that the page began at once.
    guest.evaluate("fetch('/robots.txt').then((answer) => answer.text())")
    guest.unroute(f"**{address}")
    clicks[0].continue_()
    see_seat(guest, "A2", "mine")
    for look in looks:
        look.fulfill(response=before)
    assert guest.evaluate("window.firstLook") == "mine"
    expect(panel(guest)).to_contain_text("2 seats")


@pytest.mark.long
def test_a_look_at_the_map_leaves_the_answer_to_a_click_its_place(showtime, guest):
    """The map's answer arrives while a click is on its way: its panel must not replace the one that the click brings."""
    guest.route("**/events/", lambda route: route.fulfill(status=204))
    open_map(guest, showtime)
    waiting = []
    guest.route("**/seats/", lambda route: [waiting.append(route)])
    with guest.expect_request("**/seats/"):
        seat(guest, "A1").click()
    guest.evaluate("document.dispatchEvent(new CustomEvent('marquee:time-is-up'))")
    guest.evaluate("fetch(location.pathname).then((answer) => answer.text())")  # returns after the page's own request
    waiting[0].continue_()
    see_seat(guest, "A1", "mine")
    expect(panel(guest).get_by_role("link", name="Continue")).to_be_visible()


@pytest.mark.long
def test_after_a_gap_the_page_asks_for_the_whole_map(showtime, guest):
    """The connection for live changes breaks again and again, and no message is sent twice."""
    greeting = "retry: 300\nevent: hello\ndata: {}\n\n"
    guest.route("**/events/", lambda route: route.fulfill(content_type="text/event-stream", body=greeting))
    open_map(guest, showtime)
    hold_seats(showtime, make_browser(2), "A3")
    see_seat(guest, "A3", "held")


@pytest.mark.long
def test_a_map_that_hears_nothing_says_so(showtime, guest, watch):
    guest.clock.install()
    guest.route("**/events/", lambda route: route.abort())
    open_map(guest, showtime)
    expect(guest.locator("#map-stale")).to_have_count(0)
    guest.clock.fast_forward(10_000)
    expect(guest.locator("#map-stale")).to_contain_text("this map may be out of date")
    guest.unroute("**/events/")
    guest.clock.fast_forward(60_000)
    expect(guest.locator("#map-stale")).to_have_count(0)
    watch.complaints.clear()
