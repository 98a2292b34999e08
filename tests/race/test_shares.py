"""Browsers with one address act at the same time: together they never get more than the address's share."""

from collections import Counter
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction

from reservations import locks
from reservations.models import ShowtimeSeat
from reservations.seats.taking import Browser, swap_seats, take_seats
from tests.factories import make_auditorium, make_browser, make_showtime, make_theater
from tests.race.racing import as_word, run_all, start, start_and_block

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROOM = "\n".join(f"{row} {'o' * 10}" for row in "ABCD")


@pytest.fixture
def showtime(transactional_db, settings):
    """A showtime with 40 seats, of which an address may have ten."""
    settings.SHOWTIME_SHARE_PER_ADDRESS = Decimal("0.25")
    return make_showtime(auditorium=make_auditorium(make_theater(), ROOM))


def browser(number):
    return Browser(holder=f"{number:064x}", address="198.51.100.7")


def take(showtime, buyer, *labels):
    return as_word(partial(take_seats, showtime_id=showtime.pk, browser=buyer, labels=list(labels)), "held")


def held():
    return ShowtimeSeat.objects.filter(hold__isnull=False).count()


def test_eight_browsers_of_one_address_at_once_hold_its_share(showtime):
    jobs = [take(showtime, browser(row * 2 + half), *_half_row(row, half)) for row in range(4) for half in range(2)]
    assert Counter(run_all(*jobs)) == {"held": 2, "TooManyHere": 6}
    assert held() == 10


def _half_row(row, half):
    return [f"{'ABCD'[row]}{half * 5 + number}" for number in range(1, 6)]


def test_a_browser_waits_for_another_of_its_address(showtime):
    take(showtime, browser(1), "A1", "A2", "A3", "A4", "A5")()
    with transaction.atomic():
        take(showtime, browser(2), "B1", "B2", "B3", "B4", "B5")()
        third = start_and_block(take(showtime, browser(3), "C1"))
        assert start(take(showtime, make_browser(4), "D1")).outcome() == "held"
    assert third.outcome() == "TooManyHere"


def test_without_that_wait_both_would_be_let_in(showtime, monkeypatch):
    original = locks.lock_or_create_hold
    monkeypatch.setattr(locks, "lock_or_create_hold", lambda **wanted: original(**wanted | {"one_at_a_time": False}))
    take(showtime, browser(1), "A1", "A2", "A3", "A4", "A5")()
    with transaction.atomic():
        take(showtime, browser(2), "B1", "B2", "B3", "B4", "B5")()
        assert start(take(showtime, browser(3), "C1")).outcome() == "held"
    assert held() == 11


def test_swaps_and_takes_of_one_address_end_without_a_deadlock(showtime):
    for number, label in enumerate(("A1", "A2", "A3"), start=1):
        take(showtime, browser(number), label)()
    jobs = [
        as_word(
            partial(swap_seats, showtime_id=showtime.pk, browser=browser(1), take=["B1"], release=["A1"]), "swapped"
        ),
        take(showtime, browser(2), "B2", "A1"),
        as_word(
            partial(swap_seats, showtime_id=showtime.pk, browser=browser(3), take=["B3"], release=["A3"]), "swapped"
        ),
        take(showtime, browser(4), "A3", "B4"),
    ]
    assert set(run_all(*jobs)) <= {"held", "swapped", "SeatGone"}
