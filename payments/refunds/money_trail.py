"""The money of a sale, step by step, for the customer: payments, refunds, when they happened, and when a refund should
arrive.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext

from core.clock import in_zone
from core.money import format_money, rounded
from payments.models import Payment, Refund
from payments.states import CAPTURED_PAYMENTS, PaymentMethod, RefundStatus
from reservations.models import Cancellation
from reservations.states import CancelCause
from sales.models import Sale

# Card networks require banks to show a refund on the statement within ten days.
DAYS_OF_BANKS = 10


@dataclass(frozen=True)
class MoneyStep:
    """`expected_on`: the last day on which it should be on the statement; `reference`: the bank's, else the provider's."""

    at: datetime
    sentence: str
    reference: str = ""
    expected_on: date | None = None


def money_trail(reference: str) -> list[MoneyStep]:
    """List what happened to a sale's money, in the theater's time zone. Empty if nothing was paid. Three queries."""
    sale = Sale.objects.select_related("theater").filter(reference=reference).first()
    if sale is None or not sale.total:
        return []
    payments = Payment.objects.filter(sale=sale, status__in=CAPTURED_PAYMENTS).prefetch_related("refunds")
    steps = [_paid(payment, sale) for payment in payments]
    steps += [_canceled(done, sale) for done in Cancellation.objects.filter(booking__sale=sale)] if steps else []
    steps += [_refunded(refund, sale) for payment in payments for refund in payment.refunds.all()]
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
    return MoneyStep(_at(payment.ended_at or payment.created_at, sale), sentence, payment.provider_id or "")


def _canceled(done: Cancellation, sale: Sale) -> MoneyStep:
    amounts = {"refunded": _amount(done.refunded, done.currency), "kept": _amount(done.kept, done.currency)}
    if done.cause == CancelCause.EXCHANGE:
        sentence = gettext("You exchanged tickets that cost %(refunded)s for others.")
    elif done.kept:
        sentence = gettext("Tickets were canceled: %(refunded)s goes back, %(kept)s is kept under the terms below.")
    else:
        sentence = gettext("Tickets were canceled: %(refunded)s goes back.")
    return MoneyStep(_at(done.at, sale), sentence % amounts)


def _refunded(refund: Refund, sale: Sale) -> MoneyStep:
    amount = {"amount": _amount(refund.amount, refund.currency)}
    at = _at(refund.ended_at or refund.created_at, sale)
    reference = refund.bank_reference or refund.provider_id or ""
    if refund.status == RefundStatus.FAILED:
        sentence = gettext("%(amount)s did not arrive. Our box office has been told and sends it again.")
        return MoneyStep(at, sentence % amount, reference)
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
    return MoneyStep(at, sentence % amount, reference, (at + timedelta(days=DAYS_OF_BANKS)).date())


def _amount(amount: Decimal, currency: str) -> str:
    return format_money(rounded(amount, currency), currency)


def _at(moment: datetime, sale: Sale) -> datetime:
    return in_zone(moment, sale.theater.zone)
