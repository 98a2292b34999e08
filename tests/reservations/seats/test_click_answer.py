"""The answer to a click is put together from a panel that was rendered once; it equals the panel rendered anew, with its
token.
"""

import re
from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from core.caches.process_cache import forget_everything
from reservations.models import Hold
from reservations.seats.map_reads import own_seats
from reservations.seats.page import MapVisitor, read_seat_page
from reservations.seats.panel_parts import panel_parts
from reservations.seats.taking import change_seats, extend_hold, take_seats
from tests.aging import age_hold
from tests.factories import buy, make_browser, make_shared_block, make_showtime

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'(?<=csrfmiddlewaretoken" value=")\w+')
OF_THE_MOMENT = re.compile(r'(?<=-at=")[^"]+|(?<=-now=")[^"]+|(?<=-left=")\d+|(?<=max="480" value=")\d+')
WISHES = [{"take": "A1"}, {"take": "A2"}, {"take": "B1"}, {"release": "A2"}, {"take": "A2"}, {"take": "A2"}]


def clicks(showtime, **headers):
    """The answers that a new browser gets when it takes three seats, gives one back, and asks for it again twice."""
    browser, url = Client(headers={"hx-request": "true", **headers}), showtime.get_absolute_url()
    answers = [browser.post(f"{url}seats/", wish).text for wish in WISHES]
    assert browser.post(f"{url}release/").status_code == 200
    return answers


def same_for_all(answers):
    return [OF_THE_MOMENT.sub("", TOKEN.sub("", answer)) for answer in answers]


@pytest.fixture
def keeping(settings):
    settings.KEPT_PAGE_SECONDS = 5
    forget_everything()


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_cached_panel_equals_one_rendered_again(settings, showtime, language):
    fresh = clicks(showtime, **{"accept-language": language})
    settings.KEPT_PAGE_SECONDS = 5
    forget_everything()
    first, kept = (clicks(showtime, **{"accept-language": language}) for _ in range(2))
    assert same_for_all(first) == same_for_all(kept) == same_for_all(fresh)
    assert "hole-" not in "".join(kept)
    assert [len(TOKEN.findall(answer)) for answer in kept] == [len(TOKEN.findall(answer)) for answer in fresh]


def test_each_showtime_has_a_panel_of_its_own(keeping):
    for showtime in (make_showtime(), make_showtime()):
        assert f'data-url="{showtime.get_absolute_url()}"' in clicks(showtime)[0]


def test_each_answer_has_a_token_of_its_own(keeping, showtime):
    tokens = [set(TOKEN.findall(answer)) for answer in clicks(showtime)]
    assert all(map(len, tokens)) and sum(map(len, tokens)) == len(set().union(*tokens))


def test_what_is_said_of_a_limit_is_for_those_it_concerns(keeping, settings, showtime):
    """Two browsers hold three seats each, and one of them can take no more."""
    assert "You can take up to 3 seats at once." not in clicks(showtime)[2]
    settings.MAX_SEATS_PER_HOLD = 3
    assert "You can take up to 3 seats at once." in clicks(showtime)[2]


def test_a_cached_countdown_equals_one_rendered_again(showtime):
    """This also holds when the end is at another moment, and with the button for more time."""
    browser = make_browser(7)
    take_seats(showtime_id=showtime.pk, browser=browser, labels=["A1"])
    visitor = MapVisitor(browser.holder, AnonymousUser())
    panel = read_seat_page(showtime_id=showtime.pk, visitor=visitor, now=timezone.now()).context["panel"]
    later = replace(panel, expires_at="2027-01-01T20:00:00+00:00")
    for shown in (
        panel,
        later,
        replace(later, can_extend=True),
        replace(later, may_extend_later=False),
        replace(panel, seconds_left=61),
    ):
        assert panel_parts(shown)["countdown"] == render_to_string("reservations/countdown.html", {"panel": shown})


def assert_says_what_is_there(showtime, number, outcome):
    """The answer to taking seats says the same about the browser as a later look, except for the moment and what is left
    for the address.
    """
    browser = make_browser(number)
    seen = own_seats(showtime_id=showtime.pk, holder=browser.holder)
    assert outcome.taken and seen.is_holding
    assert replace(outcome.own, now=seen.now, left_at_address=None) == seen
    return seen


def test_taking_seats_says_what_the_browser_has_then(sandbox, showtime):
    browser = make_browser(7)
    buy(sandbox, showtime, browser, "B5", "B6")
    for seats in (["A2"], ["A3", "A1"], ["A3"], ["B1", "A2"]):
        outcome = take_seats(showtime_id=showtime.pk, browser=browser, labels=seats)
        seen = assert_says_what_is_there(showtime, 7, outcome)
    assert (seen.labels, seen.bought) == (["A1", "A2", "A3", "B1"], 2)
    swapped = change_seats(showtime_id=showtime.pk, browser=browser, take=["B2"], release=["A1", "B1"])
    assert assert_says_what_is_there(showtime, 7, swapped).labels == ["A2", "A3", "B2"]


def test_taking_seats_says_that_a_hold_was_extended(settings, showtime):
    browser = make_browser(7)
    take_seats(showtime_id=showtime.pk, browser=browser, labels=["A1"])
    age_hold(Hold.objects.get(), seconds=settings.HOLD_SECONDS - 30)
    extend_hold(showtime_id=showtime.pk, browser=browser)
    outcome = take_seats(showtime_id=showtime.pk, browser=browser, labels=["A2"])
    assert assert_says_what_is_there(showtime, 7, outcome).extended_at is not None


def test_taking_seats_says_that_the_browser_keeps_others_for_friends(showtime):
    make_shared_block(showtime, "A1", "A2", number=7)
    outcome = take_seats(showtime_id=showtime.pk, browser=make_browser(7), labels=["B1"])
    assert assert_says_what_is_there(showtime, 7, outcome).keeps_for_friends


def test_seats_that_were_not_taken_say_nothing_of_the_browser(showtime):
    """A swap is answered by a fresh look, because somebody else may have taken what was given back."""
    browser = Client(headers={"hx-request": "true"})
    url = f"{showtime.get_absolute_url()}seats/"
    browser.post(url, {"take": ["A1", "A2"]})
    answer = browser.post(url, {"take": "A3", "release": "A1"}).text
    letters = re.findall(r'data-seat="(A\d)" [^>]*data-state="(\w+)"', answer)
    assert letters == [("A1", "free"), ("A3", "mine")]
