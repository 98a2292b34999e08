"""Promo codes while the provider's answers prove nothing: a code is used once, and money comes once or goes back."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from payments.books.payment_sweep import look_at_due_payments, send_due_refunds
from payments.books.provider_events import settle_due_events
from payments.models import Payment, Refund
from payments.refunds.cancellation import CUSTOMER, cancel_and_refund
from payments.sessions.checkout import PaymentSessionUnavailable
from payments.sessions.session_closing import close_due_sessions
from payments.sessions.settlement import settle
from reservations.models import Booking, PromoRedemption, Ticket
from reservations.refusals.promo_codes import PromoRefused
from tests.aging import past_grace
from tests.factories import begin_paying, buy, hold_seats, make_browser, make_promo, press_pay
from tests.ledger import broken_invariants
from tests.payments.box_office import now_due
from tests.payments.odd_answers import put_between

pytestmark = pytest.mark.django_db
ADA, BEN = make_browser(81), make_browser(82)
SESSIONS = "/v1/checkout/sessions"
ODD = ["a page with 200", "a page with 408", "another object", "half of the JSON"]
HALF = {"promo_code": "HALF", "total": "7.25"}


@pytest.fixture
def half(showtime):
    return make_promo("HALF", percent=Decimal(50), most_uses=1)


def used() -> int:
    return PromoRedemption.objects.counted().count()


def given_back() -> Decimal:
    return Refund.objects.exclude(status="FAILED").aggregate(all=Sum("amount"))["all"] or Decimal(0)


def sweep() -> None:
    now_due(Payment, "look_at")
    close_due_sessions()
    look_at_due_payments()
    now_due(Refund, "look_at")
    send_due_refunds()


def test_a_code_for_everything_needs_no_provider_whatever_it_answers(showtime, sandbox):
    put_between(sandbox, "a page with 200", "/v1/*")
    make_promo("GIFT", percent=Decimal(100), most_uses=1)
    booking = begin_paying(showtime, ADA, "A1", promo_code="GIFT", total=0)
    assert (booking.status, used(), Payment.objects.count(), sandbox.requests()) == ("CONFIRMED", 1, 0, [])
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=CUSTOMER)
    sweep()
    assert (used(), Refund.objects.count(), sandbox.requests(), broken_invariants()) == (0, 0, [], [])


@pytest.mark.parametrize("answer", ODD)
def test_pay_pressed_again_after_an_unknown_answer_uses_the_code_once(showtime, sandbox, half, answer):
    hold_seats(showtime, ADA, "A1")
    hold_seats(showtime, BEN, "A4")
    put_between(sandbox, answer, SESSIONS)
    with pytest.raises(PaymentSessionUnavailable):
        press_pay(showtime, ADA, "A1", **HALF)
    sandbox.heal()
    with pytest.raises(PromoRefused, match="as often as it can be"):
        press_pay(showtime, BEN, "A4", **HALF, email="ben@example.com")
    booking = press_pay(showtime, ADA, "A1", **HALF)
    payment = Payment.objects.get()
    assert (len(sandbox.desk.ledger.find("checkout.session")), payment.amount) == (1, Decimal("7.25"))
    sandbox.pay(payment.session_id)
    settle(payment_id=payment.pk, actor="test")
    booking.refresh_from_db()
    assert (booking.status, Ticket.objects.get().price, used()) == ("CONFIRMED", Decimal("7.25"), 1)
    assert broken_invariants() == []


@pytest.mark.parametrize("answer", ODD[:1])
@pytest.mark.parametrize("is_free", [True, False])
def test_money_behind_an_unknown_answer_that_comes_late(showtime, sandbox, deliver, half, answer, is_free):
    """Ada's time is over and Ben has used the code. Her money buys her ticket if the seat is free, and else goes back."""
    hold_seats(showtime, ADA, "A1")
    put_between(sandbox, answer, SESSIONS)
    with pytest.raises(PaymentSessionUnavailable):
        press_pay(showtime, ADA, "A1", **HALF)
    sandbox.heal()
    (session,) = sandbox.desk.ledger.find("checkout.session")
    ada = Booking.objects.get()
    past_grace(ada)
    sweep()
    ada.refresh_from_db()
    assert (ada.status, used(), sandbox.session(session["id"])["status"]) == ("EXPIRED", 0, "expired")
    buy(sandbox, showtime, BEN, "A4" if is_free else "A1", **HALF, email="ben@example.com")
    sandbox.pay_late(session["id"])
    deliver()
    settle_due_events()
    sweep()
    ada.refresh_from_db()
    assert (ada.status, given_back()) == (("CONFIRMED", 0) if is_free else ("REFUNDED", Decimal("7.25")))
    assert broken_invariants() == []


@pytest.mark.parametrize("minor", [724, 726, 1450])
def test_another_amount_than_the_code_left_goes_back_and_so_does_the_code(showtime, sandbox, half, minor):
    booking = begin_paying(showtime, ADA, "A1", **HALF)
    payment, desk = booking.sale.payments.get(), sandbox.desk
    desk.ledger.save(desk.ledger.get("checkout.session", payment.session_id) | {"amount_total": minor})
    sandbox.pay(payment.session_id)
    settle(payment_id=payment.pk, actor="test")
    booking.refresh_from_db()
    assert (booking.status, given_back(), used()) == ("REFUNDED", Decimal(minor) / 100, 0)
    assert broken_invariants() == []


@pytest.mark.parametrize("answer", ODD)
def test_what_was_paid_with_a_code_goes_back_once_behind_an_unknown_answer(showtime, sandbox, half, answer):
    booking = buy(sandbox, showtime, ADA, "A1", **HALF)
    put_between(sandbox, answer, "/v1/refunds", method="POST")
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=CUSTOMER)
    sweep()
    sandbox.heal()
    sweep()
    assert [(refund.amount, refund.status) for refund in Refund.objects.all()] == [(Decimal("7.25"), "SUCCEEDED")]
    assert [one["amount"] for one in sandbox.desk.ledger.find("refund")] == [725]
    assert (used(), broken_invariants()) == (0, [])
