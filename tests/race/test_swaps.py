"""Staff swap seats while others buy, cancel, swap and scan: exactly one of them wins, and there is no deadlock."""

import threading
from functools import partial

import pytest
from django.db import DatabaseError, OperationalError, transaction

from payments.refunds.cancellation import cancel_and_refund
from reservations import locks
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.counter.swaps import SwapChoice, plan_swap, swap_seats
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit
from reservations.models import Booking, SeatSwap, ShowtimeSeat, Ticket
from reservations.seats.taking import take_seats
from reservations.states import CancelCause
from tests.factories import buy, make_browser, make_staff
from tests.race.racing import as_word, broken_invariants, run_all, start_and_block

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
BUYER = make_browser(5)
STAFF = CancellationOrigin(CancelCause.STAFF, "staff:1", "test")


@pytest.fixture
def booking(showtime, sandbox):
    return buy(sandbox, showtime, make_browser(1), "A1")


def swapping(booking, *labels):
    """A swap that is planned now, and done when the result is called."""
    choice = SwapChoice(tuple(booking.tickets.values_list("pk", flat=True)), labels)
    try:
        mark = plan_swap(booking, choice).mark
    except Exception:  # the seat belongs to somebody else now, so the mark of the page is old
        mark = "-"
    done = partial(swap_seats, booking_id=booking.pk, choice=choice, mark=mark, reason="Wet", actor="test")
    return as_word(done, "swapped")


def buying(showtime, label):
    return as_word(partial(take_seats, showtime_id=showtime.pk, browser=BUYER, labels=[label]), "held")


def canceling(booking):
    return as_word(partial(cancel_and_refund, booking_id=booking.pk, ticket_ids=None, origin=STAFF), "canceled")


def scanning(booking, code):
    theater = booking.showtime.auditorium.theater
    door = Door(theater, None, "door 2", make_staff("DOOR", theater).pk)
    return partial(admit, text=code, door=door, now=booking.showtime.starts_at)


def row(showtime, label):
    return ShowtimeSeat.objects.get(showtime=showtime, label=label)


class TestAgainstABuyer:
    def test_one_of_them_has_the_seat(self, showtime, booking):
        ends = run_all(swapping(booking, "A5"), buying(showtime, "A5"))
        assert ends in (["swapped", "SeatGone"], ["SeatGone", "held"])
        assert (row(showtime, "A5").booking_id == booking.pk) == (ends[0] == "swapped")
        assert broken_invariants() == set()

    def test_a_buyer_who_was_first_keeps_it(self, showtime, booking):
        swap = swapping(booking, "A5")
        with transaction.atomic():
            buying(showtime, "A5")()
            staff = start_and_block(swap)
        assert (staff.outcome(), row(showtime, "A5").hold is not None) == ("SeatGone", True)
        assert not SeatSwap.objects.exists()

    def test_without_the_lock_it_is_stolen(self, showtime, booking, monkeypatch):
        monkeypatch.setattr(locks, "seats_to_swap", lambda **_: [])
        swap = swapping(booking, "A5")
        with transaction.atomic():
            buying(showtime, "A5")()
            staff = start_and_block(swap)
        assert (staff.outcome(), row(showtime, "A5").hold) == ("swapped", None)


class TestCrossing:
    @pytest.fixture
    def other(self, showtime, sandbox):
        return buy(sandbox, showtime, make_browser(2), "A5")

    def test_two_that_want_each_others_seat_are_both_told(self, booking, other):
        for _ in range(5):
            assert run_all(swapping(booking, "A5"), swapping(other, "A1")) == ["SeatGone", "SeatGone"]
        assert broken_invariants() == set()

    def test_locked_out_of_order_they_wait_in_a_circle(self, booking, other, monkeypatch):
        both = threading.Barrier(2)

        def own_first(*, showtime_id, seat_ids, labels):
            rows = ShowtimeSeat.objects.filter(showtime_id=showtime_id).select_for_update(no_key=True)
            list(rows.filter(seat_id__in=seat_ids))
            both.wait(10)
            return list(rows.filter(label__in=labels))

        monkeypatch.setattr(locks, "seats_to_swap", own_first)
        with pytest.raises(OperationalError, match="deadlock"):
            run_all(swapping(booking, "A5"), swapping(other, "A1"))


class TestAgainstACancellation:
    def test_in_either_order_all_is_canceled_and_free(self, showtime, booking):
        ends = run_all(swapping(booking, "A5"), canceling(booking))
        assert ends in (["swapped", "canceled"], ["NothingToSwap", "canceled"])
        assert [row(showtime, label).booking for label in ("A1", "A5")] == [None, None]
        assert (Booking.objects.get().status, broken_invariants()) == ("CANCELED", set())

    def test_without_locks_the_database_refuses_it(self, booking, monkeypatch):
        monkeypatch.setattr(locks, "booking", lambda pk: Booking.objects.get(pk=pk))
        monkeypatch.setattr(locks, "tickets_of", lambda pk: list(Ticket.objects.filter(booking=pk)))
        monkeypatch.setattr(locks, "seats_to_swap", lambda **_: [])
        swap = swapping(booking, "A5")
        with transaction.atomic():
            Ticket.objects.update(status="VOID")
            staff = start_and_block(swap)
        with pytest.raises(DatabaseError, match="frozen"):
            staff.outcome()
        assert not SeatSwap.objects.exists()


class TestAgainstAScan:
    def test_who_is_in_keeps_the_seat(self, showtime, booking):
        swap, scan = swapping(booking, "A5"), scanning(booking, booking.tickets.get().code)
        with transaction.atomic():
            assert scan().is_welcome
            staff = start_and_block(swap)
        assert (staff.outcome(), booking.tickets.get().seat.label) == ("NothingToSwap", "A1")

    def test_an_old_code_that_waited_is_told_the_new_seat(self, booking):
        swap, scan = swapping(booking, "A5"), scanning(booking, booking.tickets.get().code)
        with transaction.atomic():
            swap()
            door = start_and_block(scan)
        assert door.outcome().sentence == "This seat was changed; the new ticket is A5."
        assert (booking.tickets.get().status, broken_invariants()) == ("VALID", set())

    def test_without_the_lock_the_old_code_comes_in(self, booking, monkeypatch):
        monkeypatch.setattr(locks, "ticket_by_code", lambda code: Ticket.objects.filter(code=code).first())
        swap, scan = swapping(booking, "A5"), scanning(booking, booking.tickets.get().code)
        with transaction.atomic():
            swap()
            door = start_and_block(scan)
        assert door.outcome().is_welcome
