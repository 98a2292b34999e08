"""A customer exchanges tickets while they are scanned, canceled, exchanged again and swept: exactly one of these wins."""

from functools import partial

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from payments import locks as payment_locks
from payments.models import Payment
from payments.refunds.cancellation import CUSTOMER, cancel_and_refund
from payments.refunds.exchanges import agree_to_exchange, end_due_exchanges
from payments.sessions.settlement import settle
from reservations import locks
from reservations.aftersale import exchanges
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit
from reservations.models import Booking, Cancellation, Exchange, ShowtimeSeat, Ticket
from reservations.seats.hold_sweep import end_lapsed_holds
from reservations.seats.taking import take_seats
from tests.aging import age_hold
from tests.exchanging import agree, buy_to_exchange, choose, planned
from tests.factories import make_browser, make_staff
from tests.race.racing import as_word, broken_invariants, run_all, start_and_block
from tests.standing_booking import BUYER

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
FRIEND = make_browser(7)


@pytest.fixture
def booking(showtime, sandbox):
    return buy_to_exchange(sandbox, "A1", "A2", showtime=showtime)


def exchanging(booking, *labels, browser=BUYER):
    """An exchange that is chosen and shown now, and agreed to when the result is called."""
    exchange = choose(booking, *labels, browser=browser)
    mark = planned(exchange, browser).mark
    return as_word(
        partial(agree_to_exchange, exchange_id=exchange.pk, browser=browser, mark=mark, now=timezone.now()), "exchanged"
    )


def scanning(booking):
    theater = booking.showtime.auditorium.theater
    code = booking.tickets.get(seat__label="A1").code
    door = Door(theater, None, "door 2", make_staff("DOOR", theater).pk)
    return partial(admit, text=code, door=door, now=booking.showtime.starts_at)


def canceling(booking):
    ids = list(booking.tickets.values_list("pk", flat=True))

    def cancel():
        done = cancel_and_refund(booking_id=booking.pk, ticket_ids=ids, origin=CUSTOMER)
        return "canceled" if done else "nothing left"

    return cancel


def unlocked(booking_id):
    return list(Ticket.objects.filter(booking_id=booking_id).order_by("pk"))


class TestAgainstTheDoor:
    def test_one_of_them_comes_first(self, booking):
        exchanged, answer = run_all(exchanging(booking, "A4", "A5"), scanning(booking))
        assert (exchanged == "exchanged") == (not answer.is_welcome)
        assert broken_invariants() == set()

    def test_who_is_inside_exchanges_nothing(self, booking):
        job = exchanging(booking, "A4", "A5")
        with transaction.atomic():
            assert scanning(booking)().is_welcome
            racer = start_and_block(job)
        assert (racer.outcome(), booking.tickets.count()) == ("CannotExchange", 2)

    def test_what_is_exchanged_opens_no_door(self, booking):
        scan = scanning(booking)
        with transaction.atomic():
            assert exchanging(booking, "A4", "A5")() == "exchanged"
            racer = start_and_block(scan)
        assert "was exchanged" in racer.outcome().sentence

    def test_without_the_lock_of_the_tickets_both_happen(self, booking, monkeypatch):
        monkeypatch.setattr(locks, "tickets_of", unlocked)
        job = exchanging(booking, "A4", "A5")
        with transaction.atomic():
            assert scanning(booking)().is_welcome
            racer = start_and_block(job)
        assert racer.outcome() == "exchanged"


class TestTwice:
    def test_pressed_often_it_is_done_once(self, booking):
        assert set(run_all(*[exchanging(booking, "A4", "A5")] * 4)) == {"exchanged"}
        assert (Cancellation.objects.count(), booking.tickets.live().count()) == (1, 2)
        assert broken_invariants() == set()

    def test_two_browsers_exchange_the_same_tickets_once(self, booking):
        jobs = [exchanging(booking, "A4", "A5"), exchanging(booking, "A3", "A6", browser=FRIEND)]
        assert sorted(run_all(*jobs)) == ["CannotExchange", "exchanged"]
        assert Exchange.objects.filter(status="DONE").count() == Cancellation.objects.count() == 1
        assert broken_invariants() == set()

    def test_without_any_lock_the_second_is_only_stopped_by_the_database(self, booking, monkeypatch):
        """It has read valid tickets before the first was done, and wrote new ones in their place."""
        jobs = [exchanging(booking, "A4", "A5"), exchanging(booking, "A3", "A6", browser=FRIEND)]
        monkeypatch.setattr(locks, "tickets_of", unlocked)
        monkeypatch.setattr(locks, "booking", lambda booking_id: Booking.objects.get(pk=booking_id))
        monkeypatch.setattr(locks, "sale_behind", sale_without_lock)
        monkeypatch.setattr(payment_locks, "payments_of", lambda sale_id: list(Payment.objects.filter(sale=sale_id)))
        monkeypatch.setattr(locks, "seats_to_exchange", new_seats_without_lock)
        with transaction.atomic():
            assert jobs[0]() == "exchanged"
            racer = start_and_block(jobs[1])
        with pytest.raises((AssertionError, DatabaseError)):
            racer.outcome()


def sale_without_lock(gates, sale_id):
    bookings = tuple(Booking.objects.filter(sale_id=sale_id))
    return locks.LockedSale(bookings[0].sale, bookings, gates)


def new_seats_without_lock(tickets, *, showtime_id, seat_ids):
    return list(ShowtimeSeat.objects.filter(showtime_id=showtime_id, seat_id__in=seat_ids).select_related("seat"))


class TestAgainstACancellation:
    def test_the_money_goes_one_way(self, booking):
        ends = run_all(exchanging(booking, "A4", "A5"), canceling(booking))
        assert ends in (["exchanged", "nothing left"], ["CannotExchange", "canceled"])
        assert broken_invariants() == set()

    def test_what_was_canceled_first_is_not_exchanged(self, booking):
        job = exchanging(booking, "A4", "A5")
        with transaction.atomic():
            assert canceling(booking)() == "canceled"
            racer = start_and_block(job)
        assert racer.outcome() == "CannotExchange"
        assert broken_invariants() == set()


class TestAgainstTheSweep:
    """The difference is paid at the moment when the hold of the new seats has run out."""

    @pytest.fixture
    def late(self, booking, sandbox):
        exchange = choose(booking, "B1", "B2")
        agree(exchange)
        exchange.refresh_from_db()
        payment = exchange.payments.get()
        sandbox.pay(payment.session_id)
        age_hold(exchange.hold, 3600)
        return partial(settle, payment_id=payment.pk, actor="test")

    def taking(self, booking):
        take = partial(take_seats, showtime_id=booking.showtime_id, browser=FRIEND, labels=["B1", "B2"])
        return as_word(take, "held")

    def test_seats_are_given_once_and_money_once(self, booking, late):
        _, _, _, other = run_all(late, end_lapsed_holds, end_due_exchanges, self.taking(booking))
        done = Exchange.objects.get().status
        assert (done, other) in (("DONE", "SeatGone"), ("ENDED", "held"))
        assert broken_invariants() == set()

    def test_without_a_look_at_the_seats_somebody_loses_theirs(self, booking, late, monkeypatch):
        monkeypatch.setattr(exchanges, "_is_for", lambda *_: True)
        end_lapsed_holds()
        assert self.taking(booking)() == "held"
        late()
        assert not ShowtimeSeat.objects.filter(hold__holder=FRIEND.holder).exists()
