"""Many people press "best seats" at the same time: everybody who fits gets seats, and nobody is told that somebody was faster."""

from collections import Counter
from functools import partial

import pytest

from reservations import locks
from reservations.counter import taking_best
from reservations.models import ShowtimeSeat
from reservations.seats.best_seats import Wish
from tests.factories import make_auditorium, make_browser, make_showtime, make_theater
from tests.race.racing import as_word, run_all

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
PEOPLE = 50
ROOM = "\n".join(f"{row} {'o' * 10}" for row in "ABCDEFGH")


def press(showtime, number):
    look = partial(taking_best.take_best, showtime_id=showtime.pk, browser=make_browser(number), wish=Wish(2))
    return as_word(look, "held")


def all_press():
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), ROOM))
    return Counter(run_all(*(press(showtime, number) for number in range(1, PEOPLE + 1))))


@pytest.mark.long
def test_fifty_at_once_for_forty_pairs():
    assert all_press() == {"held": 40, "NothingTogether": 10}
    assert ShowtimeSeat.objects.filter(hold=None).count() == 0


@pytest.mark.long
def test_without_turns_some_hear_that_somebody_was_faster(monkeypatch):
    monkeypatch.setattr(locks, "turn_for_best_seats", lambda **here: None)
    assert all_press()["SeatGone"] > 0
