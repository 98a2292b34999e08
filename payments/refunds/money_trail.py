"""The money of a sale, step by step, for the customer: payments, disputes, refunds, when they happened, and when a
refund should arrive.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext

from core.clock import in_zone
from core.money import format_money, rounded
from payments.models import Dispute, Payment, Refund
from payments.refunds.refund_answers import NOT_SENT
from payments.states import CAPTURED_PAYMENTS, DisputeStatus, PaymentMethod, RefundStatus
from reservations.models import Cancellation
from reservations.states import CancelCause
from sales.models import Sale

# Card networks require banks to show a refund on the statement within ten days.
DAYS_OF_BANKS = 10


@dataclass(frozen=True)
class MoneyStep:
    """`expected_on`: the last day on which it should be on the statement; None while that is not known. `reference`: the
    number by which the bank finds it; `provider_number`: the payment provider's, which no bank knows.
    """

    at: datetime
    sentence: str
    reference: str = ""
    provider_number: str = ""
    expected_on: date | None = None


def money_trail(reference: str) -> list[MoneyStep]:
    """List what happened to a sale's money, in the theater's time zone. Empty if nothing was paid."""
    sale = Sale.objects.select_related("theater").filter(reference=reference).first()
    if sale is None or not sale.total:
        return []
    payments = Payment.objects.filter(sale=sale, status__in=CAPTURED_PAYMENTS).prefetch_related("refunds")
    steps = [_paid(payment, sale) for payment in payments]
    steps += [_canceled(done, sale) for done in Cancellation.objects.filter(booking__sale=sale)] if steps else []
    steps += [_refunded(refund, sale) for payment in payments for refund in payment.refunds.all()]
    for dispute in Dispute.objects.filter(payment__in=payments).order_by("pk"):
        steps += _disputed(dispute, sale)
    return sorted(steps, key=lambda step: step.at)


def _paid(payment: Payment, sale: Sale) -> MoneyStep:
    amount = _amount(payment.amount, payment.currency)
    if payment.method != PaymentMethod.ONLINE:
        sentence = gettext("You paid %(amount)s at the counter.") % {"amount": amount}
    elif payment.card_last4:
        card = {"amount": amount, "digits": payment.card_last4}
        sentence = gettext("You paid %(amount)s with the card that ends in %(digits)s.") % card
    else:
        sentence = gettext("You paid %(amount)s online.") % {"amount": amount}
    return MoneyStep(
        _at(payment.ended_at or payment.created_at, sale), sentence, provider_number=payment.provider_id or ""
    )


def _disputed(dispute: Dispute, sale: Sale) -> list[MoneyStep]:
    """What the bank asked or took, and what it decided."""
    amount = {"amount": _amount(dispute.amount, dispute.currency)}
    asked = gettext("Your bank asked about the payment. No money has moved.")
    took = gettext(
        "Your bank took %(amount)s back, because the payment was disputed. It will decide who gets the money."
    )
    begins = asked if dispute.status in (DisputeStatus.NEW, DisputeStatus.INQUIRY, DisputeStatus.CLOSED) else took
    steps = [MoneyStep(_at(dispute.created_at, sale), begins % amount)]
    ends: dict[str, str] = {
        DisputeStatus.WON: gettext("Your bank decided that the payment counts: %(amount)s is paid."),
        DisputeStatus.LOST: gettext("Your bank decided that %(amount)s is yours."),
        DisputeStatus.CLOSED: gettext("Your bank has no more questions about the payment. No money has moved."),
    }
    if dispute.ended_at is not None and (end := ends.get(dispute.status)):
        steps.append(MoneyStep(_at(dispute.ended_at, sale), end % amount))
    return steps


def _canceled(done: Cancellation, sale: Sale) -> MoneyStep:
    amounts = {"refunded": _amount(done.refunded, done.currency), "kept": _amount(done.kept, done.currency)}
    if done.cause == CancelCause.EXCHANGE:
        sentence = gettext("You exchanged tickets that cost %(refunded)s for others.")
    elif done.cause == CancelCause.DISPUTE:
        sentence = gettext("Your tickets were canceled, because your bank took their price back.")
    elif done.kept:
        sentence = gettext("Tickets were canceled: %(refunded)s goes back, %(kept)s is kept under the terms below.")
    else:
        sentence = gettext("Tickets were canceled: %(refunded)s goes back.")
    return MoneyStep(_at(done.at, sale), sentence % amounts)


def _refunded(refund: Refund, sale: Sale) -> MoneyStep:
    amount = {"amount": _amount(refund.amount, refund.currency)}
    at = _at(refund.ended_at or refund.created_at, sale)
    reference = refund.bank_reference
    number = "" if reference else refund.provider_id or ""
    if refund.status == RefundStatus.FAILED and refund.last_error == NOT_SENT:
        sentence = gettext("%(amount)s did not have to be sent: the same money goes back to you in another way.")
        return MoneyStep(at, sentence % amount)
    if refund.status == RefundStatus.FAILED:
        sentence = gettext(
            "%(amount)s did not arrive. Our box office has been told and sends it again; then the day on which it should "
            "arrive is here too."
        )
        return MoneyStep(at, sentence % amount, reference, number)
    if refund.method != PaymentMethod.ONLINE:
        waits = gettext("%(amount)s waits for you at the counter.")
        done = gettext("You got %(amount)s at the counter.")
        return MoneyStep(at, (done if refund.ended_at else waits) % amount)
    soon = gettext("%(amount)s will be sent to your bank within the hour.")
    sentences: dict[str, str] = {
        RefundStatus.REQUESTED: soon,
        RefundStatus.SUBMITTED: soon,
        RefundStatus.SUCCEEDED: gettext("%(amount)s was sent to your bank."),
        RefundStatus.PENDING: gettext("%(amount)s is on its way to your bank."),
    }
    sentence = sentences.get(refund.status, gettext("%(amount)s goes back to you."))
    expected_on = (at + timedelta(days=DAYS_OF_BANKS)).date()
    return MoneyStep(at, sentence % amount, reference, number, expected_on)


def _amount(amount: Decimal, currency: str) -> str:
    return format_money(rounded(amount, currency), currency)


def _at(moment: datetime, sale: Sale) -> datetime:
    return in_zone(moment, sale.theater.zone)
