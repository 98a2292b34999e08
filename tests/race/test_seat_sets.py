"""Overlapping sets of seats in any order, holds that end or are given back, and a sweeper: no seat is stolen, no set is
partly taken.
"""

import random
import threading
from collections import Counter
from functools import partial

import pytest
from django.db import DatabaseError, connection

from reservations import locks
from reservations.models import Hold, ShowtimeSeat
from reservations.refusals.limits import TooManySeats
from reservations.refusals.seats import HoldLapsed, SeatGone
from reservations.seats.hold_sweep import end_lapsed_holds
from reservations.seats.taking import release_hold, release_seats, swap_seats, take_seats
from tests.aging import lapse
from tests.factories import make_browser
from tests.race.own_take import own_take
from tests.race.racing import broken_invariants, run_all

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LABELS = [f"{row}{number}" for row in "AB" for number in range(1, 7)]
BUYERS, ROUNDS = 6, 30

# A check beside the product: a live hold or a sale loses its seat only by its own action.
WITNESS = """
CREATE FUNCTION pg_temp_witness() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.hold_id IS NOT NULL AND NEW.hold_id IS DISTINCT FROM OLD.hold_id AND (
       (OLD.hold_id IS NOT NULL AND OLD.held_until > clock_timestamp())
       OR (OLD.booking_id IS NOT NULL AND (OLD.held_until IS NULL OR OLD.held_until > clock_timestamp()))) THEN
        RAISE EXCEPTION 'seat % was stolen', OLD.label;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER witness BEFORE UPDATE ON reservations_showtimeseat FOR EACH ROW EXECUTE FUNCTION pg_temp_witness();
"""
NO_WITNESS = "DROP TRIGGER witness ON reservations_showtimeseat; DROP FUNCTION pg_temp_witness();"


@pytest.fixture
def witness(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute(WITNESS)
    yield
    with connection.cursor() as cursor:
        cursor.execute(NO_WITNESS)


@pytest.fixture
def all_or_none(monkeypatch):
    """Check, in the taker's own transaction with the rows locked, that it got all it wanted or nothing new."""
    original = locks.take_seats

    def counted(*, hold, labels, **wanted):
        mine = ShowtimeSeat.objects.filter(hold_id=hold.id, label__in=labels)
        before = mine.count()
        outcome = original(hold=hold, labels=labels, **wanted)
        assert mine.count() == (len(labels) if outcome.taken else before)
        return outcome

    monkeypatch.setattr(locks, "take_seats", counted)


class Buyer:
    """Takes sets of seats and gives some or all back; a number stands for the same sequence of actions every time."""

    def __init__(self, showtime, number):
        self.showtime, self.browser, self.dice = showtime, make_browser(number), random.Random(number)
        self.ends = Counter()

    def __call__(self):
        for _ in range(ROUNDS):
            labels = self.dice.sample(LABELS, self.dice.randint(1, 4))
            self.ends[self.act(labels)] += 1
        return self.ends

    def act(self, labels):
        where = {"showtime_id": self.showtime.pk, "browser": self.browser}
        acts = {
            "take": partial(take_seats, labels=labels),
            "swap": partial(swap_seats, take=labels[1:] or labels, release=labels[:1]),
            "release": partial(release_seats, labels=labels),
            "release all": release_hold,
        }
        act = self.dice.choices(list(acts), [8, 3, 2, 1])[0]
        try:
            acts[act](**where)
        except (SeatGone, HoldLapsed):
            # Its hold may end at any moment, even twice during one click.
            return "gone"
        except TooManySeats:
            return "too many"  # a buyer who runs while the others wait may come to hold nearly all seats
        except DatabaseError as error:
            return "stolen" if "stolen" in str(error) else repr(error)
        return act


def rush(showtime):
    """Let buyers act while one thread ends holds and another sweeps; returns how often each outcome happened."""
    over = threading.Event()
    buyers = [Buyer(showtime, number) for number in range(1, BUYERS + 1)]

    def keep(act):
        while not over.is_set():
            act()
        return Counter()

    def lapse_one():
        if (hold := Hold.objects.live().order_by("?").first()) is not None:
            lapse(hold)

    def all_buyers():
        try:
            return sum(run_all(*buyers), Counter())
        finally:
            over.set()

    return sum(run_all(all_buyers, partial(keep, lapse_one), partial(keep, end_lapsed_holds)), Counter())


def test_overlapping_sets_are_all_or_none_and_never_stolen(showtime, sold_seat, witness, all_or_none):
    ends = rush(showtime)
    assert sum(ends.values()) == BUYERS * ROUNDS
    assert set(ends) - {"too many"} == {"take", "swap", "release", "release all", "gone"}
    assert ends["take"] > BUYERS and ends["gone"] > 0
    sold_seat.refresh_from_db()
    assert sold_seat.hold_id is None and sold_seat.booking_id is not None
    assert broken_invariants() <= {
        "confirmed_bookings_have_tickets_and_money",
        "kept_money_is_the_price_of_live_tickets",
    }
    for hold in Hold.objects.live():
        assert {seat.held_until for seat in hold.seats.all()} <= {hold.expires_at}


def test_control_the_witness_sees_a_theft(showtime, sold_seat, witness, monkeypatch):
    monkeypatch.setattr(locks, "take_seats", own_take(is_true=""))
    assert rush(showtime)["stolen"] > 0
