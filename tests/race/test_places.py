"""An area sells exactly as many places as it has, however many buyers come at the same time, on the web and at the counter."""

from collections import Counter
from functools import partial

import pytest
from django.utils import timezone

from reservations.counter import counter_seats
from reservations.counter.counter_seats import CounterSeller, change_places_at_counter
from reservations.models import ShowtimeSeat
from reservations.seats import taking
from reservations.seats.places import PlacesWanted
from reservations.seats.taking import change_places
from tests.factories import make_auditorium, make_browser, make_showtime, make_staff, make_theater
from tests.race.racing import broken_invariants, run_all

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CAPACITY = 30


@pytest.fixture
def showtime():
    return make_showtime(auditorium=make_auditorium(make_theater(), f"A ooo\n[Balcony]\nunreserved {CAPACITY}\n"))


def rush(showtime, buyers, count=1):
    """Let many buyers come at the same time, every other one at the counter."""
    operator = make_staff("BOX_OFFICE", showtime.auditorium.theater)
    wanted, now = PlacesWanted("Balcony", count), timezone.now()

    def buy(number):
        if number % 2:
            seller = CounterSeller(f"{number:064x}", operator.pk)
            change_places_at_counter(showtime_id=showtime.pk, seller=seller, wanted=wanted, now=now)
        else:
            change_places(showtime_id=showtime.pk, browser=make_browser(number), wanted=wanted)
        return "held"

    return Counter(run_all(*(partial(buy, number) for number in range(buyers))))


def held():
    return ShowtimeSeat.objects.filter(area__isnull=False, hold__isnull=False).count()


@pytest.mark.parametrize(("buyers", "count"), [(40, 1), (24, 2), pytest.param(200, 1, marks=pytest.mark.long)])
def test_exactly_as_many_as_there_are(showtime, buyers, count):
    assert rush(showtime, buyers, count) == {"held": CAPACITY // count, "FewerPlaces": buyers - CAPACITY // count}
    assert held() == CAPACITY
    owners = ShowtimeSeat.objects.filter(area__isnull=False).values_list("hold", flat=True)
    assert set(Counter(owners).values()) == {count}
    assert broken_invariants() == set()


def test_control_without_the_lock_of_the_area_buyers_choose_the_same_places(showtime, monkeypatch):
    def choose_by_reading(*, showtime_id, wanted, hold_id):
        rows = ShowtimeSeat.objects.filter(showtime=showtime_id, area__name=wanted.area, hold=None, booking=None)
        return list(rows.order_by("pk").values_list("label", flat=True)[: wanted.count])

    monkeypatch.setattr(taking, "lock_places", choose_by_reading)
    monkeypatch.setattr(counter_seats, "lock_places", choose_by_reading)
    ended = rush(showtime, 24)
    assert ended["held"] < 24
    assert ended["SeatGone"] > 0
