"""Advice for staff about a refund or a payment: one sentence for each state it can be in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from payments.models import PENDING_SECONDS, UNSENT_SECONDS, Dispute, Payment, Refund
from payments.records.payment_balances import balances_of, own
from payments.states import DisputeStatus, PaymentMethod, PaymentStatus, RefundStatus
from sales.models import Sale

SOON = timedelta(seconds=UNSENT_SECONDS)
BANKS_TAKE = timedelta(seconds=PENDING_SECONDS)
BY_CODE = {
    "balance_insufficient": "The balance at the payment provider was too small. It goes through once sales have filled it, or "
    "somebody adds money in the payment provider's dashboard: then try again here.",
    "insufficient_funds": "The balance at the payment provider was too small. It goes through once sales have filled it, or "
    "somebody adds money in the payment provider's dashboard: then try again here.",
    "charge_disputed": "The bank is deciding about this payment. Do not give the money back in any other way: answer the "
    "dispute in the payment provider's dashboard.",
    "charge_already_refunded": "All of this payment went back at the payment provider before. Look at it in its dashboard; there "
    "is nothing left to try again.",
    "nothing_left": "More was asked for than this payment had left there: other refunds took it. Look at it in the payment "
    "provider's dashboard.",
    "expired_or_canceled_card": "The customer's card takes no money any more. Try again once: banks often pass it on. If "
    "that fails too, pay it out at the counter, or ask the customer for a bank account and pay there.",
    "lost_or_stolen_card": "The customer's card was lost or stolen and takes no money. Pay it out at the counter, or ask the "
    "customer for a bank account and pay there.",
    "not_sent": "It was not sent, because its money went back by another refund. Nothing to do.",
    "declined": "The customer's bank did not take the money. Try again tomorrow; if that fails too, pay it out at the "
    "counter, or ask the customer for a bank account and pay there.",
}
# By status: how long a refund may have it, the sentence until then, and the sentence after it.
UNDER_WAY = {
    RefundStatus.REQUESTED: (
        SOON,
        "It goes to the payment provider within seconds. Nothing to do.",
        "It should have gone to the payment provider long ago. Is a worker running? Ask the people who run the system.",
    ),
    RefundStatus.SUBMITTED: (
        SOON,
        "Sent; the payment provider's answer is not known yet. It is asked again by itself, never twice. Nothing to do.",
        (
            "The payment provider has given no clear answer for long. Look at its status page; do not "
            "refund it in its dashboard as well."
        ),
    ),
    RefundStatus.PENDING: (
        BANKS_TAKE,
        "The payment provider has it, the bank not yet: five to ten days are usual. Nothing to do.",
        "The bank takes longer than banks do. Ask the payment provider's support with the id of the refund.",
    ),
    RefundStatus.SUCCEEDED: (
        timedelta.max,
        "It went back. Banks take five to ten days to show it; the provider's id is the proof. Nothing to do.",
        "",
    ),
}
ELSE = "Look at it in the payment provider's dashboard, mend what it names, then try again here."


@dataclass(frozen=True)
class Advice:
    sentence: str
    needs_person: bool = False
    may_retry: bool = False
    may_pay_out: bool = False


OF_PAYMENTS = {
    PaymentStatus.CREATED: Advice(
        "The payment session is being opened. The payment provider is asked by itself. Nothing to do."
    ),
    PaymentStatus.OPEN: Advice("The customer can pay now. A declined card changes nothing here. Nothing to do."),
    PaymentStatus.SUCCEEDED: Advice("The money is here."),
    PaymentStatus.FAILED: Advice(
        "The payment provider refused this payment session. The customer can press Pay again. Nothing to do."
    ),
    PaymentStatus.CLOSED: Advice("The payment session was closed unpaid. Nothing was charged."),
    PaymentStatus.DISPUTED: Advice("The customer's bank asks for the money back: see the dispute."),
}
OF_DISPUTES = {
    DisputeStatus.NEW: Advice(
        "The bank may ask for the money back. Look at it in the payment provider's dashboard.", True
    ),
    DisputeStatus.INQUIRY: Advice(
        "The bank asks; no money has moved. Answer in the payment provider's dashboard in time, or it becomes a dispute.",
        True,
    ),
    DisputeStatus.OPEN: Advice(
        "The bank holds the money. Answer in the payment provider's dashboard in time. Until it is decided the "
        "tickets do not work at the door, and nothing can be given back here.",
        True,
    ),
    DisputeStatus.WON: Advice(
        "Decided for us: the money is here and the tickets are as good as before. Nothing to do."
    ),
    DisputeStatus.LOST: Advice(
        "Decided for the customer: the bank keeps the money, the tickets are void. Nothing to do."
    ),
    DisputeStatus.CLOSED: Advice("The bank asked no further. Nothing to do."),
}


def refund_advice(refund: Refund, *, is_missing: bool, is_disputed: bool, now: datetime) -> Advice:
    """Tell what staff should do about a refund.

    `is_missing`: the booking is owed more than its other refunds bring.
    """
    status = RefundStatus(refund.status)
    if status in {RefundStatus.REQUESTED, RefundStatus.SUCCEEDED} and not refund.is_online:
        return _of_the_counter(refund, is_disputed=is_disputed)
    if status == RefundStatus.FAILED:
        return _failed(refund, is_missing=is_missing, is_disputed=is_disputed)
    patience, usual, late = UNDER_WAY[status]
    return Advice(late, needs_person=True) if now - refund.created_at > patience else Advice(usual)


def _of_the_counter(refund: Refund, *, is_disputed: bool) -> Advice:
    if refund.status == RefundStatus.SUCCEEDED and refund.method == PaymentMethod.MOVED_IN:
        return Advice("Given back by hand, outside of here. Nothing to do.")
    if refund.status == RefundStatus.SUCCEEDED:
        return Advice(f"Paid out at the counter: {refund.get_method_display().lower()}. Nothing to do.")
    waits = "It waits at the counter. Pay it out when the customer comes, and only then say so here."
    return Advice(waits, may_pay_out=not is_disputed)


def _failed(refund: Refund, *, is_missing: bool, is_disputed: bool) -> Advice:
    if not is_missing:
        return Advice("It failed, and the money went back by another refund of this booking. Nothing to do.")
    if is_disputed:
        return Advice(BY_CODE["charge_disputed"], True)
    code = refund.last_error.split(":", 1)[0].strip()
    may = code != "charge_already_refunded"
    return Advice(BY_CODE.get(code, ELSE), True, may_retry=may, may_pay_out=may and refund.is_online)


def payment_advice(payment: Payment) -> Advice:
    if payment.method == PaymentMethod.MOVED_IN:
        return Advice("Taken by the ticket system from which it was moved in. Money of it is given back by hand.")
    if not payment.is_online:
        return Advice(f"Taken at the counter: {payment.get_method_display().lower()}.")
    return OF_PAYMENTS[PaymentStatus(payment.status)]


def dispute_advice(dispute: Dispute) -> Advice:
    return OF_DISPUTES[DisputeStatus(dispute.status)]


def is_locked(payments: Sequence[Payment], disputes: Sequence[Dispute]) -> bool:
    """Whether a bank still decides about a payment, so that nothing may be given back."""
    lost = {dispute.payment_id for dispute in disputes if dispute.status == DisputeStatus.LOST}
    return any(payment.status == PaymentStatus.DISPUTED and payment.pk not in lost for payment in payments)


def missing_of(sale: Sale, payments: Sequence[Payment]) -> dict[int, Decimal]:
    """For each payment, what its sale is owed without a refund for it. Foreign currencies are counted apart."""
    accounts = balances_of(payments)
    mine = own(accounts)
    owed = sale.refund_due - sum((account.refunded + account.lost for account in mine), Decimal(0))
    return {
        account.payment.pk: account.left if account.payment.is_foreign else max(Decimal(0), owed)
        for account in accounts
    }


def advised(
    sale: Sale, payments: Sequence[Payment], refunds: Sequence[Refund], *, now: datetime
) -> list[tuple[Refund, Advice]]:
    """Pair each refund of a sale with what staff should do; a failed one that was retried needs nothing."""
    missing = missing_of(sale, payments)
    newest = {refund.payment_id: refund.pk for refund in sorted(refunds, key=lambda refund: refund.pk)}
    disputed = is_locked(payments, list(Dispute.objects.filter(payment__in=payments)))
    return [
        (
            refund,
            refund_advice(
                refund,
                is_missing=missing.get(refund.payment_id, 0) > 0 and newest[refund.payment_id] == refund.pk,
                is_disputed=disputed,
                now=now,
            ),
        )
        for refund in refunds
    ]


def advice_on(refund: Refund, *, now: datetime) -> Advice:
    """Tell what staff should do about one refund."""
    sale = refund.payment.sale
    refunds = list(Refund.objects.filter(payment__sale=sale))
    told = advised(sale, list(sale.payments.all()), refunds, now=now)
    return next(advice for one, advice in told if one == refund)
