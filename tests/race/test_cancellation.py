"""Several people cancel the same tickets at the same time, and while somebody else wants their seats."""

import threading
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError
from django.utils import timezone

from payments.books.payment_sweep import send_due_refunds
from payments.models import Payment, Refund
from payments.refunds.cancellation import cancel_and_refund, cancel_as_customer
from reservations import locks
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.models import Booking, CanceledTicket, Cancellation, Move, OutgoingMail, ShowtimeSeat, Ticket
from reservations.seats.taking import take_seats
from reservations.states import CancelCause
from tests.factories import buy, make_browser
from tests.race.racing import as_word, broken_invariants, run_all

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ADA, BOB = make_browser(1), make_browser(2)
STAFF = CancellationOrigin(CancelCause.STAFF, "staff:1", "test")


@pytest.fixture
def booking(showtime, sandbox):
    return buy(sandbox, showtime, ADA, "A1", "A2")


def by_customer(booking, *labels, shown):
    job = partial(cancel_as_customer, booking_id=booking.pk, labels=labels, shown=Decimal(shown), now=timezone.now())
    return lambda: job() is not None


def by_staff(booking, *labels):
    ids = list(booking.tickets.filter(seat__label__in=labels).values_list("pk", flat=True))
    job = partial(cancel_and_refund, booking_id=booking.pk, ticket_ids=ids, origin=STAFF)
    return lambda: job() is not None


def moves(to):
    return Move.objects.filter(to_status=to).exclude(from_status="").count()


def test_ten_cancels_at_once_are_one(booking):
    everybody = [by_customer(booking, "A1", "A2", shown="29.00"), by_staff(booking, "A1", "A2")] * 5
    assert sorted(run_all(*everybody)) == [False] * 9 + [True]
    assert (Cancellation.objects.count(), [refund.amount for refund in Refund.objects.all()]) == (1, [Decimal("29.00")])
    assert (moves("CANCELED"), moves("VOID")) == (1, 2)
    assert OutgoingMail.objects.filter(kind="CANCELLATION").count() == 1
    assert broken_invariants() == set()


def test_single_tickets_canceled_at_once_end_with_the_booking_canceled(booking):
    everybody = [by_staff(booking, "A1"), by_staff(booking, "A2")] * 4
    assert sorted(run_all(*everybody)) == [False] * 6 + [True] * 2
    booking.refresh_from_db()
    assert (booking.status, booking.sale.refund_due, moves("CANCELED")) == ("CANCELED", Decimal("29.00"), 1)
    assert sum(refund.amount for refund in Refund.objects.all()) == Decimal("29.00")
    assert broken_invariants() == set()


def test_cancels_and_sweeps_at_once_refund_once(booking):
    run_all(by_staff(booking, "A1"), send_due_refunds, by_staff(booking, "A2"), send_due_refunds)
    assert sum(refund.amount for refund in Refund.objects.all()) == Decimal("29.00")
    assert broken_invariants() == set()


def test_a_seat_that_comes_free_goes_to_one_and_its_ticket_is_void(showtime, booking):
    taking = [
        as_word(partial(take_seats, showtime_id=showtime.pk, browser=make_browser(n), labels=["A1"]), "held")
        for n in range(2, 6)
    ]
    ends = run_all(by_staff(booking, "A1"), *taking)
    seat = ShowtimeSeat.objects.get(showtime=showtime, label="A1")
    assert ends.count("held") == (1 if seat.hold_id else 0)
    assert (Ticket.objects.get(seat__label="A1").status, seat.booking_id) == ("VOID", None)
    assert broken_invariants() == set()


@pytest.fixture
def nobody_waits(monkeypatch):
    """Let all four read the booking and its tickets before one of them writes."""
    all_read = threading.Barrier(4)

    def read_without_lock(booking_id):
        tickets = list(Ticket.objects.filter(booking_id=booking_id).order_by("pk"))
        all_read.wait(10)
        return tickets

    monkeypatch.setattr(locks, "booking", lambda pk: Booking.objects.get(pk=pk))
    monkeypatch.setattr(locks, "tickets_of", read_without_lock)
    monkeypatch.setattr("payments.locks.payments_of", lambda pk: list(Payment.objects.filter(sale=pk)))


def quietly(job):
    def outcome():
        try:
            return job()
        except IntegrityError:
            return "refused by the database"

    return outcome


def test_control_without_locks_only_the_unique_row_of_a_ticket_stands_in_the_way(booking, nobody_waits):
    ends = run_all(*[quietly(by_staff(booking, "A1"))] * 4)
    assert sorted(map(str, ends)) == ["True", *["refused by the database"] * 3]


def test_control_without_locks_and_that_row_a_ticket_is_refunded_four_times(booking, nobody_waits, monkeypatch):
    monkeypatch.setattr(CanceledTicket.objects, "bulk_create", lambda rows: rows)
    assert run_all(*[by_staff(booking, "A1")] * 4) == [True] * 4
    assert Cancellation.objects.count() == 4 and moves("VOID") == 4
