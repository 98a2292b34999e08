"""Seats are locked by their ids: nobody holds a later seat while waiting for an earlier one, whatever plan PostgreSQL
uses.

In this auditorium the order of ids is neither that of labels (an index scan) nor that of the table (a sequential scan),
because row B was laid out first and has been written again since.
"""

from functools import partial

import pytest
from django.db import connection, transaction

from reservations import locks
from reservations.models import ShowtimeSeat
from reservations.opening.house_seats import keep_seats
from reservations.seats.taking import extend_hold, release_hold, release_seats, swap_seats, take_seats
from reservations.selling.bookings import open_booking
from tests.aging import age_hold
from tests.factories import hold_seats, make_auditorium, make_browser, make_showtime, make_theater, pay_form
from tests.race.own_take import own_take
from tests.race.racing import seats_locked, start_and_block

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ADA = make_browser(1)
FIRST, LATER = "B1", "A1"
WANTED = [LATER, FIRST]


def take(showtime):
    take_seats(showtime_id=showtime.pk, browser=ADA, labels=WANTED)


def keep(showtime):
    keep_seats(showtime=showtime, labels=WANTED, reason="Press", release_minutes=None, actor="test")


def swap(showtime):
    swap_seats(showtime_id=showtime.pk, browser=ADA, take=["A2"], release=WANTED)


def release(showtime):
    release_seats(showtime_id=showtime.pk, browser=ADA, labels=WANTED)


def release_all(showtime):
    release_hold(showtime_id=showtime.pk, browser=ADA)


def extend(showtime):
    extend_hold(showtime_id=showtime.pk, browser=ADA)


def begin_to_pay(showtime):
    with transaction.atomic():
        open_booking(showtime_id=showtime.pk, browser=ADA, form=pay_form(showtime, *WANTED))


@pytest.fixture
def showtime(transactional_db, settings):
    settings.UNPAID_HOLD_PAUSE_SECONDS = 0
    with connection.cursor() as cursor:
        # Closes gaps left by other tests, because a row that is written again goes into the first gap.
        cursor.execute("VACUUM FULL reservations_showtimeseat")
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), "B ooo.ooo\nA ooo.ooo\n"))
    move_first_seat_behind_the_others(showtime)
    return showtime


def move_first_seat_behind_the_others(showtime):
    seats = ShowtimeSeat.objects.filter(showtime=showtime)
    seats.filter(label=FIRST).update(house_reason="")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(label ORDER BY id), array_agg(label ORDER BY ctid) FROM reservations_showtimeseat"
            " WHERE showtime_id = %s AND label = ANY(%s)",
            [showtime.pk, WANTED],
        )
        assert cursor.fetchone() == ([FIRST, LATER], [LATER, FIRST])


def has_later_seat_while_it_waits(showtime, act) -> bool:
    """Somebody else has locked the first seat. Whether the taker who waits for it has locked the later one."""
    with seats_locked(showtime, FIRST):
        racer = start_and_block(partial(act, showtime))
        later = ShowtimeSeat.objects.filter(showtime=showtime, label=LATER)
        is_free = bool(later.select_for_update(no_key=True, skip_locked=True))
    racer.outcome()
    return not is_free


@pytest.mark.parametrize("act", [take, keep])
def test_free_seats_are_locked_by_id(showtime, act):
    assert not has_later_seat_while_it_waits(showtime, act)


@pytest.mark.parametrize("act", [swap, release, release_all, extend, begin_to_pay])
def test_seats_of_a_hold_are_locked_by_id(showtime, act):
    hold = hold_seats(showtime, ADA, *WANTED)
    if act is extend:
        age_hold(hold, 400)
    move_first_seat_behind_the_others(showtime)
    assert not has_later_seat_while_it_waits(showtime, act)


@pytest.mark.parametrize(("order", "has_it"), [("id", False), ("label", True), ("ctid", True)])
def test_control_another_order_is_seen(showtime, monkeypatch, order, has_it):
    monkeypatch.setattr(locks, "take_seats", own_take(order=order))
    assert has_later_seat_while_it_waits(showtime, take) == has_it
