"""What staff should know and do about a refund or a payment: one sentence for each state it can be in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from payments.models import PENDING_SECONDS, UNSENT_SECONDS, Payment, Refund
from payments.states import PaymentStatus, RefundStatus
from reservations.models import Booking

SOON = timedelta(seconds=UNSENT_SECONDS)
BANKS_TAKE = timedelta(seconds=PENDING_SECONDS)
BY_CODE = {
    "balance_insufficient": "The balance at Stripe was too small. It goes through once sales have filled it, or somebody "
    "adds money in Stripe's dashboard: then try again here.",
    "insufficient_funds": "The balance at Stripe was too small. It goes through once sales have filled it, or somebody "
    "adds money in Stripe's dashboard: then try again here.",
    "charge_disputed": "The bank is deciding about this payment. Do not give the money back in any other way: answer the "
    "dispute in Stripe's dashboard.",
    "charge_already_refunded": "All of this payment went back at Stripe before. Look at it in Stripe's dashboard; there "
    "is nothing left to try again.",
    "expired_or_canceled_card": "The customer's card takes no money any more. Try again once: banks often pass it on. If "
    "that fails too, ask the customer for a bank account and pay there.",
    "lost_or_stolen_card": "The customer's card was lost or stolen and takes no money. Ask the customer for a bank "
    "account and pay there.",
    "declined": "The customer's bank did not take the money. Try again tomorrow; if that fails too, ask the customer for "
    "a bank account and pay there.",
}
# How long it may stay so, what is said until then, and what after it.
UNDER_WAY = {
    RefundStatus.REQUESTED: (
        SOON,
        "It goes to Stripe within seconds. Nothing to do.",
        "It should have gone to Stripe long ago. Is a worker running? Ask whoever runs Marquee.",
    ),
    RefundStatus.SUBMITTED: (
        SOON,
        "Sent; Stripe's answer is not known yet. It is asked again by itself, never twice. Nothing to do.",
        "Stripe has not answered for long. Look at status.stripe.com; do not refund it in its dashboard as well.",
    ),
    RefundStatus.PENDING: (
        BANKS_TAKE,
        "Stripe has it, the bank not yet: five to ten days are usual. Nothing to do.",
        "The bank takes longer than banks do. Ask Stripe's support with the id of the refund.",
    ),
    RefundStatus.SUCCEEDED: (
        timedelta.max,
        "It went back. Banks take five to ten days to show it; Stripe's id is the proof. Nothing to do.",
        "",
    ),
}
OTHERWISE = "Look at it in Stripe's dashboard, mend what it names, then try again here."


@dataclass(frozen=True)
class Advice:
    sentence: str
    needs_person: bool = False
    may_retry: bool = False


def refund_advice(refund: Refund, *, is_missing: bool, is_disputed: bool, now: datetime) -> Advice:
    """`is_missing`: the booking is owed more than its other refunds bring."""
    status = RefundStatus(refund.status)
    if status == RefundStatus.FAILED:
        return _failed(refund, is_missing=is_missing, is_disputed=is_disputed)
    patience, usual, late = UNDER_WAY[status]
    return Advice(late, needs_person=True) if now - refund.created_at > patience else Advice(usual)


def _failed(refund: Refund, *, is_missing: bool, is_disputed: bool) -> Advice:
    if not is_missing:
        return Advice("It failed, and the money went back by another refund of this booking. Nothing to do.")
    if is_disputed:
        return Advice(BY_CODE["charge_disputed"], True)
    code = refund.last_error.split(":", 1)[0].strip()
    return Advice(BY_CODE.get(code, OTHERWISE), True, code != "charge_already_refunded")


def payment_advice(payment: Payment) -> Advice:
    match PaymentStatus(payment.status):
        case PaymentStatus.CREATED:
            return Advice("The till is being opened. Stripe is asked by itself. Nothing to do.")
        case PaymentStatus.OPEN:
            return Advice("The customer can pay now. A declined card changes nothing here. Nothing to do.")
        case PaymentStatus.SUCCEEDED:
            return Advice("The money is here.")
        case PaymentStatus.FAILED:
            return Advice("Stripe refused to open this till. The customer can press Pay again. Nothing to do.")
        case PaymentStatus.CLOSED:
            return Advice("The till was closed unpaid. Nothing was charged.")
    return Advice(
        "The customer's bank asks for the money back. Answer in Stripe's dashboard before its deadline; until it is "
        "decided, tickets are frozen and nothing can be given back here.",
        True,
    )


def is_disputed(payments: Sequence[Payment]) -> bool:
    return any(payment.status == PaymentStatus.DISPUTED for payment in payments)


def advised(
    booking: Booking, payments: Sequence[Payment], refunds: Sequence[Refund], *, now: datetime
) -> list[tuple[Refund, Advice]]:
    """Each refund of a booking with what to do; a failed one that was tried again needs nobody."""
    given = sum((one.amount for one in refunds if one.status != RefundStatus.FAILED), Decimal(0))
    newest = {refund.payment_id: refund.pk for refund in sorted(refunds, key=lambda one: one.pk)}
    disputed = is_disputed(payments)
    return [
        (
            refund,
            refund_advice(
                refund,
                is_missing=booking.refund_due > given and newest[refund.payment_id] == refund.pk,
                is_disputed=disputed,
                now=now,
            ),
        )
        for refund in refunds
    ]


def advice_on(refund: Refund, *, now: datetime) -> Advice:
    """The same for one of them."""
    booking = refund.payment.booking
    refunds = list(Refund.objects.filter(payment__booking=booking))
    return next(
        advice for one, advice in advised(booking, list(booking.payments.all()), refunds, now=now) if one == refund
    )
