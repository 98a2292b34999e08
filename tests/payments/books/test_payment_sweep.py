"""When a webhook or a hint did not do its work, the sweeps find it and do it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F

from payments import tasks
from payments.books.payment_sweep import look_at_due_payments, send_due_refunds
from payments.models import Payment, Refund
from payments.providers import errors
from payments.providers.stripe.answers import from_minor, to_minor
from payments.records.refund_rows import request_missing_refunds, request_refunds
from payments.refunds.cancellation import cancel_and_refund
from payments.refunds.refund_answers import refresh_refund
from payments.refunds.refund_sending import send_refund
from payments.sessions.settlement import settle
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.states import CancelCause
from sales.models import Sale
from sales.services.owing import owe
from tests.factories import begin_paying, buy, make_browser
from tests.ledger import broken_invariants, moves_of, nothing_changes
from tests.providers import STRIPE

pytestmark = pytest.mark.django_db
CREATE = "/v1/refunds"


@pytest.fixture
def booking(showtime, my_browser, sandbox):
    return begin_paying(showtime, my_browser, "A1")


@pytest.fixture
def payment(booking):
    return booking.sale.payments.get()


def make_due(model):
    model.objects.update(look_at=F("look_at") - timedelta(days=1))


def test_a_payment_that_nobody_told_us_of_is_found(booking, payment, sandbox):
    sandbox.pay(payment.session_id)
    assert look_at_due_payments() == 0
    make_due(Payment)
    assert look_at_due_payments() == 1
    booking.refresh_from_db()
    assert (booking.status, broken_invariants()) == ("CONFIRMED", [])


def test_a_payment_session_that_was_opened_and_forgotten_is_found(booking, payment, sandbox):
    """The process was killed between Stripe's answer and our note of it."""
    sandbox.pay(payment.session_id)
    key, request, amount = payment.key, payment.request, payment.amount
    payment.delete()
    booking.sale.payments.create(
        provider="stripe", key=key, request=request, amount=amount, currency="GBP", look_at=booking.created_at
    )
    look_at_due_payments()
    booking.refresh_from_db()
    assert booking.status == "CONFIRMED"


def pauses(payment, count):
    """Yield how long the sweep waits after each look, in half minutes."""
    for _ in range(count):
        make_due(Payment)
        look_at_due_payments()
        yield round((Payment.objects.get().look_at - payment.created_at).total_seconds() / 30)


def test_while_a_payment_session_may_be_paid_it_is_looked_at_every_minute(payment):
    assert list(pauses(payment, 4)) == [1, 2, 2, 2]


def test_a_payment_that_stays_open_for_long_is_looked_at_less_and_less(payment):
    Payment.objects.update(looks=15)
    assert list(pauses(payment, 5)) == [4, 8, 16, 20, 20]


def test_while_stripe_is_dead_the_sweep_notes_it_and_goes_on(payment, sandbox):
    make_due(Payment)
    sandbox.go_dead()
    assert look_at_due_payments() == 1
    assert Payment.objects.get().last_error == "APIConnectionError"


# Refunds.


@pytest.fixture
def owed(booking, payment, sandbox):
    """A refund of a paid booking, all of which is owed back."""
    sandbox.pay(payment.session_id)
    settle(payment_id=payment.pk, actor="test")
    booking.refresh_from_db()
    owe(booking.sale, Decimal("14.50"))
    request_refunds(booking.sale, reason="test")
    return Refund.objects.get()


def state(refund):
    refund.refresh_from_db()
    return refund.status


def sent(sandbox):
    return [note["idempotency_key"] for note in sandbox.requests(CREATE, "POST")]


def test_a_refund_is_sent_once_with_its_own_key(owed, sandbox):
    send_refund(refund_id=owed.pk)
    assert (state(owed), sent(sandbox)) == ("SUCCEEDED", [owed.key])
    with nothing_changes():
        send_refund(refund_id=owed.pk)
    assert moves_of("refund") == ["REQUESTED→SUBMITTED", "SUBMITTED→SUCCEEDED"]


def test_what_was_requested_is_not_requested_again(owed, booking):
    with nothing_changes():
        request_refunds(booking.sale, reason="again")
        assert request_missing_refunds() == 0


def test_an_unknown_answer_is_asked_again_with_the_same_key(owed, sandbox):
    sandbox.fault("lose_reply", CREATE, times=None, stage="after")
    send_refund(refund_id=owed.pk)
    assert (state(owed), owed.last_error) == ("SUBMITTED", "APIConnectionError")
    sandbox.heal()
    make_due(Refund)
    send_due_refunds()
    assert (state(owed), set(sent(sandbox))) == ("SUCCEEDED", {owed.key})
    assert len(sandbox.desk.ledger.find("refund", "1 = 1")) == 1


def test_a_refused_refund_fails_and_waits_for_a_person(owed, sandbox):
    sandbox.fault("error", CREATE, status=400)
    send_refund(refund_id=owed.pk)
    assert state(owed) == "FAILED"
    with nothing_changes():
        assert request_missing_refunds() == 0


def test_a_pending_refund_is_followed(owed, sandbox):
    sandbox.switches.refunds = "pending"
    send_refund(refund_id=owed.pk)
    assert state(owed) == "PENDING"
    sandbox.refund_succeeds(owed.provider_id)
    make_due(Refund)
    send_due_refunds()
    assert (state(owed), owed.ended_at is not None) == ("SUCCEEDED", True)


def test_a_refund_that_the_bank_sends_back_fails_afterwards(owed, sandbox):
    send_refund(refund_id=owed.pk)
    owed.refresh_from_db()
    sandbox.refund_fails(owed.provider_id)
    assert refresh_refund(provider="stripe", provider_id=owed.provider_id) is True
    assert (state(owed), "expired_or_canceled_card" in owed.last_error) == ("FAILED", True)


def test_a_refund_of_somebody_else_is_not_ours(owed):
    with nothing_changes():
        assert refresh_refund(provider="stripe", provider_id="re_unknown") is False


def test_a_booking_that_is_owed_more_than_was_requested_is_found(booking, payment, sandbox):
    sandbox.pay(payment.session_id)
    settle(payment_id=payment.pk, actor="test")
    Sale.objects.update(refund_due=Decimal("4.50"))
    assert request_missing_refunds() == 1
    assert request_missing_refunds() == 0
    assert Refund.objects.get().amount == Decimal("4.50")


def test_never_more_goes_back_than_was_captured(booking, payment, sandbox):
    sandbox.pay(payment.session_id)
    settle(payment_id=payment.pk, actor="test")
    Sale.objects.update(refund_due=Decimal("99.00"))
    request_missing_refunds()
    assert Refund.objects.get().amount == Decimal("14.50")


def test_nothing_goes_back_for_money_that_never_came(booking):
    Sale.objects.update(refund_due=Decimal("14.50"))
    request_missing_refunds()
    assert not Refund.objects.exists()


def test_a_refund_is_leased_to_one_worker(owed):
    Refund.objects.update(look_at=F("look_at") + timedelta(minutes=1))
    with nothing_changes():
        send_refund(refund_id=owed.pk)


@pytest.mark.parametrize(
    "task",
    [
        tasks.sweep_events,
        tasks.fetch_undelivered_events,
        tasks.close_due_sessions,
        tasks.sweep_payments,
        tasks.sweep_refunds,
    ],
)
def test_every_sweep_may_run_with_nothing_to_do_and_with_unknown_keywords(sandbox, task):
    with nothing_changes():
        task(invented=True)


# Amounts that Stripe reports.


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("19.99", "GBP", 1999), ("0.29", "USD", 29), ("1900", "JPY", 1900), ("1900.00", "JPY", 1900), ("0", "EUR", 0)],
)
def test_minor_units_there_and_back(amount, currency, minor):
    assert to_minor(Decimal(amount), currency) == minor
    assert from_minor(minor, currency) == Decimal(amount)


@pytest.mark.parametrize(("amount", "currency"), [("0.001", "GBP"), ("0.5", "JPY"), ("1.005", "KWD")])
def test_an_amount_without_a_coin_is_never_sent(amount, currency):
    with pytest.raises(ValueError):
        to_minor(Decimal(amount), currency)


def refunds_asked_about(showtime, sandbox, monkeypatch, answers) -> list[int]:
    """Let three refunds be due; to each request Stripe gives the next of the answers. Returns the refunds that were asked for."""
    for number, label in enumerate(("B1", "B2", "B3"), start=50):
        booking = buy(sandbox, showtime, make_browser(number), label)
        cancel_and_refund(
            booking_id=booking.pk, ticket_ids=None, origin=CancellationOrigin(CancelCause.STAFF, "staff:1", "Asked.")
        )
    due, original, asked = iter(answers), STRIPE.refund, []

    def create_refund(**facts):
        asked.append(facts["key"])
        if not next(due):
            raise errors.Unknown("silence")
        return original(**facts)

    monkeypatch.setattr(STRIPE, "refund", create_refund)
    send_due_refunds()
    return asked


@pytest.mark.parametrize(("answers", "asked"), [((False, True, True), 3), ((False, False, True), 2)])
def test_a_stripe_that_is_away_is_not_asked_for_each_refund(showtime, sandbox, monkeypatch, answers, asked):
    assert len(refunds_asked_about(showtime, sandbox, monkeypatch, answers)) == asked
