"""Our process dies right before or right after a call to Stripe: the sweeps finish its work, once."""

from datetime import timedelta

import pytest
from django.db.models import F

from payments.books.payment_sweep import look_at_due_payments, send_due_refunds
from payments.models import Payment, Refund
from payments.refunds.cancellation import cancel_and_refund
from payments.sessions.session_closing import close_due_sessions, close_payment_sessions, expire_due_booking
from payments.sessions.settlement import settle
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.models import Booking
from reservations.seats.taking import take_seats
from reservations.states import CancelCause
from tests.aging import past_time_to_pay
from tests.factories import begin_paying, buy, hold_seats, press_pay
from tests.ledger import broken_invariants
from tests.providers import STRIPE

pytestmark = pytest.mark.django_db
A_DAY = timedelta(hours=24)


class Killed(BaseException):
    """Stands for kill -9: nothing of ours catches it."""


@pytest.fixture(params=["before", "after"])
def killed(request, monkeypatch):
    """A function: the next call of this name dies, before Stripe hears of it or after it answered."""

    def kill(name):
        original = getattr(STRIPE, name)

        def dies(*args, **kwargs):
            monkeypatch.setattr(STRIPE, name, original)
            if request.param == "after":
                original(*args, **kwargs)
            raise Killed

        monkeypatch.setattr(STRIPE, name, dies)

    return kill


def a_day_later(sandbox):
    """Let a day pass: Stripe has forgotten our keys, and every lease has ended."""
    for table in ("objects", "answers"):
        sandbox.desk.ledger.write(f"UPDATE {table} SET created = created - 86400")
    for session in sandbox.desk.ledger.find("checkout.session", "status = 'open'"):
        sandbox.expire(session["id"])
    Payment.objects.update(created_at=F("created_at") - A_DAY, look_at=F("look_at") - A_DAY)
    Refund.objects.update(created_at=F("created_at") - A_DAY, look_at=F("look_at") - A_DAY)


def soon(_sandbox):
    Payment.objects.update(look_at=F("look_at") - timedelta(minutes=5))
    Refund.objects.update(look_at=F("look_at") - timedelta(minutes=5))


def payment_sessions(sandbox):
    return [session["status"] for session in sandbox.desk.ledger.find("checkout.session", "1 = 1")]


@pytest.mark.parametrize("later", [soon, a_day_later])
def test_killed_while_a_payment_session_is_opened_there_is_one_at_most_and_it_is_known(
    showtime, my_browser, sandbox, killed, later
):
    hold_seats(showtime, my_browser, "A1")
    killed("open_session")
    with pytest.raises(Killed):
        press_pay(showtime, my_browser, "A1")
    opened = len(payment_sessions(sandbox))
    later(sandbox)
    look_at_due_payments()
    # After a day nothing new is opened, because the sweep looks first for what exists.
    assert len(payment_sessions(sandbox)) == (opened if later is a_day_later else 1)
    assert Payment.objects.get().status == ("CLOSED" if later is a_day_later else "OPEN")


def test_killed_while_a_payment_session_is_closed_the_next_sweep_closes_it(showtime, my_browser, sandbox, killed):
    booking = begin_paying(showtime, my_browser, "A1")
    past_time_to_pay(booking)
    killed("close_session")
    with pytest.raises(Killed):
        close_due_sessions()
    assert close_due_sessions() == 1
    booking.refresh_from_db()
    assert (booking.status, payment_sessions(sandbox), broken_invariants()) == ("EXPIRED", ["expired"], [])


def test_killed_while_settling_the_sweep_settles(showtime, my_browser, sandbox, killed):
    payment = begin_paying(showtime, my_browser, "A1").sale.payments.get()
    sandbox.pay(payment.session_id)
    killed("look_at_session")
    with pytest.raises(Killed):
        settle(payment_id=payment.pk, actor="stripe")
    soon(sandbox)
    look_at_due_payments()
    assert (Booking.objects.get().status, broken_invariants()) == ("CONFIRMED", [])


@pytest.fixture
def owed(showtime, my_browser, other_browser, sandbox):
    booking = begin_paying(showtime, my_browser, "A1")
    past_time_to_pay(booking)
    expire_due_booking(booking_id=booking.pk, actor="sweep")
    take_seats(showtime_id=showtime.pk, browser=other_browser, labels=["A1"])
    sandbox.pay_late(booking.sale.payments.get().session_id)
    settle(payment_id=booking.sale.payments.get().pk, actor="test")
    return Refund.objects.get()


@pytest.mark.parametrize("later", [soon, a_day_later])
def test_killed_while_a_refund_is_sent_it_is_sent_once(owed, sandbox, killed, later):
    killed("refund")
    with pytest.raises(Killed):
        send_due_refunds()
    later(sandbox)
    send_due_refunds()
    owed.refresh_from_db()
    sent = sandbox.desk.ledger.find("refund", "1 = 1")
    assert (owed.status, [refund["amount"] for refund in sent]) == ("SUCCEEDED", [1450])


def test_killed_while_a_part_is_given_back_it_is_given_once(showtime, my_browser, sandbox, killed):
    """Stripe would pay a second part: it refuses only more than was paid in all."""
    booking = buy(sandbox, showtime, my_browser, "A1", "A2")
    ticket = booking.tickets.get(seat__label="A1")
    cancel_and_refund(
        booking_id=booking.pk, ticket_ids=[ticket.pk], origin=CancellationOrigin(CancelCause.STAFF, "test")
    )
    killed("refund")
    with pytest.raises(Killed):
        send_due_refunds()
    a_day_later(sandbox)
    send_due_refunds()
    sent = sandbox.desk.ledger.find("refund", "1 = 1")
    assert (Refund.objects.get().status, [refund["amount"] for refund in sent]) == ("SUCCEEDED", [1450])


def test_killed_while_a_pending_refund_is_asked_about_it_is_followed(owed, sandbox, killed):
    sandbox.switches.refunds = "pending"
    send_due_refunds()
    owed.refresh_from_db()
    sandbox.refund_succeeds(owed.provider_id)
    Refund.objects.update(look_at=F("look_at") - A_DAY)
    killed("look_at_refund")
    with pytest.raises(Killed):
        send_due_refunds()
    Refund.objects.update(look_at=F("look_at") - A_DAY)
    send_due_refunds()
    owed.refresh_from_db()
    assert owed.status == "SUCCEEDED"


def test_a_key_that_stripe_forgot_is_never_sent_again(showtime, my_browser, sandbox):
    """The session was opened and the note of it lost; a day later the same key would open a second one."""
    booking = begin_paying(showtime, my_browser, "A1")
    sent = booking.sale.payments.get()
    kept = {"key": sent.key, "request": sent.request, "amount": sent.amount, "look_at": sent.look_at}
    booking.sale.payments.all().delete()
    booking.sale.payments.create(provider="stripe", currency="GBP", **kept)
    sandbox.pay(sent.session_id)
    a_day_later(sandbox)
    look_at_due_payments()
    booking.refresh_from_db()
    assert (booking.status, len(sandbox.requests("/v1/checkout/sessions", "POST"))) == ("CONFIRMED", 1)


def test_a_payment_session_that_never_was_is_closed_without_opening_one(showtime, my_browser, sandbox):
    hold_seats(showtime, my_browser, "A1")
    sandbox.go_dead()
    with pytest.raises(Exception, match="does not answer"):
        press_pay(showtime, my_browser, "A1")
    sandbox.heal()
    a_day_later(sandbox)
    assert close_payment_sessions(booking_id=Booking.objects.get().pk, actor="sweep") == "closed"
    assert (Payment.objects.get().status, payment_sessions(sandbox)) == ("CLOSED", [])
