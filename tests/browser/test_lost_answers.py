"""Answers that are lost, late, or from somebody else: every page says what is true, loses nothing, does nothing twice,
and goes on.
"""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from reservations.models import Hold, ShowtimeSeat
from tests.aging import age_hold
from tests.boxoffice.scenes import book
from tests.browser.steps import go_to_checkout, open_map, panel, see_seat, sign_in, take
from tests.browser.test_door import scan, see, stand_at
from tests.browser.test_plan_editor import DRAFT, add_rows, see_counts
from tests.browser.test_seat_list import choice, open_list
from tests.browser.test_shared_block import start
from tests.browser.test_widget import other_site, page_with_widget
from tests.clock import begins_in
from tests.factories import hold_seats, make_auditorium, make_browser, make_promo, make_theater
from tests.variants import some
from theaters.models import EarlierDraft, PlanDraft
from theaters.plans.plan_drafts import begin_draft

INTERRUPTED = "The connection to us was interrupted"
WORKER = Path("static/js/ticket-worker.js")


def lose_answers(page: Page, address: str | re.Pattern[str]) -> None:
    """Let posts to this address be done, but lose their answers and cookies."""

    def lose(route) -> None:
        if route.request.method == "POST":
            cookies = page.context.cookies()
            route.fetch(max_redirects=0)
            page.context.clear_cookies()
            page.context.add_cookies(cookies)
            route.abort()
        else:
            route.continue_()

    page.route(address, lose)


KEEP_WHAT_IS_SAID = """
window.told = [];
new MutationObserver(() => told.push(announcer.textContent)).observe(announcer, { childList: true });
"""
LOOK = "new Promise((done) => document.addEventListener('marquee:refreshed', () => done(0), { once: true }))"


def watch_for_look(page: Page) -> None:
    """Start watching; `see_look` then waits until the page has asked for the map again and shows it."""
    page.evaluate(f"window.looked = {LOOK}, 0")


def see_look(page: Page) -> None:
    page.evaluate("window.looked.then(() => 0)")


# ---- answers that are not ours -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    some(
        [
            {"status": 404, "content_type": "text/plain", "body": "default backend - 404"},
            {"status": 404, "content_type": "text/html", "body": "<html><h1>nginx</h1></html>"},
            {
                "status": 200,
                "content_type": "text/html",
                "body": "<html><h1>Welcome to the hotel's network</h1></html>",
            },
            {"status": 503, "content_type": "text/plain", "body": "upstream connect error"},
        ],
        every=2,
    ),
)
def test_a_page_of_a_proxy_takes_nothing_away(showtime, guest, watch, answer):
    open_map(guest, showtime)
    take(guest, "A1")
    guest.route("**/seats/", lambda route: route.fulfill(**answer))
    guest.locator('[data-seat="A2"]').click()
    expect(guest.locator("#notice")).to_contain_text(INTERRUPTED)
    see_seat(guest, "A1", "mine")
    expect(panel(guest)).to_have_attribute("data-state", "holding")
    guest.unroute("**/seats/")
    take(guest, "A2")
    expect(guest.locator("#notice")).to_be_empty()
    watch.complaints.clear()


@pytest.mark.long
def test_a_map_asked_for_at_a_proxy_stays_and_is_asked_for_again(showtime, guest, watch):
    open_map(guest, showtime)
    take(guest, "A1")
    nobody = {"status": 404, "content_type": "text/html", "body": "<html><h1>nginx</h1></html>"}
    answers = [nobody, None]

    def answer(route) -> None:
        kept = answers.pop(0) if answers else None
        route.fulfill(**kept) if kept else route.continue_()

    guest.evaluate("window.stays = true")
    guest.route(f"**/showtimes/{showtime.pk}/", answer)
    watch_for_look(guest)
    guest.evaluate("document.dispatchEvent(new CustomEvent('marquee:refresh-wanted')), 0")
    see_look(guest)
    assert guest.evaluate("window.stays") is True
    see_seat(guest, "A1", "mine")
    watch.complaints.clear()


# ---- map and list ------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_seats_of_the_list_that_are_taken_late_are_not_told_as_somebody_elses(showtime, guest, watch):
    """The page asks while the click is still on its way to the server; then everybody is told that B1 is taken."""
    open_list(guest, showtime)
    waiting = []
    guest.route(re.compile("/seats/"), lambda route: [waiting.append(route.request), route.abort()])
    for row in guest.locator("#seat-list details").all():
        row.evaluate("(row) => (row.open = true)")
    guest.evaluate(KEEP_WHAT_IS_SAID)
    watch_for_look(guest)
    choice(guest, "Row B, seat 1").press("Enter")
    see_look(guest)
    choice(guest, "Row B, seat 1").focus()
    guest.request.fetch(waiting[0])
    expect(panel(guest)).to_have_attribute("data-state", "holding")
    assert not [words for words in guest.evaluate("window.told") if "Somebody else" in words]
    assert ShowtimeSeat.objects.exclude(hold=None).count() == 1
    watch.complaints.clear()


@pytest.mark.long
def test_much_news_after_a_lost_click_is_asked_about_once(showtime, guest, watch):
    """In a rush, everybody whose answer was lost would ask for the whole map at each message."""
    streams, looks = [], []
    guest.route("**/events/", lambda route: [streams.append(route)])
    open_map(guest, showtime)
    guest.on("request", lambda asked: looks.append(asked) if asked.resource_type == "fetch" else None)
    lose_answers(guest, "**/seats/")
    guest.locator('[data-seat="A1"]').click()
    see_seat(guest, "A1", "mine")
    hold_seats(showtime, make_browser(2), "A3")
    news = "retry: 600000\nevent: hello\ndata: {}\n\n" + 'data: {"A3": "held"}\n\n' * 30
    streams[0].fulfill(content_type="text/event-stream", body=news)
    see_seat(guest, "A3", "held")
    assert len(looks) < 10
    watch.complaints.clear()


@pytest.mark.long
def test_more_time_whose_answer_was_lost_is_shown_and_not_asked_for_again(showtime, guest, watch):
    guest.clock.install()
    open_map(guest, showtime)
    take(guest, "A1")
    age_hold(Hold.objects.get(), 400)
    guest.clock.fast_forward("06:40")
    more = panel(guest).get_by_role("button", name="I need more time")
    lose_answers(guest, "**/extend/")
    more.click()
    expect(panel(guest).locator("[data-countdown-words]")).to_contain_text("6 min")
    expect(more).to_have_count(0)
    expect(guest.locator("#notice")).to_be_empty()
    watch.complaints.clear()


def test_a_clock_that_is_set_back_gives_nobody_more_time(showtime, guest):
    guest.clock.install()
    open_map(guest, showtime)
    take(guest, "A1")
    expect(panel(guest).locator("[data-countdown-words]")).to_contain_text("8 min")
    age_hold(Hold.objects.get(), 400)
    guest.clock.set_system_time(timezone.now() - timedelta(hours=1))
    guest.clock.fast_forward("06:40")
    expect(panel(guest).locator("[data-countdown-words]")).to_contain_text("left")


@pytest.mark.long
def test_a_browser_without_messages_asks_and_says_so(showtime, guest):
    guest.add_init_script("delete window.EventSource; delete window.BroadcastChannel")
    guest.clock.install()
    open_map(guest, showtime)
    take(guest, "A1")
    watch_for_look(guest)
    guest.clock.fast_forward(10_000)
    see_look(guest)
    expect(guest.locator("#map-stale")).to_contain_text("this map may be out of date")
    take(guest, "A2")


@pytest.mark.long
def test_a_map_is_called_new_only_after_it_was_asked_for(showtime, guest, watch):
    """The messages have returned, but not the answer about the whole map: what happened in between is unknown."""
    guest.route("**/events/", lambda route: route.abort())
    guest.clock.install()
    open_map(guest, showtime)
    guest.clock.fast_forward(10_000)
    expect(guest.locator("#map-stale")).to_be_visible()
    address = f"**/showtimes/{showtime.pk}/"
    guest.route(address, lambda route: route.fulfill(status=503, body="busy"))
    guest.unroute("**/events/")
    with guest.expect_response(lambda response: response.url.endswith(f"/showtimes/{showtime.pk}/")):
        guest.clock.fast_forward(60_000)
    expect(guest.locator("#map-stale")).to_be_visible()
    guest.unroute(address)
    guest.clock.fast_forward(60_000)
    expect(guest.locator("#map-stale")).to_have_count(0)
    watch.complaints.clear()


# ---- checkout and friends ----------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_ticket_type_whose_price_was_lost_is_priced_again(showtime, guest, watch):
    open_map(guest, showtime)
    take(guest, "A1")
    go_to_checkout(guest)
    pay = guest.get_by_role("button", name=re.compile("^Pay "))
    before = pay.inner_text()
    lose_answers(guest, "**/checkout/**")
    guest.locator("#checkout select").first.select_option(index=1)
    expect(guest.locator("#notice")).to_contain_text(INTERRUPTED)
    expect(pay).to_have_text(before)
    guest.unroute("**/checkout/**")
    expect(pay).not_to_have_text(before)
    expect(guest.locator("#notice")).to_be_empty()
    watch.complaints.clear()


@pytest.mark.long
def test_a_promo_code_whose_answer_was_lost_is_shown(showtime, guest, watch):
    make_promo()
    open_map(guest, showtime)
    take(guest, "A3", "B4")
    go_to_checkout(guest)
    guest.get_by_label("E-mail").fill("ada@example.com")
    guest.get_by_label("Promo code").fill("lantern")
    lose_answers(guest, "**/checkout/**")
    guest.get_by_role("button", name="Apply").click()
    expect(guest.locator("#notice")).to_contain_text(INTERRUPTED)
    guest.unroute("**/checkout/**")
    expect(guest.locator(".sums")).to_contain_text("LANTERN, 20% off")
    expect(guest.get_by_label("E-mail")).to_have_value("ada@example.com")
    expect(guest.locator("#notice")).to_be_empty()
    watch.complaints.clear()


@pytest.mark.long
def test_without_a_network_the_link_for_friends_stays_when_the_time_is_up(showtime, guest, member, watch):
    link = start(guest, showtime, member)
    guest.context.set_offline(True)
    with guest.expect_event("requestfailed"):
        guest.evaluate("document.dispatchEvent(new CustomEvent('marquee:time-is-up')), 0")
    expect(guest.get_by_label("Link for your friends")).to_have_value(link)
    guest.context.set_offline(False)
    with guest.expect_navigation():
        guest.evaluate("document.dispatchEvent(new CustomEvent('marquee:time-is-up')), 0")
    expect(guest.get_by_label("Link for your friends")).to_have_value(link)
    watch.complaints.clear()


# ---- tickets on the device ---------------------------------------------------------------------------------------

# Runs the service worker with a server and a store of the test; returns its answer and what it keeps afterwards.
RUN_WORKER = """async ([source, address, status, isOurs]) => {
  const handlers = {};
  const kept = new Map([[address, new Response("the ticket")]]);
  const store = {
    match: async (key) => kept.get(key)?.clone(),
    put: async (key, response) => kept.set(key, response),
    delete: async (key) => kept.delete(key),
    keys: async () => [...kept.keys()],
  };
  const headers = isOurs ? { "Cross-Origin-Resource-Policy": "same-origin" } : {};
  const self = { addEventListener: (name, act) => (handlers[name] = act), location: { origin: new URL(address).origin } };
  const caches = { open: async () => (status === "closed" ? Promise.reject(new Error("not allowed")) : store) };
  const fetch = async () => new Response("what the network says", { status: status === "closed" ? 200 : status, headers });
  new Function("self", "caches", "fetch", source)(self, caches, fetch);
  const waits = [];
  let answer;
  handlers.fetch({
    request: { url: address, method: "GET", mode: "navigate", destination: "document" },
    respondWith: (promise) => (answer = promise),
    waitUntil: (promise) => waits.push(promise),
  });
  const words = await (await answer).text();
  await Promise.all(waits);
  return [words, kept.has(address)];
}"""
TICKET, NETWORK = "the ticket", "what the network says"


@pytest.mark.parametrize(
    ("status", "is_ours", "shown", "is_kept"),
    some(
        [
            (404, True, NETWORK, False),
            (200, True, NETWORK, True),
            (502, False, TICKET, True),
            (503, True, TICKET, True),
            (200, False, TICKET, True),
            (403, False, TICKET, True),
            (404, False, TICKET, True),
            ("closed", True, NETWORK, True),
        ],
        every=2,
    ),
)
def test_a_kept_ticket_gives_way_to_our_answers_alone(chromium, status, is_ours, shown, is_kept):
    page = chromium.new_page()
    address = f"https://cinema.example/tickets/{'a' * 24}/"
    assert page.evaluate(RUN_WORKER, [WORKER.read_text(), address, status, is_ours]) == [shown, is_kept]
    page.close()


@pytest.mark.long
def test_signing_out_takes_tickets_from_the_device_before_any_answer(site, guest, member, watch):
    sign_in(guest, member)
    guest.evaluate(
        "caches.open('tickets-1').then((store) => store.put('/tickets/x/', new Response('mine'))).then(() => 0)"
    )
    guest.goto("/accounts/logout/")
    guest.route("**/accounts/logout/", lambda route: route.abort())
    guest.locator("main form button").first.click()
    guest.unroute("**/accounts/logout/")
    guest.goto("/")
    assert guest.evaluate("caches.keys()") == []
    watch.complaints.clear()


# ---- staff -------------------------------------------------------------------------------------------------------


def see_saved(page: Page) -> None:
    expect(page.locator(".plan-state")).to_have_text("Saved")


@pytest.fixture
def draft(site, manager) -> PlanDraft:
    return begin_draft(auditorium=make_auditorium(make_theater()), user_id=manager.pk)


@pytest.mark.long
def test_a_plan_whose_save_was_not_answered_is_nobody_elses(draft, guest, manager, watch):
    sign_in(guest, manager)
    guest.goto(DRAFT.format(draft.auditorium_id))
    add_rows(guest, 1, 3)
    lose_answers(guest, "**/save/")
    guest.get_by_role("button", name="Save").click()
    expect(guest.get_by_role("alert")).to_contain_text("we do not know whether this was saved")
    guest.unroute("**/save/")
    add_rows(guest, 1, 4)
    guest.get_by_role("button", name="Save").click()
    expect(guest.get_by_role("alert")).to_be_hidden()
    see_saved(guest)
    assert (PlanDraft.objects.get().revision, EarlierDraft.objects.count()) == (3, 2)
    guest.reload()
    see_counts(guest, 19)
    watch.complaints.clear()


@pytest.mark.long
def test_two_saves_at_once_are_no_conflict(draft, guest, manager):
    sign_in(guest, manager)
    guest.goto(DRAFT.format(draft.auditorium_id))
    add_rows(guest, 1, 3)
    guest.get_by_role("button", name="Save").dblclick()
    see_saved(guest)
    expect(guest.get_by_role("alert")).to_be_hidden()


@pytest.mark.long
def test_a_proxys_page_is_not_told_as_being_signed_out(draft, guest, manager, watch):
    sign_in(guest, manager)
    guest.goto(DRAFT.format(draft.auditorium_id))
    add_rows(guest, 1, 3)
    guest.route(
        "**/save/", lambda route: route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway</h1>")
    )
    guest.get_by_role("button", name="Save").click()
    expect(guest.get_by_role("alert")).to_contain_text("we do not know whether this was saved")
    watch.complaints.clear()


@pytest.mark.long
def test_a_party_whose_answer_was_lost_can_be_asked_again(showtime, guest, manager, watch):
    with transaction.atomic():
        booking = book(showtime, "A1", "A2")
    begins_in(showtime, minutes=30)
    stand_at(guest, manager, showtime, "door 1")
    scan(guest, booking.reference)
    see(guest, "party", "0 of 2 in")
    lose_answers(guest, "**/door/bookings/**")
    guest.get_by_role("button", name="Let all 2 in").click()
    see(guest, "unknown", "No answer")
    line = guest.locator("#scans li")
    expect(line).to_contain_text("Let all 2 in")
    guest.unroute("**/door/bookings/**")
    line.get_by_role("button", name="Try again").click()
    expect(line).to_have_count(0)
    expect(guest.locator("#result")).to_contain_text("2 of 2")
    watch.complaints.clear()


@pytest.mark.long
def test_on_another_site_an_old_browser_keeps_the_link(site, showtime, guest):
    guest.add_init_script("delete Map.groupBy")
    with other_site(site.widget_port, page_with_widget(site, showtime)) as address:
        with guest.expect_response(lambda response: response.url.endswith("/showtimes.json")) as told:
            guest.goto(address)
        told.value.finished()
        expect(guest.get_by_role("link", name="Our program")).to_be_visible()
        assert guest.locator("marquee-showtimes").evaluate("(element) => element.shadowRoot") is None
