"""Staff exchange tickets at the counter while a colleague, the customer, the door or a refund wants the same tickets."""

from collections import Counter
from functools import partial

import pytest
from django.db import DatabaseError, transaction

from payments import locks as payment_locks
from payments.models import Payment
from reservations import locks
from reservations.models import Booking, Cancellation, ShowtimeSeat
from reservations.seats.taking import take_seats
from tests.counter import make_seller
from tests.exchanging import buy_to_exchange, exchanging_at_counter, other_showtime, tickets
from tests.factories import make_browser
from tests.race.racing import as_word, broken_invariants, run_all, start_and_block
from tests.race.test_exchanges import (
    canceling,
    exchanging,
    new_seats_without_lock,
    sale_without_lock,
    scanning,
    unlocked,
)

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DONE = "exchanged"


@pytest.fixture
def booking(showtime, sandbox):
    """Two seats for £14.50 each, paid online."""
    return buy_to_exchange(sandbox, "A1", "A2", showtime=showtime)


@pytest.fixture
def evening(booking):
    return other_showtime(booking)


def at_counter(booking, showtime, *labels, number=1):
    seller = make_seller(showtime, number=number)
    return as_word(exchanging_at_counter(booking, showtime, seller, *labels), DONE)


def test_pressed_often_it_is_done_and_paid_once(booking, evening):
    assert set(run_all(*[at_counter(booking, evening, "B1", "B2")] * 4)) == {DONE}
    assert (Cancellation.objects.count(), Payment.objects.filter(exchange__isnull=False).count()) == (1, 1)
    assert broken_invariants() == set()


class TestTwoClerks:
    def test_one_of_them_exchanges_the_tickets(self, booking, evening):
        jobs = [at_counter(booking, evening, "B1", "B2"), at_counter(booking, evening, "B3", "B4", number=2)]
        assert Counter(run_all(*jobs)) == {DONE: 1, "CannotExchange": 1}
        assert (Cancellation.objects.count(), Payment.objects.filter(exchange__isnull=False).count()) == (1, 1)
        assert broken_invariants() == set()

    def test_without_any_lock_the_second_is_only_stopped_by_the_database(self, booking, evening, monkeypatch):
        jobs = [at_counter(booking, evening, "B1", "B2"), at_counter(booking, evening, "B3", "B4", number=2)]
        monkeypatch.setattr(locks, "tickets_of", unlocked)
        monkeypatch.setattr(locks, "booking", lambda booking_id: Booking.objects.get(pk=booking_id))
        monkeypatch.setattr(locks, "sale_behind", sale_without_lock)
        monkeypatch.setattr(payment_locks, "payments_of", lambda sale_id: list(Payment.objects.filter(sale=sale_id)))
        monkeypatch.setattr(locks, "seats_to_exchange", new_seats_without_lock)
        with transaction.atomic():
            assert jobs[0]() == DONE
            racer = start_and_block(jobs[1])
        with pytest.raises((AssertionError, DatabaseError)):
            racer.outcome()


class TestAgainstTheCustomer:
    def test_one_of_them_exchanges_the_tickets(self, booking, evening):
        jobs = [at_counter(booking, evening, "A4", "A5"), exchanging(booking, "A4", "A5")]
        assert Counter(run_all(*jobs)) == {DONE: 1, "CannotExchange": 1}
        assert Cancellation.objects.count() == 1 and broken_invariants() == set()

    def test_what_the_customer_cancels_meanwhile_is_not_exchanged(self, booking, evening):
        ends = run_all(at_counter(booking, evening, "B1", "B2"), canceling(booking))
        assert ends in ([DONE, "nothing left"], ["CannotExchange", "canceled"])
        assert broken_invariants() == set()

    def test_the_new_seats_are_given_once(self, booking, evening):
        job = at_counter(booking, evening, "B1", "B2")
        buyer = make_browser(5)
        other = as_word(partial(take_seats, showtime_id=evening.pk, browser=buyer, labels=["B1", "B2"]), "held")
        assert run_all(job, other) == [DONE, "SeatGone"]
        assert ShowtimeSeat.objects.filter(showtime=evening, booking__isnull=False).count() == 2


class TestAgainstTheDoor:
    def test_one_of_them_comes_first(self, booking, evening):
        exchanged, answer = run_all(at_counter(booking, evening, "A4", "A5"), scanning(booking))
        assert (exchanged == DONE) == (not answer.is_welcome)
        assert broken_invariants() == set()

    def test_who_is_inside_exchanges_nothing_and_pays_nothing(self, booking, evening):
        job = at_counter(booking, evening, "B1", "B2")
        with transaction.atomic():
            assert scanning(booking)().is_welcome
            racer = start_and_block(job)
        assert racer.outcome() == "CannotExchange"
        assert tickets(booking) == {"A1": "USED", "A2": "VALID"} and Payment.objects.count() == 1

    def test_what_is_exchanged_opens_no_door(self, booking, evening):
        scan = scanning(booking)
        with transaction.atomic():
            assert at_counter(booking, evening, "A4", "A5")() == DONE
            racer = start_and_block(scan)
        assert "was exchanged" in racer.outcome().sentence

    def test_without_the_lock_of_the_tickets_both_happen(self, booking, evening, monkeypatch):
        monkeypatch.setattr(locks, "tickets_of", unlocked)
        job = at_counter(booking, evening, "A4", "A5")
        with transaction.atomic():
            assert scanning(booking)().is_welcome
            racer = start_and_block(job)
        assert racer.outcome() == DONE
