"""One browser in many threads never holds more than the limit."""

from collections import Counter
from functools import partial

import pytest
from django.db import connection, transaction

from reservations import locks
from reservations.models import Hold, ShowtimeSeat
from reservations.seats.taking import take_seats
from tests.factories import hold_seats, make_browser
from tests.race.own_take import HOLD_IN_THE_SAME_STATEMENT, own_take
from tests.race.racing import as_word, run_all, start_and_block

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ADA = make_browser(1)
LABELS = [f"{row}{number}" for row in "AB" for number in range(1, 7)]


def take(showtime, *labels):
    return as_word(partial(take_seats, showtime_id=showtime.pk, browser=ADA, labels=list(labels)), "held")


def test_twelve_clicks_at_once_hold_ten_seats_in_one_hold(showtime):
    assert Counter(run_all(*(take(showtime, label) for label in LABELS))) == {"held": 10, "TooManySeats": 2}
    assert Hold.objects.get().seats.count() == 10


def test_the_same_click_twelve_times_is_one_seat_held(showtime):
    assert run_all(*[take(showtime, "A1")] * 12) == ["held"] * 12
    assert list(Hold.objects.get().seats.values_list("label", flat=True)) == ["A1"]


def known_hold(showtime):
    """The hold as the locking statement reads it, but without its lock."""
    with transaction.atomic():
        where = {"showtime_id": showtime.pk, "holder": ADA.holder, "address": ADA.address}
        return locks.lock_or_create_hold(**where, seconds=(480, 1200))


@pytest.mark.parametrize(("is_broken", "outcome", "seats"), [(False, "TooManySeats", 6), (True, "held", 12)])
def test_the_hold_is_locked_in_a_statement_of_its_own(showtime, monkeypatch, is_broken, outcome, seats):
    hold_seats(showtime, ADA, "A1")
    if is_broken:
        hold = known_hold(showtime)
        monkeypatch.setattr(locks, "take_seats", own_take(mine=HOLD_IN_THE_SAME_STATEMENT))
        monkeypatch.setattr(locks, "lock_or_create_hold", lambda **_: hold)
    with transaction.atomic():
        take(showtime, *LABELS[:6])()
        second = start_and_block(take(showtime, *LABELS[6:]))
    assert second.outcome() == outcome
    assert ShowtimeSeat.objects.filter(hold__holder=ADA.holder).count() == seats
    assert connection.in_atomic_block is False
