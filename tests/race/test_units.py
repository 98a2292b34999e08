"""Many buyers click the two halves of a sofa: one gets both, and nobody gets half of it."""

from collections import Counter
from functools import partial

import pytest
from django.db import IntegrityError, connection

from reservations.models import ShowtimeSeat
from reservations.seats import taking
from reservations.seats.taking import take_seats
from tests.factories import make_auditorium, make_browser, make_showtime, make_theater
from tests.race.racing import broken_invariants, run_all

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
BUYERS = 16


@pytest.fixture
def showtime():
    return make_showtime(auditorium=make_auditorium(make_theater(), "A ss.ttt\nB oooooo\n"))


def rush(showtime, halves):
    def take(number, label):
        try:
            take_seats(showtime_id=showtime.pk, browser=make_browser(number), labels=[label])
        except IntegrityError:
            return "refused by the database"
        return "held"

    jobs = [partial(take, number, halves[number % len(halves)]) for number in range(BUYERS)]
    return Counter(run_all(*jobs))


def owners(*labels):
    return set(ShowtimeSeat.objects.filter(label__in=labels).values_list("hold", flat=True))


@pytest.mark.parametrize("halves", [("A1", "A2"), ("A5", "A3", "A4")])
def test_one_buyer_has_all_of_the_sofa(showtime, halves):
    assert rush(showtime, halves) == {"held": 1, "SeatGone": BUYERS - 1}
    assert len(owners(*halves)) == 1
    assert owners(*halves) != {None}
    assert broken_invariants() == set()


def test_without_mates_the_database_refuses_every_half(showtime, monkeypatch):
    monkeypatch.setattr(taking, "with_mates", lambda mates, labels: list(labels))
    assert rush(showtime, ("A1", "A2")) == {"refused by the database": BUYERS}
    assert owners("A1", "A2") == {None}


def test_control_without_mates_and_trigger_two_buyers_share_the_sofa(showtime, monkeypatch):
    monkeypatch.setattr(taking, "with_mates", lambda mates, labels: list(labels))
    trigger = "ALTER TABLE reservations_showtimeseat {} TRIGGER unit_is_whole"
    with connection.cursor() as cursor:
        cursor.execute(trigger.format("DISABLE"))
    try:
        assert rush(showtime, ("A1", "A2"))["held"] == 2
    finally:
        with connection.cursor() as cursor:
            cursor.execute(trigger.format("ENABLE"))
    assert len(owners("A1", "A2")) == 2
