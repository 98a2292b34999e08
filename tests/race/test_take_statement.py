"""Every part of the statement that takes seats is needed: without it, the harm that it prevents happens."""

from functools import partial

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from core.clock import ClockTimestamp
from reservations import locks
from reservations.models import Hold, ShowtimeSeat
from reservations.seats import taking
from reservations.seats.taking import take_seats
from tests.factories import hold_seats, make_browser
from tests.race.own_take import SNAPSHOT, own_take
from tests.race.racing import as_word, run_all, seats_locked, start_and_block, taken

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ADA, BOB = make_browser(1), make_browser(2)
AS_IT_IS = pytest.param(locks.take_seats, id="as it is")
WHOLE = pytest.param(own_take(), id="own statement, whole")


def either(outcome):
    """Run the test with the product's statement and with one of our own that leaves nothing out: both must give this outcome."""
    return [pytest.param(*way.values, outcome, id=way.id) for way in (AS_IT_IS, WHOLE)]


def take(showtime, browser, *labels):
    return as_word(partial(take_seats, showtime_id=showtime.pk, browser=browser, labels=list(labels)), "held")


def owner(showtime, label):
    seat = ShowtimeSeat.objects.select_related("hold").get(showtime=showtime, label=label)
    return seat.hold and seat.hold.holder


@pytest.mark.parametrize(
    ("way", "outcome"), [*either("SeatGone"), pytest.param(own_take(rows=SNAPSHOT), "held", id="snapshot")]
)
def test_a_seat_that_was_taken_while_i_waited_is_not_mine(showtime, monkeypatch, way, outcome):
    monkeypatch.setattr(locks, "take_seats", way)
    with transaction.atomic():
        take(showtime, ADA, "A1")()
        bob = start_and_block(take(showtime, BOB, "A1"))
    assert bob.outcome() == outcome
    assert owner(showtime, "A1") == (ADA.holder if outcome == "SeatGone" else BOB.holder)


@pytest.mark.parametrize(
    ("way", "outcome"),
    [
        *either("held"),
        pytest.param(own_take(clock="now()"), "SeatGone", id="now()"),
        pytest.param(own_take(clock="min(read_at)"), "SeatGone", id="clock of the locking select"),
    ],
)
def test_a_seat_that_lapsed_while_i_waited_is_free(showtime, monkeypatch, way, outcome):
    hold = hold_seats(showtime, ADA, "A2")
    monkeypatch.setattr(locks, "take_seats", way)
    with seats_locked(showtime, "A1"):
        bob = start_and_block(take(showtime, BOB, "A1", "A2"))
        ShowtimeSeat.objects.filter(hold=hold).update(held_until=ClockTimestamp())
    assert bob.outcome() == outcome


@pytest.mark.parametrize(
    ("way", "outcome"), [*either("HoldLapsed"), pytest.param(own_take(clock="now()"), "held", id="now()")]
)
def test_a_hold_that_ran_out_in_the_middle_takes_nothing(showtime, monkeypatch, way, outcome):
    original = locks.lock_or_create_hold

    def about_to_lapse(**wanted):
        hold = original(**wanted)
        Hold.objects.filter(pk=hold.id).update(expires_at=ClockTimestamp())
        return locks.LockedHold(**vars(hold) | {"expires_at": Hold.objects.get(pk=hold.id).expires_at})

    monkeypatch.setattr(locks, "lock_or_create_hold", about_to_lapse)
    monkeypatch.setattr(locks, "take_seats", way)
    assert run_all(take(showtime, ADA, "A1")) == [outcome]
    assert Hold.objects.lapsed().filter(seats__label="A1").exists() == (outcome == "held")


@pytest.mark.parametrize(
    ("way", "outcome"), [*either("SeatGone"), pytest.param(own_take(is_true=""), "held", id="without IS TRUE")]
)
def test_a_sold_seat_is_not_taken_along_with_a_free_one(showtime, sold_seat, monkeypatch, way, outcome):
    monkeypatch.setattr(locks, "take_seats", way)
    assert run_all(take(showtime, BOB, "A1", "A2")) == [outcome]
    sold_seat.refresh_from_db()
    assert (sold_seat.booking_id is None) == (outcome == "held")


def naive_update(*, showtime_id, hold, labels, **_):
    seats = ShowtimeSeat.objects.filter(showtime_id=showtime_id, label__in=labels, hold=None, booking=None)
    got = seats.update(hold=hold.id, held_until=hold.expires_at)
    return taken(got > 0)


@pytest.mark.parametrize(
    ("way", "outcome", "seats"),
    [(locks.take_seats, "SeatGone", 0), pytest.param(naive_update, "held", 1, id="one naive UPDATE")],
)
def test_nobody_holds_a_part_of_what_was_wanted(showtime, monkeypatch, way, outcome, seats):
    hold_seats(showtime, ADA, "A1")
    monkeypatch.setattr(locks, "take_seats", way)
    assert run_all(take(showtime, BOB, "A1", "A2")) == [outcome]
    assert ShowtimeSeat.objects.filter(hold__holder=BOB.holder).count() == seats


@pytest.mark.parametrize(
    ("way", "outcome"),
    [
        *either("SeatGone"),
        pytest.param(
            own_take(order="array_position(%(labels)s::text[], label::text)"), "deadlock", id="in click order"
        ),
    ],
)
def test_seats_are_locked_in_one_order(showtime, monkeypatch, way, outcome):
    monkeypatch.setattr(locks, "take_seats", way)
    # The product sorts labels before it locks as well; the statement has to be right without that.
    monkeypatch.setattr(taking, "clean_labels", lambda labels: labels)
    monkeypatch.setattr(taking, "with_mates", lambda mates, labels: labels)
    with seats_locked(showtime, "B1"):
        ada = start_and_block(take(showtime, ADA, "A1", "B1", "A2"))
        bob = start_and_block(take(showtime, BOB, "A2", "A1"))
    ends = {racer: end_of(racer) for racer in (ada, bob)}
    assert sorted(ends.values()) == sorted(["held", outcome])
    assert ends[ada] == "held" or outcome == "deadlock"


def end_of(racer):
    try:
        return racer.outcome()
    except OperationalError as error:
        return "deadlock" if isinstance(error.__cause__, psycopg.errors.DeadlockDetected) else str(error)


def test_read_committed_is_pinned_on_every_connection(showtime):
    def level():
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_isolation")
            return cursor.fetchone()[0]

    assert run_all(level) == ["read committed"]
