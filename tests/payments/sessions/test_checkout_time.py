"""The time of a hold at the checkout: getting more of it, its end, and keeping what was typed."""

import re

import pytest

from reservations.models import Hold, ShowtimeSeat
from reservations.seats.taking import take_seats
from tests.aging import age_hold
from tests.factories import make_browser
from tests.ledger import nothing_changes
from tests.payments.sessions.test_checkout_pages import FORM, HTMX, me, my_browser, url  # noqa: F401

pytestmark = pytest.mark.django_db
TYPED = {"email": "ada@example.com", "promo": "LANTERN", "type-A1": "CHILD", "type-B1": "ADULT"}


def held():
    return list(ShowtimeSeat.objects.exclude(hold=None).values_list("label", flat=True))


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_more_time_keeps_what_was_typed(me, url, headers):  # noqa: F811
    age_hold(Hold.objects.get(), 400)
    before = Hold.objects.get().expires_at
    answer = me.post(url, TYPED | {"action": "extend"}, headers=headers)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert 'value="ada@example.com"' in page and '<option value="CHILD" selected>' in page
    assert (Hold.objects.get().expires_at - before).total_seconds() == 240
    assert 'value="extend"' not in page


def test_more_time_is_offered_from_the_beginning_and_shown_when_little_is_left(me, url):  # noqa: F811
    button = re.compile(r'<button class="link" data-extend( hidden)? id="extend"')
    assert button.findall(me.get(url).content.decode()) == [" hidden"]
    early = me.post(url, TYPED | {"action": "extend"})
    assert early.status_code == 409
    assert "ask for more time once" in early.content.decode()
    age_hold(Hold.objects.get(), 400)
    assert button.findall(me.get(url).content.decode()) == [""]


@pytest.mark.parametrize(
    ("way", "status"),
    [({"action": "update"}, 200), ({"action": "pay", "total": "32.00"}, 409), ({"action": "extend"}, 409)],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_after_the_end_the_page_asks_and_keeps_what_was_typed(me, url, way, status, headers):  # noqa: F811
    age_hold(Hold.objects.get(), 500)
    with nothing_changes():
        answer = me.post(url, TYPED | way, headers=headers)
    assert answer.status_code == status
    page = answer.content.decode()
    assert "Your time ran out" in page and "We could not hold A1, B1 for you any longer" in page
    for name, value in [*TYPED.items(), ("take", "A1"), ("take", "B1")]:
        assert f'<input type="hidden" name="{name}" value="{value}">' in page


def test_the_same_seats_again_with_what_was_typed(me, url):  # noqa: F811
    age_hold(Hold.objects.get(), 500)
    assert "Take A1, B1 again" in me.get(url).content.decode()
    for _ in range(2):  # pressed twice
        answer = me.post(url, TYPED | {"action": "retake", "take": ["A1", "B1"]})
        assert answer.status_code == 200
        page = answer.content.decode()
        assert 'value="ada@example.com"' in page and '<option value="CHILD" selected>' in page
        assert sorted(held()) == ["A1", "B1"]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_seats_that_somebody_took_meanwhile_lead_to_the_map(me, url, showtime, headers):  # noqa: F811
    age_hold(Hold.objects.get(), 500)
    take_seats(showtime_id=showtime.pk, browser=make_browser(2), labels=["B1"])
    answer = me.post(url, TYPED | {"action": "retake", "take": ["A1", "B1"]}, headers=headers)
    where = answer.headers.get("HX-Redirect") or answer.headers["Location"]
    assert where == f"/showtimes/{showtime.pk}/"
    assert "Somebody was a moment faster" in me.get(where).content.decode()
    assert held() == ["B1"]


def test_htmx_is_led_away_from_a_checkout_without_seats(me, showtime):  # noqa: F811
    answer = me.post(f"/checkout/{showtime.pk}/", FORM | {"action": "update"}, headers=HTMX)
    assert answer.headers["HX-Redirect"] == f"/showtimes/{showtime.pk}/"
