"""A theater closes while somebody plans a showtime in it: the last day holds."""

import pytest
from django.db import transaction

from houses.models import Theater
from tests.clock import evening, today
from tests.factories import make_auditorium, make_movie, make_price_list, make_theater
from tests.race.racing import as_word, start, start_and_block
from theaters import locks
from theaters.models import Showtime
from theaters.schedule.scheduling import schedule

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def theater():
    return make_theater()


@pytest.fixture
def planning(theater):
    auditorium, movie, prices = make_auditorium(theater), make_movie(), make_price_list(theater)
    facts = {"auditorium": auditorium, "movie": movie, "price_list": prices, "starts_at": evening(3, theater=theater)}
    return as_word(lambda: schedule(**facts), "planned")


def close(theater):
    Theater.objects.filter(pk=theater.pk).update(closes_on=today(theater))


def test_who_plans_waits_for_who_closes(theater, planning):
    with transaction.atomic():
        locks.theater_to_change(theater.pk)
        racer = start_and_block(planning)
        close(theater)
    assert (racer.outcome(), Showtime.objects.count()) == ("SchedulingRefused", 0)


def test_without_the_lock_a_showtime_comes_after_the_last_day(theater, planning, monkeypatch):
    monkeypatch.setattr(locks, "theaters_to_plan_in", lambda ids: list(Theater.objects.filter(pk__in=ids)))
    with transaction.atomic():
        locks.theater_to_change(theater.pk)
        assert start(planning).outcome() == "planned"
        close(theater)
    assert Showtime.objects.count() == 1
