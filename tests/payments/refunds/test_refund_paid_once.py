"""A refund is paid once, whatever stands between Stripe and us, and however often it is asked for."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.utils import timezone

from core.clock import ClockTimestamp
from payments.books.payment_sweep import send_due_refunds
from payments.books.provider_events import settle_due_events
from payments.models import Dispute, Payment, Refund
from payments.providers import errors
from payments.records.payment_balances import PaymentBalance
from payments.records.refund_rows import shares_to_refund
from payments.records.status_changes import move_refund
from payments.refunds.cancellation import cancel_and_refund
from payments.refunds.dashboard_refunds import follow_refund
from payments.refunds.payouts import pay_out_instead
from payments.refunds.refund_answers import record_answer, record_refusal
from payments.refunds.refund_retries import NotFailed, retry_refund
from payments.refunds.refund_sending import send_refund
from payments.states import PaymentMethod, RefundStatus
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.models import Booking, OutgoingMail
from reservations.states import CancelCause
from tests.aging import unguarded
from tests.factories import buy, make_staff
from tests.ledger import broken_invariants, moves_of, nothing_changes
from tests.payments.odd_answers import NOT_STRIPES_OWN, put_between
from tests.providers import STRIPE
from tests.standing_booking import bought_once
from tests.variants import some

pytestmark = pytest.mark.django_db
REFUNDS = "/v1/refunds"
BY_STAFF = CancellationOrigin(CancelCause.STAFF, "staff:1", "Asked for.")
# 32.00 was captured: 17.50 and 14.50 for two tickets.
standing_booking, sandbox, booking, showtime = bought_once("A1", "B1")


@pytest.fixture(autouse=True)
def staff(settings):
    settings.STAFF_MAIL = ["finance@example.com"]


@pytest.fixture
def refund(booking) -> Refund:
    """A refund of 14.50 for one canceled ticket that has not been sent."""
    ticket = booking.tickets.get(seat__label="A1")
    cancel_and_refund(booking_id=booking.pk, ticket_ids=[ticket.pk], origin=BY_STAFF)
    return Refund.objects.get()


def at_stripe(sandbox) -> list[int]:
    return [refund["amount"] for refund in sandbox.desk.ledger.find("refund", "status <> 'failed'")]


def rows() -> list[tuple[Decimal, str]]:
    return list(Refund.objects.order_by("pk").values_list("amount", "status"))


def an_hour_later() -> None:
    hour = timedelta(seconds=3601)
    Refund.objects.update(look_at=F("look_at") - hour, ended_at=F("ended_at") - hour)


@pytest.mark.parametrize("answer", some(NOT_STRIPES_OWN, every=3))
def test_an_answer_that_is_not_stripes_own_is_unknown_and_the_same_key_is_sent_again(refund, sandbox, answer):
    put_between(sandbox, answer, REFUNDS)
    send_refund(refund_id=refund.pk)
    assert rows() == [(Decimal("14.50"), "SUBMITTED")] and at_stripe(sandbox) == [1450]
    sandbox.heal()
    an_hour_later()
    send_due_refunds()
    keys = {note["idempotency_key"] for note in sandbox.requests(REFUNDS, "POST")}
    assert (rows(), at_stripe(sandbox), keys) == ([(Decimal("14.50"), "SUCCEEDED")], [1450], {refund.key})
    assert broken_invariants() == []


@pytest.mark.parametrize("answer", ["a page with 200", "a page with 408", "half of the JSON"])
def test_the_news_of_a_refund_that_was_never_understood_is_enough(refund, sandbox, deliver, answer):
    put_between(sandbox, answer, REFUNDS)
    send_refund(refund_id=refund.pk)
    deliver()
    settle_due_events()
    an_hour_later()
    send_due_refunds()
    assert (rows(), at_stripe(sandbox)) == ([(Decimal("14.50"), "SUCCEEDED")], [1450])


def test_a_refusal_of_stripes_own_is_a_no(refund, sandbox):
    sandbox.switches.refunds = "insufficient_balance"
    assert send_refund(refund_id=refund.pk) is False
    refund.refresh_from_db()
    assert (refund.status, refund.last_error.split(":")[0]) == ("FAILED", "balance_insufficient")


def test_a_refusal_without_a_code_is_a_no_when_stripes_list_proves_it(refund, sandbox, booking):
    """The charge has less left than is asked for, because 30.00 of 32.00 were refunded in the dashboard."""
    sandbox.refund(booking.sale.payments.get().session_id, amount=3000)
    sandbox.collect()
    send_refund(refund_id=refund.pk)
    refund.refresh_from_db()
    assert (refund.status, refund.last_error.split(":")[0]) == ("FAILED", "nothing_left")


def test_after_a_no_it_is_looked_whether_the_refund_is_there_all_the_same(refund, sandbox):
    """Stripe failed after doing the work, and repeats that answer to the same key for a day."""
    sandbox.fault("error", REFUNDS, stage="after", method="POST")
    send_refund(refund_id=refund.pk)
    assert (rows(), at_stripe(sandbox)) == ([(Decimal("14.50"), "SUCCEEDED")], [1450])


# A refund that counts as failed although it is on its way.


@pytest.fixture
def believed_failed(refund) -> Refund:
    """Note the refund as an earlier release would have done."""
    move_refund(refund, RefundStatus.SUBMITTED, actor="worker")
    payment = refund.payment
    STRIPE.refund(provider_payment_id=payment.provider_id, amount=refund.amount, currency="GBP", key=refund.key)
    record_refusal(refund.pk, errors.Refused("api_error", "Invalid response body from API"))
    an_hour_later()
    return refund


def ask_sweep(refund):
    send_due_refunds()


def ask_staff(refund):
    retry_refund(refund_id=refund.pk, reason="Try", actor="test")
    send_due_refunds()


def cancel_the_rest(refund):
    cancel_and_refund(booking_id=refund.payment.sale.bookings.get().pk, ticket_ids=None, origin=BY_STAFF)
    send_due_refunds()


@pytest.mark.parametrize("ask", [ask_sweep, ask_staff])
def test_before_a_retry_stripe_is_asked_for_the_earlier_keys(believed_failed, sandbox, ask):
    ask(believed_failed)
    assert at_stripe(sandbox) == [1450]
    assert rows() == [(Decimal("14.50"), "SUCCEEDED"), (Decimal("14.50"), "FAILED")]
    assert moves_of("refund") == [
        "REQUESTED→SUBMITTED", "SUBMITTED→FAILED", "FAILED→SUCCEEDED", "REQUESTED→FAILED",
    ]  # fmt: skip
    an_hour_later()
    send_due_refunds()
    assert (at_stripe(sandbox), broken_invariants()) == ([1450], [])


def test_a_cancellation_pays_only_what_the_found_refund_does_not(believed_failed, sandbox):
    cancel_the_rest(believed_failed)
    send_due_refunds()
    assert (sorted(at_stripe(sandbox)), sum(at_stripe(sandbox))) == ([1450, 1750], 3200)
    assert broken_invariants() == []


@pytest.mark.parametrize("ask", some([ask_sweep, ask_staff, cancel_the_rest], every=2))
@pytest.mark.parametrize("answer", ["a page with 200", "an empty list"])
def test_while_nobody_knows_about_the_earlier_keys_nothing_is_sent(believed_failed, sandbox, ask, answer):
    put_between(sandbox, answer, REFUNDS, method="GET")
    ask(believed_failed)
    assert (at_stripe(sandbox), Refund.objects.filter(status="REQUESTED").count()) == ([1450], 1)
    sandbox.heal()
    an_hour_later()
    send_due_refunds()
    send_due_refunds()
    assert sum(at_stripe(sandbox)) == (3200 if ask is cancel_the_rest else 1450)


def test_stripes_news_with_our_key_goes_before_failed_and_drops_the_unsent_retry(believed_failed, sandbox, deliver):
    retry_refund(refund_id=believed_failed.pk, reason="Try", actor="test")
    deliver()
    settle_due_events()
    assert rows() == [(Decimal("14.50"), "SUCCEEDED"), (Decimal("14.50"), "FAILED")]
    send_due_refunds()
    assert (at_stripe(sandbox), broken_invariants()) == ([1450], [])


def test_it_may_still_be_pending(refund, sandbox, deliver):
    sandbox.switches.refunds = "pending"
    move_refund(refund, RefundStatus.SUBMITTED, actor="worker")
    made = STRIPE.refund(
        provider_payment_id=refund.payment.provider_id, amount=refund.amount, currency="GBP", key=refund.key
    )
    record_refusal(refund.pk, errors.Refused("api_error", "x"))
    deliver()
    settle_due_events()
    refund.refresh_from_db()
    assert (refund.status, refund.ended_at, broken_invariants()) == ("PENDING", None, [])
    sandbox.refund_succeeds(made.id)
    deliver()
    settle_due_events()
    assert rows() == [(Decimal("14.50"), "SUCCEEDED")]


def test_what_stripe_itself_called_failed_is_asked_once_more_before_it_counts(refund, sandbox):
    send_refund(refund_id=refund.pk)
    refund.refresh_from_db()
    sandbox.refund_fails(refund.provider_id)
    follow_refund(provider="stripe", provider_id=refund.provider_id)
    body = sandbox.desk.ledger.get("refund", refund.provider_id)
    sandbox.desk.ledger.save(body | {"status": "succeeded", "failure_reason": None})
    follow_refund(provider="stripe", provider_id=refund.provider_id)
    assert rows() == [(Decimal("14.50"), "PENDING")]
    send_due_refunds()
    assert rows() == [(Decimal("14.50"), "SUCCEEDED")]


def test_cash_is_not_paid_out_for_a_refund_that_is_there(believed_failed, showtime):
    clerk = make_staff("MANAGER", showtime.auditorium.theater)
    with pytest.raises(NotFailed):
        pay_out_instead(refund_id=believed_failed.pk, method=PaymentMethod.CASH, reason="Asked", operator_id=clerk.pk)
    assert rows() == [(Decimal("14.50"), "SUCCEEDED")]


def test_what_was_paid_twice_all_the_same_is_told_and_the_tickets_follow(believed_failed, sandbox, deliver, booking):
    """The retry was sent by a release that could not look first."""
    again = retry_refund(refund_id=believed_failed.pk, reason="Try", actor="test")
    move_refund(again, RefundStatus.SUBMITTED, actor="worker")
    STRIPE.refund(provider_payment_id=again.payment.provider_id, amount=again.amount, currency="GBP", key=again.key)
    deliver()
    settle_due_events()
    booking = Booking.objects.get()
    assert (booking.sale.refund_due, booking.sale.goodwill, broken_invariants()) == (
        Decimal("29.00"),
        Decimal("14.50"),
        [],
    )
    assert OutgoingMail.objects.filter(kind="MONEY_ALERT", purpose__startswith="overpaid:").count() == 1


def test_a_retry_that_ended_meanwhile_is_not_sent(believed_failed, sandbox, monkeypatch):
    again = retry_refund(refund_id=believed_failed.pk, reason="Try", actor="test")
    move_refund(again, RefundStatus.FAILED, actor="stripe", ended_at=ClockTimestamp())
    Refund.objects.filter(pk=again.pk).update(look_at=F("created_at"))
    with nothing_changes():
        assert send_refund(refund_id=again.pk)
    assert at_stripe(sandbox) == [1450]


def test_a_list_of_another_payment_is_unknown(refund, sandbox, other_browser, showtime):
    other = buy(sandbox, showtime, other_browser, "B2")
    sandbox.refund(other.sale.payments.get().session_id)
    body = sandbox.desk.ledger.find("refund", "1 = 1")[0]
    listed = json.dumps({"object": "list", "has_more": False, "url": REFUNDS, "data": [body]})
    sandbox.fault("reply", REFUNDS, status=200, body=listed)
    with pytest.raises(errors.Unknown):
        STRIPE.refunds_of(Payment.objects.get(refunds=refund).provider_id)


def account(number: int, *, taken: str, refunded="0", lost="0") -> PaymentBalance:
    ended_at = datetime(2099, 1, number, tzinfo=UTC)
    payment = Payment(pk=number, captured=Decimal(taken), captured_currency="GBP", currency="GBP", ended_at=ended_at)
    return PaymentBalance(payment, Decimal(refunded), Decimal(lost), is_disputed=False)


@pytest.mark.parametrize(
    ("owed", "lost", "shares"),
    [
        ("3.00", "0", {2: "3.00"}),
        ("10.00", "0", {2: "3.00", 1: "7.00"}),
        ("3.00", "3.00", {}),
        ("10.00", "3.00", {1: "7.00"}),
        ("99.00", "3.00", {1: "29.00"}),
    ],
)
def test_what_a_bank_took_of_one_payment_is_not_given_back_by_another(owed, lost, shares):
    accounts = [account(1, taken="29.00"), account(2, taken="3.00", lost=lost)]
    found = {payment.pk: amount for payment, amount in shares_to_refund(accounts, owed=Decimal(owed))}
    assert found == {number: Decimal(amount) for number, amount in shares.items()}


def told_of() -> list[int]:
    return list(OutgoingMail.objects.filter(kind="REFUND").values_list("facts__about", flat=True))


def test_the_mail_about_the_cancellation_is_all_that_is_said_of_a_refund_that_goes_well(refund):
    send_refund(refund_id=refund.pk)
    assert (rows(), told_of()) == ([(Decimal("14.50"), "SUCCEEDED")], [])


def test_a_refund_that_comes_days_later_is_told_of(refund):
    with unguarded():
        Refund.objects.update(created_at=F("created_at") - timedelta(days=2))
    send_refund(refund_id=refund.pk)
    assert told_of() == [refund.pk]


def test_a_refund_that_failed_before_is_told_of(refund, sandbox):
    sandbox.switches.refunds = "insufficient_balance"
    send_refund(refund_id=refund.pk)
    sandbox.switches.refunds = "succeeded"
    again = retry_refund(refund_id=refund.pk, reason="Balance is full again", actor="test")
    send_refund(refund_id=again.pk)
    assert told_of() == [again.pk]


def test_what_failed_at_stripe_leaves_room_for_another_refund(refund, sandbox, booking):
    """An answer that proves nothing is not taken for a refusal, beside a failed refund of 30.00 of 32.00."""
    sandbox.refund_fails(sandbox.refund(booking.sale.payments.get().session_id, amount=3000)["id"])
    sandbox.collect()
    put_between(sandbox, "a key that was used for something else", REFUNDS, stage="before", method="POST")
    send_refund(refund_id=refund.pk)
    assert rows() == [(Decimal("14.50"), "SUBMITTED")]


def test_what_a_refund_and_a_bank_gave_of_one_payment_is_no_more_than_came(booking):
    """The bank took all of 32.00 while a refund of 32.00 was on its way."""
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=BY_STAFF)
    payment = booking.sale.payments.get()
    Dispute.objects.create(
        payment=payment, provider=payment.provider, provider_id="du_1", amount=payment.taken, currency="GBP",
        reason="fraudulent", status="LOST", ended_at=timezone.now(),
    )  # fmt: skip
    send_refund(refund_id=Refund.objects.get().pk)
    assert rows() == [(Decimal("32.00"), "SUCCEEDED")]
    assert not OutgoingMail.objects.filter(kind="MONEY_ALERT").exists()


def test_a_late_answer_takes_nothing_back(refund, sandbox, booking):
    """Neither an older state of the refund nor a late refusal turns a finished refund back."""
    send_refund(refund_id=refund.pk)
    refund.refresh_from_db()
    assert refund.status == "SUCCEEDED"
    older = replace(STRIPE.look_at_refund(refund.provider_id), status=RefundStatus.PENDING)
    record_answer(refund.pk, older)
    record_refusal(refund.pk, errors.Refused("charge_already_refunded", "It was refunded."))
    assert (rows(), broken_invariants()) == ([(Decimal("14.50"), "SUCCEEDED")], [])
