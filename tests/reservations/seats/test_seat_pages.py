"""The seat map and a click on it: with htmx a fragment, without scripts a redirect, never a 500."""

import hashlib
import re
from datetime import timedelta
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.db import OperationalError
from django.db.models import F
from django.test import Client

from reservations import locks
from reservations.models import Hold, ShowtimeSeat, Ticket
from reservations.opening.showtime_opening import keep_back
from reservations.seats.taking import take_seats
from reservations.selling.bookings import PayForm, confirm_booking, open_booking
from sales.models import Sale
from tests.aging import age_hold, lapse
from tests.factories import begin_paying, make_browser, make_draft
from tests.ledger import nothing_changes
from theaters.models import Showtime

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
POSTS = ["seats", "extend", "release", "best"]
COOKIE = "a-cookie-of-128-random-bits"


class Page(HTMLParser):
    """Collects the seats of a page by label, and everything else that has an id."""

    def __init__(self, answer):
        super().__init__()
        self.seats, self.ids = {}, {}
        self.feed(answer.content.decode())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if "data-seat" in attrs:
            self.seats[attrs["data-seat"]] = attrs
        if "id" in attrs:
            self.ids[attrs["id"]] = attrs


@pytest.fixture
def url(showtime):
    return f"/showtimes/{showtime.pk}/"


@pytest.fixture
def me():
    client = Client()
    client.cookies["holder"] = COOKIE
    return client


@pytest.fixture
def my_browser():
    return type(make_browser(0))(holder=hashlib.sha256(COOKIE.encode()).hexdigest(), address="127.0.0.1")


def states(client, url):
    return {label: seat["data-state"] for label, seat in Page(client.get(url)).seats.items()}


# The page.


def test_every_seat_is_a_real_button_with_its_state_category_and_spoken_name(showtime, me, url):
    seats = Page(me.get(url)).seats
    assert len(seats) == 12
    a1, b2 = seats["A1"], seats["B2"]
    assert (a1["name"], a1["value"], a1["data-state"], a1["data-category"]) == ("take", "A1", "free", "standard")
    assert (a1["aria-label"], "aria-disabled" in a1) == ("Row A, seat 1, Standard, £14.50, free", False)
    assert (b2["aria-label"], b2["data-category"]) == ("Row B, seat 2, Premium, £17.50, free", "premium")


def test_the_map_tells_free_held_mine_sold_and_house_apart(showtime, me, url, my_browser, other_browser, sandbox):
    take_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A1"])
    take_seats(showtime_id=showtime.pk, browser=other_browser, labels=["A2"])
    keep_back(showtime_id=showtime.pk, labels=["A3"], reason="Press")
    booking = begin_paying(showtime, make_browser(7), "A4")
    ShowtimeSeat.objects.filter(booking=booking).update(held_until=None)
    seats = Page(me.get(url)).seats
    assert [seats[f"A{n}"]["data-state"] for n in range(1, 6)] == ["mine", "held", "house", "sold", "free"]
    assert seats["A1"]["name"] == "release"
    unavailable = [False, True, True, True, False]
    assert ["aria-disabled" in seats[f"A{n}"] for n in range(1, 6)] == unavailable
    assert ["tabindex" in seats[f"A{n}"] for n in range(1, 6)] == unavailable  # without scripts these are no tab stops
    assert not any("disabled" in seat for seat in seats.values())


def pay_for(showtime, browser, *labels):
    take_seats(showtime_id=showtime.pk, browser=browser, labels=list(labels))
    total = Decimal("14.50") * len(labels)
    form = PayForm(email="ada@example.com", choices=dict.fromkeys(labels, "ADULT"), expected_total=total)
    booking = open_booking(showtime_id=showtime.pk, browser=browser, form=form)
    assert confirm_booking(locks.booking(booking.pk), actor="test")


def test_after_paying_the_seats_are_shown_as_mine_and_cannot_be_pressed(showtime, me, url, my_browser):
    take_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A1", "A2"])
    form = PayForm(
        email="ada@example.com", choices=dict.fromkeys(["A1", "A2"], "ADULT"), expected_total=Decimal("29.00")
    )
    booking = open_booking(showtime_id=showtime.pk, browser=my_browser, form=form)
    confirm_booking(locks.booking(booking.pk), actor="test")
    for client, state, said in [(me, "mine", "yours, paid for"), (Client(), "sold", "taken")]:
        seats = Page(client.get(url)).seats
        assert [(seats[label]["data-state"], "aria-disabled" in seats[label]) for label in ("A1", "A2")] == [
            (state, True)
        ] * 2
        assert seats["A1"]["aria-label"].endswith(f", {said}")
    with nothing_changes():
        answer = me.post(f"{url}seats/", {"release": "A1"}, headers=HTMX)
    assert 'data-state="mine"' in answer.content.decode()
    Ticket.objects.filter(seat__label="A1").update(status="VOID")
    ShowtimeSeat.objects.filter(label="A1").update(booking=None)
    assert (states(me, url)["A1"], states(me, url)["A2"]) == ("free", "mine")


def test_what_a_counter_sold_is_taken_for_its_next_customer(showtime, me, url, my_browser, django_user_model):
    pay_for(showtime, my_browser, "A1")
    Sale.objects.update(operator=django_user_model.objects.create_user("clerk@example.com", "x"), channel="COUNTER")
    assert states(me, url)["A1"] == "sold"


def test_a_lapsed_seat_is_shown_free_without_any_worker(showtime, me, url, other_browser):
    take_seats(showtime_id=showtime.pk, browser=other_browser, labels=["A1"])
    lapse(Hold.objects.get())
    assert states(me, url)["A1"] == "free"


ALL_TAKEN = "Every seat is taken at the moment."


def test_that_every_seat_is_taken_is_said_when_it_is_so(showtime, me, url, other_browser, settings):
    settings.MAX_SEATS_PER_HOLD = 0
    labels = list(states(me, url))
    take_seats(showtime_id=showtime.pk, browser=other_browser, labels=labels[1:])
    assert ALL_TAKEN not in me.get(url).text
    take_seats(showtime_id=showtime.pk, browser=other_browser, labels=labels[:1])
    assert ALL_TAKEN in me.get(url).text
    refused = me.post(f"{url}seats/", {"take": "A1"}, headers=HTMX)
    assert refused.status_code == 409 and ALL_TAKEN in refused.text
    lapse(Hold.objects.get())
    assert ALL_TAKEN not in me.get(url).text


def test_looking_leaves_no_row_and_no_cookie(url):
    with nothing_changes():
        answer = Client().get(url)
    assert (answer.status_code, "holder" in answer.cookies, answer["Cache-Control"]) == (200, False, "no-store")


def test_the_panel_tells_the_servers_time_and_the_end(showtime, me, url, my_browser):
    take_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A1"])
    answer = me.get(url)
    panel = answer.context["panel"]
    assert (panel.state, panel.count) == ("holding", 1)
    end = Hold.objects.get().expires_at.isoformat()
    assert set(re.findall(r'data-expires-at="([^"]*)"', answer.content.decode())) == {end}


def test_with_htmx_the_page_answers_with_the_panel_alone(me, url):
    page = Page(me.get(url, headers=HTMX))
    assert ("order-panel" in page.ids, page.seats) == (True, {})
    assert len(Page(me.get(url, headers=HTMX | {"HX-History-Restore-Request": "true"})).seats) == 12


@pytest.mark.parametrize(
    "path", ["/showtimes/999999/", "/showtimes/0/", "/showtimes/x/", "/showtimes/99999999999999999999/"]
)
def test_a_showtime_that_is_not_there_is_404(db, path):
    assert Client().get(path).status_code == 404


def test_a_draft_is_404_for_looking_and_for_taking(db):
    url = f"/showtimes/{make_draft().pk}/"
    assert Client().get(url).status_code == 404
    with nothing_changes():
        assert Client().post(f"{url}seats/", {"take": "A1"}).status_code == 404


@pytest.mark.parametrize(
    "change", [{"status": "CANCELED"}, {"sales_close_at": F("sales_close_at") - timedelta(days=2)}]
)
def test_a_canceled_showtime_or_closed_sales_are_410_with_a_sentence_and_a_link(showtime, me, url, change):
    Showtime.objects.update(**change)
    with nothing_changes():
        answers = [
            me.get(url),
            me.post(f"{url}seats/", {"take": "A1"}),
            me.post(f"{url}seats/", {"take": "A1"}, headers=HTMX),
        ]
    for answer in answers:
        assert answer.status_code == 410
        assert showtime.movie.get_absolute_url() in answer.content.decode()


def test_what_i_hold_stays_visible_after_sales_closed(showtime, me, url, my_browser):
    take_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A1"])
    Showtime.objects.update(sales_close_at=F("sales_close_at") - timedelta(days=2))
    assert me.get(url).context["panel"].state == "holding"


# A click.


def test_without_script_a_click_redirects_to_the_map(me, url):
    answer = me.post(f"{url}seats/", {"take": ["A1", "A2"]})
    assert (answer.status_code, answer.url) == (302, url)
    assert [label for label, state in states(me, url).items() if state == "mine"] == ["A1", "A2"]


def test_with_htmx_a_click_answers_with_the_panel_and_the_seat(me, url):
    answer = me.post(f"{url}seats/", {"take": "A1"}, headers=HTMX)
    page = Page(answer)
    assert (answer.status_code, "order-panel" in page.ids, list(page.seats)) == (200, True, ["A1"])
    assert (page.seats["A1"]["data-state"], page.seats["A1"]["hx-swap-oob"]) == ("mine", "outerHTML:[data-seat='A1']")


def test_the_fragment_says_what_a_reload_says(me, url):
    me.post(f"{url}seats/", {"take": ["A1", "A2"]})
    fragment = Page(me.post(f"{url}seats/", {"release": "A1"}, headers=HTMX)).seats["A1"]
    del fragment["hx-swap-oob"]
    assert fragment == Page(me.get(url)).seats["A1"]


def test_the_first_click_makes_the_browser_known_by_a_cookie_of_its_own(url):
    answer = Client().post(f"{url}seats/", {"take": "A1"})
    cookie = answer.cookies["holder"]
    assert (cookie["httponly"], cookie["samesite"], len(cookie.value) >= 22) == (True, "Lax", True)
    assert Hold.objects.get().holder == hashlib.sha256(cookie.value.encode()).hexdigest()


PROPOSAL = "bIEQxQ3x-0TzH2mO_Yy1Kg"


def test_seats_taken_with_a_lost_answer_belong_to_the_cookie_that_was_proposed(url):
    """The cookie was lost with the answer, so with each click the browser says which one it proposed."""
    says = {"Proposed-Cookie": PROPOSAL}
    Client().post(f"{url}seats/", {"take": "A1"}, headers=says)
    browser = Client()
    for page in (f"{url}?view=list", url):
        seen = browser.get(page, headers=says)
        assert (seen.cookies["holder"].value, seen.cookies["holder"]["httponly"]) == (PROPOSAL, True)
        browser.cookies.clear()
    browser.get(url, headers=says)
    assert states(browser, url)["A1"] == "mine"
    assert states(Client(), url)["A1"] == "held"


def test_looking_with_a_proposal_and_no_seats_leaves_no_cookie(url):
    assert "holder" not in Client().get(url, headers={"Proposed-Cookie": PROPOSAL}).cookies


@pytest.mark.parametrize("odd", ["", "short", PROPOSAL + "x", "é" * 22, f"{PROPOSAL[:-1]};", " " * 22])
def test_a_proposal_of_another_shape_is_no_cookie(url, odd):
    answer = Client().post(f"{url}seats/", {"take": "A1"}, headers={"Proposed-Cookie": odd})
    assert answer.cookies["holder"].value not in ("", odd)


def test_a_browser_with_a_cookie_keeps_it_whatever_is_proposed(me, url):
    answer = me.post(f"{url}seats/", {"take": "A1"}, headers={"Proposed-Cookie": PROPOSAL})
    assert "holder" not in answer.cookies
    assert Hold.objects.get().holder == hashlib.sha256(COOKIE.encode()).hexdigest()


def test_a_swap_is_both_or_neither(showtime, me, url, other_browser):
    me.post(f"{url}seats/", {"take": "A1"})
    take_seats(showtime_id=showtime.pk, browser=other_browser, labels=["A2"])
    with nothing_changes():
        assert me.post(f"{url}seats/", {"take": "A2", "release": "A1"}).status_code == 409
    assert me.post(f"{url}seats/", {"take": "A3", "release": "A1"}).status_code == 302
    assert states(me, url)["A3"] == "mine" and states(me, url)["A1"] == "free"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_seat_that_is_gone_is_409_with_the_fresh_map_and_nothing_lost(showtime, me, url, other_browser, headers):
    me.post(f"{url}seats/", {"take": "A1"})
    take_seats(showtime_id=showtime.pk, browser=other_browser, labels=["A2"])
    with nothing_changes():
        answer = me.post(f"{url}seats/", {"take": "A2"}, headers=headers)
    page = Page(answer)
    assert (answer.status_code, len(page.seats), b"a moment faster" in answer.content) == (409, 12, True)
    assert (page.seats["A1"]["data-state"], page.seats["A2"]["data-state"]) == ("mine", "held")


@pytest.mark.parametrize("post", [{"take": "Z9"}, {"take": ""}, {}, {"take": [f"A{n}" for n in range(99)]}])
def test_an_unknown_seat_is_422_and_a_newcomer_gets_no_cookie(url, post):
    with nothing_changes():
        answer = Client().post(f"{url}seats/", post)
    assert (answer.status_code, "holder" in answer.cookies) == (422, False)


def test_too_many_seats_are_422(me, url):
    me.post(f"{url}seats/", {"take": [f"A{n}" for n in range(1, 7)] + [f"B{n}" for n in range(1, 5)]})
    with nothing_changes():
        answer = me.post(f"{url}seats/", {"take": "B5"}, headers=HTMX)
    assert (answer.status_code, b"up to 10 at a time" in answer.content) == (422, True)


def test_while_i_pay_a_click_is_409_and_offers_to_pay_or_to_change_seats(showtime, me, url, my_browser, sandbox):
    booking = begin_paying(showtime, my_browser, "A1")
    with nothing_changes():
        answer = me.post(f"{url}seats/", {"take": "A2"})
    assert (answer.status_code, states(me, url)["A1"]) == (409, "mine")
    assert f"/checkout/{showtime.pk}/" in answer.content.decode()
    assert f"/payments/{booking.reference}/change-seats/" in answer.content.decode()


def test_too_fast_is_429_with_retry_after(me, url, settings):
    settings.HOLDS_PER_MINUTE_PER_HOLDER = 2
    me.cookies["holder"] = f"a-cookie-for-the-limit-{url.strip('/').replace('/', '-')}-{Hold.objects.count()}"
    answers = [me.post(f"{url}seats/", {"take": "A1"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60


def test_a_busy_database_is_503_with_retry_after_and_no_stack_trace(me, url, monkeypatch):
    def busy(**_):
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr("reservations.seats.taking.take_seats", busy)
    answer = me.post(f"{url}seats/", {"take": "A1"})
    assert (answer.status_code, answer["Retry-After"], b"lock timeout" in answer.content) == (503, "3", False)


@pytest.mark.parametrize("name", POSTS)
def test_only_post_changes_seats(url, name):
    assert Client().get(f"{url}{name}/").status_code == 405


@pytest.mark.parametrize("name", POSTS)
def test_a_post_without_a_csrf_token_is_refused(url, name):
    with nothing_changes():
        assert Client(enforce_csrf_checks=True).post(f"{url}{name}/", {"take": "A1"}).status_code == 403


def test_the_page_itself_is_not_posted_to(url):
    assert Client().post(url).status_code == 405


# More time, giving everything back, and showing only my own seats.


def test_extending_by_the_page(showtime, me, url, my_browser):
    take_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A1"])
    assert me.post(f"{url}extend/", headers=HTMX).status_code == 409
    age_hold(Hold.objects.get(), 420)
    answer = me.post(f"{url}extend/", headers=HTMX)
    assert (answer.status_code, answer.context["panel"].was_extended) == (200, True)
    assert me.post(f"{url}extend/").status_code == 409


def test_giving_all_back_by_the_page(me, url):
    me.post(f"{url}seats/", {"take": ["A1", "B1"]})
    answer = me.post(f"{url}release/", headers=HTMX)
    assert (answer.status_code, len(Page(answer).seats), set(states(me, url).values())) == (200, 12, {"free"})


@pytest.mark.parametrize("path", ["release/", "seats/"])
def test_another_browser_gives_back_nothing_of_mine(me, url, path):
    me.post(f"{url}seats/", {"take": "A1"})
    with nothing_changes():
        Client().post(f"{url}{path}", {"release": "A1"})
    assert states(me, url)["A1"] == "mine"


def test_when_the_hold_ran_out_the_panel_offers_the_same_seats(showtime, me, url, my_browser):
    take_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A1", "A2"])
    age_hold(Hold.objects.get(), 500)
    panel = me.get(url).context["panel"]
    assert (panel.state, panel.retake) == ("lapsed", ["A1", "A2"])
    me.post(f"{url}seats/", {"take": panel.retake})
    assert me.get(url).context["panel"].state == "holding"


def test_the_plain_server_has_no_live_changes(url):
    assert Client().get(f"{url}events/").status_code == 204
