"""A sale is voided while its ticket is scanned, while it is voided by others, and while its tickets are canceled in
another way.
"""

import threading
from collections import Counter
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from boxoffice.services.voids import Operator, VoidOrder, plan_void, void_sale
from houses.models import Theater
from payments.models import Payment, Refund
from payments.refunds.cancellation import cancel_and_refund, cancel_as_customer
from reservations import locks
from reservations.aftersale.cancellation import CancellationOrigin, lines_of
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit
from reservations.models import Booking, Cancellation, Scan, Ticket
from reservations.states import CancelCause
from sales.models import Sale
from tests.counter import make_seller, sell_seats
from tests.factories import make_staff
from tests.race.racing import broken_invariants, run_all, start, start_and_block

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sold(showtime) -> Booking:
    Theater.objects.update(refund_limit=100)
    return sell_seats(showtime, make_seller(showtime), "A1").booking


def void(sold, user_id=None):
    """Press the button on a page that was opened before."""
    clerk, now = Operator(user_id or sold.sale.operator_id), timezone.now()
    mark = plan_void(Sale.objects.get(pk=sold.sale_id), operator=clerk, now=now).mark
    job = partial(void_sale, sale_id=sold.sale_id, operator=clerk, order=VoidOrder("Wrong seat", mark), now=now)
    return lambda: job() and "voided"


def scan(sold):
    theater = sold.showtime.auditorium.theater
    door = Door(theater, None, "door 1", make_staff("DOOR", theater).pk)
    job = partial(admit, text=sold.tickets.get().code, door=door, now=sold.showtime.starts_at)
    return lambda: "in" if job().is_welcome else "stopped"


def cancel(sold):
    job = partial(
        cancel_and_refund,
        booking_id=sold.pk,
        ticket_ids=None,
        origin=CancellationOrigin(CancelCause.STAFF, "staff:1", "test"),
    )
    return lambda: "canceled" if job() else "nothing left"


def money_back() -> list:
    return list(Refund.objects.values_list("amount", flat=True))


@pytest.mark.parametrize("is_first", ["door", "void"])
def test_a_void_and_a_scan_never_both_have_the_ticket(sold, is_first):
    """The first one has locked the ticket's row; the other waits for it and finds what it did."""
    jobs = {"door": scan(sold), "void": void(sold)}
    other = "void" if is_first == "door" else "door"
    with transaction.atomic():
        Ticket.objects.select_for_update(no_key=True).get(booking=sold)
        racers = [start_and_block(jobs[is_first]), start_and_block(jobs[other])]
    ends = {name: racer.outcome() for name, racer in zip((is_first, other), racers, strict=True)}
    expected = {"door": {"door": "in", "void": "TicketsUsed"}, "void": {"void": "voided", "door": "stopped"}}
    assert ends == expected[is_first]
    assert (len(money_back()), Ticket.objects.get().status) == ((0, "USED") if is_first == "door" else (1, "VOID"))
    assert broken_invariants() == set()


def test_control_a_void_that_reads_tickets_without_their_lock_gives_money_for_a_used_one(sold, monkeypatch):
    """The ticket is read before somebody goes in with it, and voided afterwards."""
    read, is_in = threading.Event(), threading.Event()

    def read_without_lock(booking_id):
        return list(Ticket.objects.filter(booking_id=booking_id).order_by("pk"))

    def plan_then_wait(sale, **options):
        plan = plan_void(sale, **options)
        read.set()
        is_in.wait(10)
        return plan

    press, go_in = void(sold), scan(sold)
    monkeypatch.setattr(locks, "tickets_of", read_without_lock)
    monkeypatch.setattr("boxoffice.services.voids.plan_void", plan_then_wait)
    racer = start(press)
    read.wait(10)
    assert go_in() == "in"
    is_in.set()
    assert racer.outcome() == "voided"
    assert (len(money_back()), Scan.objects.filter(outcome="ADMITTED").count()) == (1, 1)


def test_voided_by_many_at_once_it_is_one_void(sold):
    others = [make_staff("BOX_OFFICE", sold.showtime.auditorium.theater).pk for _ in range(2)]
    ends = Counter(run_all(*[void(sold)] * 3, *(void(sold, user_id) for user_id in others)))
    assert ends["voided"] >= 1 and ends["voided"] + ends["AlreadyVoided"] == 5
    assert (Cancellation.objects.count(), money_back()) == (1, [sold.total])
    assert broken_invariants() == set()


@pytest.mark.parametrize("_", range(3))
def test_a_void_and_a_cancellation_in_the_office_give_the_money_back_once(sold, _):
    ends = run_all(void(sold), cancel(sold))
    assert ends in (["voided", "nothing left"], ["NothingToVoid", "canceled"])
    assert (Cancellation.objects.count(), money_back()) == (1, [sold.total])
    assert broken_invariants() == set()


def cancel_online(sold):
    """The customer cancels the ticket on the page of their booking."""
    job = partial(cancel_as_customer, booking_id=sold.pk, labels=["A1"], shown=sold.total, now=timezone.now())
    return lambda: "canceled" if job() else "nothing left"


@pytest.mark.parametrize("is_first", ["web", "void"])
def test_a_void_and_the_customers_own_cancellation_give_the_money_back_once(sold, is_first):
    jobs = {"web": cancel_online(sold), "void": void(sold)}
    other = "void" if is_first == "web" else "web"
    with transaction.atomic():
        Ticket.objects.select_for_update(no_key=True).get(booking=sold)
        racers = [start_and_block(jobs[is_first]), start_and_block(jobs[other])]
    ends = {name: racer.outcome() for name, racer in zip((is_first, other), racers, strict=True)}
    assert ends in ({"web": "canceled", "void": "NothingToVoid"}, {"void": "voided", "web": "nothing left"})
    assert next(iter(ends.values())) in {"canceled", "voided"}, "who came first was refused"
    assert (Cancellation.objects.count(), money_back()) == (1, [sold.total])
    assert broken_invariants() == set()


def test_control_without_locks_only_the_unique_row_of_a_ticket_stands_between_void_and_web(sold, monkeypatch):
    both_read = threading.Barrier(2)

    def lines_of_both(*args):
        both_read.wait(10)
        return lines_of(*args)

    jobs = [void(sold), cancel_online(sold)]
    unlock(monkeypatch)
    monkeypatch.setattr("reservations.aftersale.cancellation.lines_of", lines_of_both)
    ends = Counter(run_all(*(partial(quietly, job) for job in jobs)))
    assert ends.pop("refused by the database") == 1
    assert ends in (Counter(voided=1), Counter(canceled=1))


def quietly(job):
    try:
        return job()
    except IntegrityError:
        return "refused by the database"


def unlock(monkeypatch):
    """Let rows be read without locks."""
    monkeypatch.setattr(locks, "booking", lambda pk: Booking.objects.get(pk=pk))
    monkeypatch.setattr(locks, "tickets_of", lambda pk: list(Ticket.objects.filter(booking_id=pk).order_by("pk")))
    monkeypatch.setattr("payments.locks.payments_of", lambda pk: list(Payment.objects.filter(sale=pk)))
    monkeypatch.setattr(locks, "whole_sale", _unlocked_sale)


def test_control_without_locks_only_the_unique_row_of_a_ticket_stands_in_the_way(sold, monkeypatch):
    all_read = threading.Barrier(2)

    def plan_together(sale, **options):
        plan = plan_void(sale, **options)
        all_read.wait(10)
        return plan

    presses = [void(sold), void(sold, make_staff("BOX_OFFICE", sold.showtime.auditorium.theater).pk)]
    monkeypatch.setattr("boxoffice.services.voids.plan_void", plan_together)
    unlock(monkeypatch)
    ends = run_all(*(partial(quietly, press) for press in presses))
    assert sorted(ends) == ["refused by the database", "voided"]


def _unlocked_sale(sale_id):
    bookings = tuple(Booking.objects.filter(sale=sale_id))
    return locks.LockedSale(bookings[0].sale, bookings, {})
