"""Money arrives while the time to pay ends, and the same news arrives many times."""

import secrets
import threading
from collections import Counter
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from payments import locks as payment_locks
from payments.books.provider_events import settle_event
from payments.models import Payment, ProviderEvent, Refund
from payments.sessions import session_closing
from payments.sessions.session_closing import Closing, expire_due_booking
from payments.sessions.settlement import settle
from reservations import locks
from reservations.models import Booking, Hold, Move, OutgoingMail, ShowtimeSeat
from reservations.seats.taking import take_seats
from reservations.selling import bookings
from tests.aging import past_grace, past_time_to_pay
from tests.factories import begin_paying, make_browser
from tests.providers import STRIPE
from tests.race.racing import as_word, broken_invariants, run_all, start, start_and_block
from tests.statuses import stand
from tests.variants import some

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ADA, BOB = make_browser(1), make_browser(2)


@pytest.fixture
def paid_late(showtime, sandbox, monkeypatch):
    """A function: a booking whose time to pay is over, whose session counts as closed, and whose money has arrived."""

    def make(label="A1", browser=ADA):
        booking = begin_paying(showtime, browser, label)
        payment = booking.sale.payments.get()
        sandbox.expire(payment.session_id)
        past_time_to_pay(booking)
        session_closing.close_payment_sessions(booking_id=booking.pk, actor="sweep")
        sandbox.pay_late(payment.session_id)
        return booking, payment

    return make


def expire(booking):
    return as_word(partial(expire_due_booking, booking_id=booking.pk, actor="sweep"), "expired")


def settling(payment):
    return partial(settle, payment_id=payment.pk, actor="webhook")


@pytest.mark.parametrize("label", some(["A1", "A2", "A3", "A4", "A5", "A6"], every=3))
def test_money_and_expiry_at_once_end_confirmed(paid_late, label):
    booking, payment = paid_late(label)
    assert "confirmed" in run_all(settling(payment), expire(booking))
    booking.refresh_from_db()
    assert (booking.status, Refund.objects.count(), OutgoingMail.objects.count()) == ("CONFIRMED", 0, 1)
    assert broken_invariants() == set()


@pytest.mark.parametrize("money_first", [True, False])
def test_either_order_of_money_and_expiry_ends_confirmed(paid_late, money_first):
    booking, payment = paid_late()
    for act in [settling(payment), expire(booking)][:: 1 if money_first else -1]:
        act()
    booking.refresh_from_db()
    assert (booking.status, booking.is_late, Refund.objects.count()) == ("CONFIRMED", not money_first, 0)
    assert broken_invariants() == set()


@pytest.mark.parametrize("label", some(["A1", "A2", "A3", "A4", "A5", "A6"], every=3))
def test_money_expiry_and_another_buyer_at_once_end_with_the_seat_or_the_money_back(showtime, paid_late, label):
    booking, payment = paid_late(label)
    past_grace(booking)
    bob = as_word(partial(take_seats, showtime_id=showtime.pk, browser=BOB, labels=[label]), "held")
    ends = run_all(settling(payment), expire(booking), bob)
    booking.refresh_from_db()
    bob_has_it = ShowtimeSeat.objects.get(label=label).hold_id is not None
    assert bob_has_it == (ends[2] == "held")
    assert booking.status == ("REFUNDED" if bob_has_it else "CONFIRMED")
    assert [refund.amount for refund in Refund.objects.all()] == ([booking.total] if bob_has_it else [])
    assert broken_invariants() == set()


def test_control_expiry_that_does_not_read_the_status_again_is_stopped_by_the_database_alone(paid_late, monkeypatch):
    booking, payment = paid_late()

    def with_what_was_read_before(booking_id, change, **_):
        stale = Booking.objects.get(pk=booking_id)
        assert start(settling(payment)).outcome() == "confirmed"
        with transaction.atomic():
            change(stale)

    monkeypatch.setattr(session_closing, "_with_pending", with_what_was_read_before)
    with pytest.raises(IntegrityError, match="booking_status_not_paid"):
        expire(booking)()
    booking.refresh_from_db()
    payment.refresh_from_db()
    assert (booking.status, payment.status, Refund.objects.count()) == ("CONFIRMED", "SUCCEEDED", 0)
    assert broken_invariants() == set()


def test_expiry_that_finds_the_money_follows_the_paid_path(showtime, sandbox):
    booking = begin_paying(showtime, ADA, "A1")
    sandbox.pay(booking.sale.payments.get().session_id)
    past_time_to_pay(booking)
    ends = run_all(*[partial(expire_due_booking, booking_id=booking.pk, actor="sweep")] * 3)
    assert Closing.PAID in ends
    booking.refresh_from_db()
    assert (booking.status, booking.is_late, broken_invariants()) == ("CONFIRMED", False, set())


# The same news many times.


@pytest.fixture
def paid(showtime, sandbox, monkeypatch):
    """A payment that Stripe calls paid. Twenty threads ask a copy of its answer instead of the network."""
    booking = begin_paying(showtime, ADA, "A1")
    payment = booking.sale.payments.get()
    sandbox.pay(payment.session_id)
    session = STRIPE.look_at_session(payment.session_id)
    monkeypatch.setattr(STRIPE, "look_at_session", lambda _: session)
    return payment


def confirmations():
    return Move.objects.filter(what="booking", to_status="CONFIRMED").count()


def test_twenty_settlements_at_once_confirm_once_and_write_one_mail(paid):
    assert Counter(run_all(*[settling(paid)] * 20)) == {"confirmed": 1, "done before": 19}
    assert (confirmations(), OutgoingMail.objects.count(), Refund.objects.count()) == (1, 1, 0)
    assert broken_invariants() == set()


def test_the_same_event_twenty_times_at_once_is_one_row_and_one_confirmation(paid, sandbox):
    [letter] = [letter for letter in sandbox.letters() if letter.type == "checkout.session.completed"]

    def deliver():
        sent = {"content_type": "application/json", "headers": {"Stripe-Signature": letter.signature}}
        status = Client().post("/payments/stripe/webhook/", letter.body, **sent).status_code
        settle_event(event_id=ProviderEvent.objects.get().pk)
        return status

    assert run_all(*[deliver] * 20) == [200] * 20
    event = ProviderEvent.objects.get()
    assert (event.attempts, event.outcome) == (1, "confirmed")
    assert (confirmations(), OutgoingMail.objects.count()) == (1, 1)


def test_control_settling_without_reading_again_and_mail_without_a_purpose_do_it_four_times(paid, monkeypatch):
    all_read, mine = threading.Barrier(4), threading.local()

    def read_without_lock(sale_id):
        payments = list(Payment.objects.filter(sale_id=sale_id))
        if not hasattr(mine, "has_waited"):
            mine.has_waited = True
            all_read.wait(10)
        return payments

    def one_more_mail(booking, kind):
        OutgoingMail.objects.create(
            purpose=secrets.token_hex(8), kind=kind, booking=booking, contact=booking.sale.contact
        )

    def whole_sale_without_lock(sale_id):
        [booking] = Booking.objects.filter(sale_id=sale_id)
        gates = {booking.showtime_id: locks.showtime_gate(booking.showtime_id)}
        return locks.LockedSale(booking.sale, (booking,), gates)

    monkeypatch.setattr(locks, "whole_sale", whole_sale_without_lock)
    monkeypatch.setattr(payment_locks, "payments_of", read_without_lock)
    monkeypatch.setattr(bookings, "write_mail", one_more_mail)
    assert run_all(*[settling(paid)] * 4) == ["confirmed"] * 4
    assert (confirmations(), OutgoingMail.objects.count()) == (4, 4)


# Changing seats while money arrives.


def change(booking):
    return partial(session_closing.change_seats, booking_id=booking.pk, actor="customer")


def try_to_pay(sandbox, payment):
    def job():
        try:
            sandbox.pay(payment.session_id)
        except Exception as refused:
            return type(refused).__name__
        return "paid"

    return job


@pytest.mark.parametrize("label", ["A1", "A2", "A3", "A4"])
def test_changing_seats_while_paying_is_a_ticket_or_a_hold_and_never_both(showtime, sandbox, label):
    booking = begin_paying(showtime, ADA, label)
    payment = booking.sale.payments.get()
    closing, paying = run_all(change(booking), try_to_pay(sandbox, payment))
    booking.refresh_from_db()
    ended = {"paid": ("paid", "CONFIRMED", 0), "closed": ("StripeError", "EXPIRED", 1)}[closing]
    assert (paying, booking.status, Hold.objects.live().filter(seats__label=label).count()) == ended
    assert (Refund.objects.count(), broken_invariants()) == (0, set())


def test_control_giving_back_seats_before_the_payment_session_is_closed_charges_for_nothing(
    showtime, sandbox, monkeypatch
):
    booking = begin_paying(showtime, ADA, "A1")
    payment = booking.sale.payments.get()
    stand(Payment.objects.all(), "CLOSED")
    monkeypatch.setattr(session_closing, "close_payment_sessions", lambda **_: Closing.CLOSED)
    change(booking)()
    assert try_to_pay(sandbox, payment)() == "paid"
    assert settling(payment)() == "refunding"


def test_changing_seats_and_a_click_in_another_tab_do_not_wait_for_each_other(showtime, sandbox, monkeypatch):
    booking = begin_paying(showtime, ADA, "A1")
    click = as_word(partial(take_seats, showtime_id=showtime.pk, browser=ADA, labels=["A1"]), "held")
    original, clicks = locks.seats_of_booking, []

    def clicked_meanwhile(booking_id):
        rows = original(booking_id)
        clicks.append(start_and_block(click))
        return rows

    monkeypatch.setattr(locks, "seats_of_booking", clicked_meanwhile)
    assert change(booking)() == "closed"
    assert [racer.outcome() for racer in clicks] == ["held"]
    assert Hold.objects.get(ended_at=None).seats.get().label == "A1"
