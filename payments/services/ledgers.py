"""Stripe's ledger beside ours, for a span of time: payments, refunds and disputes, in both directions."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import batched

from django.db.models import Q

from core.installation import is_from_elsewhere, is_from_here
from core.money import format_money
from payments import gateway, stripe_movements
from payments.models import Dispute, Payment, Refund
from payments.services.disputes import KNOWN
from payments.states import CAPTURED_PAYMENTS, DisputeStatus, PaymentMethod, RefundStatus
from payments.stripe_answers import Session, StripeCharge, StripeDispute, StripeRefund

ALIVE_AT_STRIPE = {"pending", "requires_action", "succeeded"}
ALIVE_HERE = (RefundStatus.PENDING, RefundStatus.SUCCEEDED)
ROWS_AT_ONCE = 1000


class Remedy(StrEnum):
    """What mends a difference."""

    SETTLE = "settle the payment"
    WRITE_SALE = "write the lost sale again"
    FOLLOW_REFUND = "write the refund down as Stripe has it"
    FOLLOW_DISPUTE = "write the dispute down as Stripe has it"
    CLOSE_SESSION = "close the payment session"
    PERSON = "a person has to look"


@dataclass(frozen=True)
class Difference:
    """`stripe_id` is the object's at Stripe; for a sale to be written again the payment intent's."""

    kind: str
    stripe_id: str
    says: str
    remedy: Remedy
    booking: str = ""
    payment_id: int | None = None


@dataclass
class StripeLedger:
    """What Stripe has of a span. `ignored`: intents of other programs, and of lost sales of which nothing was kept."""

    charges: list[StripeCharge]
    refunds: list[StripeRefund]
    disputes: list[StripeDispute]
    open_sessions: list[Session]
    ignored: set[str] = field(default_factory=set)


def read_stripe(*, since: datetime, until: datetime) -> StripeLedger:
    """Raises gateway.GatewayError."""
    found = StripeLedger(
        charges=stripe_movements.charges(since=since, until=until),
        refunds=stripe_movements.refunds(since=since, until=until),
        disputes=stripe_movements.disputes(since=since, until=until),
        open_sessions=stripe_movements.open_sessions(since=since, until=until),
    )
    moved = {movement.source for movement in stripe_movements.movements(since=since, until=until)}
    listed = {refund.id for refund in found.refunds}
    found.refunds += [gateway.fetch_refund(name) for name in _sources(moved - listed, "re_", "pyr_")]
    listed = {dispute.id for dispute in found.disputes}
    found.disputes += [gateway.fetch_dispute(name) for name in _sources(moved - listed, "du_", "dp_")]
    return found


def _sources(names: Iterable[str], *prefixes: str) -> list[str]:
    """Of something older that moved in this span."""
    return sorted(name for name in names if name.startswith(prefixes))


def compare(*, since: datetime, until: datetime) -> list[Difference]:
    """Open sessions first, then payments, refunds and disputes: in this order they can be mended.

    Raises gateway.GatewayError.
    """
    at_stripe = read_stripe(since=since, until=until)
    return [
        *_sessions_of_stripe(at_stripe),
        *_payments_of_stripe(at_stripe),
        *_payments_of_ours(at_stripe, since, until),
        *_refunds_of_stripe(at_stripe),
        *_refunds_of_ours(at_stripe, since, until),
        *_disputes_of_stripe(at_stripe),
        *_disputes_of_ours(at_stripe, since, until),
    ]


# Payment sessions.


def _sessions_of_stripe(at_stripe: StripeLedger) -> Iterator[Difference]:
    """Open, created here, and without a row: somebody could pay there for seats that look free."""
    ours = [session for session in at_stripe.open_sessions if is_from_here(session.metadata)]
    keys, names = [session.client_reference for session in ours], [session.id for session in ours]
    rows = Payment.objects.filter(Q(key__in=keys) | Q(session_id__in=names)).values_list("key", "session_id")
    known = {name for row in rows for name in row}
    for session in ours:
        if not known & {session.client_reference, session.id}:
            reference = session.metadata.get("booking", "")
            says = f"booking {reference} can still be paid for, and it is not here"
            yield Difference("session", session.id, says, Remedy.CLOSE_SESSION, reference)


# Payments.


def _payments_of_stripe(at_stripe: StripeLedger) -> Iterator[Difference]:
    for part in batched(at_stripe.charges, ROWS_AT_ONCE, strict=False):
        intents = [charge.intent_id for charge in part if charge.intent_id]
        keys = [charge.metadata.get("payment", "") for charge in part]
        rows = list(Payment.objects.select_related("booking").filter(Q(intent_id__in=intents) | Q(key__in=keys)))
        by_intent, by_key = {row.intent_id: row for row in rows}, {row.key: row for row in rows}
        for charge in part:
            payment = by_intent.get(charge.intent_id)
            if payment is None and not is_from_elsewhere(charge.metadata):
                payment = by_key.get(charge.metadata.get("payment", ""))
            yield from _payment(charge, payment, at_stripe)


def _payment(charge: StripeCharge, payment: Payment | None, at_stripe: StripeLedger) -> Iterator[Difference]:
    intent, came = charge.intent_id or "", format_money(charge.amount, charge.currency)
    reference = charge.metadata.get("booking", "")
    if payment is None:
        if not is_from_here(charge.metadata) or charge.refunded == charge.amount:
            # Not ours, or a lost sale of which nothing was kept.
            at_stripe.ignored.add(intent)
            return
        says = f"{came} came for booking {reference}, and this sale is not here"
        yield Difference("payment", intent, says, Remedy.WRITE_SALE, reference)
    elif payment.status not in CAPTURED_PAYMENTS:
        says = f"{came} came for booking {payment.booking.reference}, and {payment} is {payment.status.lower()} here"
        yield Difference("payment", intent, says, Remedy.SETTLE, payment.booking.reference, payment.pk)
    elif payment.intent_id != intent:
        says = f"{came} came a second time for {payment} of booking {payment.booking.reference}"
        yield Difference("payment", intent, says, Remedy.PERSON, payment.booking.reference, payment.pk)
    elif (payment.taken, payment.taken_currency) != (charge.amount, charge.currency):
        yield _other_amount(payment, charge)


def _other_amount(payment: Payment, charge: StripeCharge) -> Difference:
    came, here = format_money(charge.amount, charge.currency), format_money(payment.taken, payment.taken_currency)
    says = f"{came} came for booking {payment.booking.reference}, and {payment} says {here}"
    return Difference("payment", payment.intent_id or "", says, Remedy.PERSON, payment.booking.reference, payment.pk)


def _payments_of_ours(at_stripe: StripeLedger, since: datetime, until: datetime) -> Iterator[Difference]:
    listed = {charge.intent_id for charge in at_stripe.charges}
    ours = Payment.objects.filter(
        method=PaymentMethod.STRIPE, status__in=CAPTURED_PAYMENTS, ended_at__gte=since, ended_at__lte=until
    )
    for payment in ours.select_related("booking").order_by("pk").iterator():
        if payment.intent_id in listed:
            continue
        charge = stripe_movements.charge_of(payment.intent_id) if payment.intent_id else None
        if charge is None:
            says = f"{payment} of booking {payment.booking.reference} succeeded here, and Stripe has no money of it"
            yield Difference(
                "payment", payment.intent_id or "", says, Remedy.PERSON, payment.booking.reference, payment.pk
            )
        elif (payment.taken, payment.taken_currency) != (charge.amount, charge.currency):
            yield _other_amount(payment, charge)


# Refunds.


def _refunds_of_stripe(at_stripe: StripeLedger) -> Iterator[Difference]:
    for part in batched(at_stripe.refunds, ROWS_AT_ONCE, strict=False):
        keys = [refund.key for refund in part if refund.key]
        rows = Refund.objects.select_related("payment__booking").filter(
            Q(stripe_id__in=[refund.id for refund in part]) | Q(key__in=keys)
        )
        by_name = {name: row for row in rows for name in (row.stripe_id, row.key) if name}
        payments = _payments_by_intent(refund.intent_id for refund in part)
        for refund in part:
            row = by_name.get(refund.id) or by_name.get(refund.key)
            if row is not None:
                yield from _refund(refund, row)
            elif _is_known(refund.intent_id, payments, at_stripe):
                says = f"a refund of {format_money(refund.amount, refund.currency)} is not here"
                reference = payments.get(refund.intent_id or "", "")
                yield Difference("refund", refund.id, says, Remedy.FOLLOW_REFUND, reference)
            elif _is_of_a_lost_sale(refund.intent_id, at_stripe):
                yield _without_sale("refund", refund.id)


def _payments_by_intent(intents: Iterable[str | None]) -> dict[str, str]:
    """The reference of the booking of each payment here."""
    names = [intent for intent in intents if intent]
    rows = Payment.objects.filter(intent_id__in=names).values_list("intent_id", "booking__reference")
    return {str(intent): reference for intent, reference in rows}


def _is_known(intent: str | None, payments: dict[str, str], at_stripe: StripeLedger) -> bool:
    """It is about a payment that is here, or will be when the lost sale is written again, or is settled."""
    if not intent or intent in at_stripe.ignored:
        return False
    return intent in payments or intent in {charge.intent_id for charge in at_stripe.charges}


def _is_of_a_lost_sale(intent: str | None, at_stripe: StripeLedger) -> bool:
    """About a payment of an earlier time that this installation made, and of which something was kept."""
    if not intent or intent in at_stripe.ignored:
        return False
    charge = stripe_movements.charge_of(intent)
    is_lost = charge is not None and is_from_here(charge.metadata) and charge.refunded < charge.amount
    if not is_lost:
        at_stripe.ignored.add(intent)
    return is_lost


def _without_sale(kind: str, stripe_id: str) -> Difference:
    says = f"a {kind} is about a sale of an earlier time that is not here: compare from an earlier moment"
    return Difference(kind, stripe_id, says, Remedy.PERSON)


def _refund(refund: StripeRefund, row: Refund) -> Iterator[Difference]:
    reference, there = row.payment.booking.reference, format_money(refund.amount, refund.currency)
    if (row.amount, row.currency) != (refund.amount, refund.currency):
        says = f"{row} of booking {reference} is {format_money(row.amount, row.currency)} here and {there} at Stripe"
        yield Difference("refund", refund.id, says, Remedy.PERSON, reference)
    elif (row.status in ALIVE_HERE) != (refund.status in ALIVE_AT_STRIPE):
        says = f"{row} of booking {reference}, {there}, is {row.status.lower()} here and {refund.status} at Stripe"
        yield Difference("refund", refund.id, says, Remedy.FOLLOW_REFUND, reference)


def _refunds_of_ours(at_stripe: StripeLedger, since: datetime, until: datetime) -> Iterator[Difference]:
    listed = {refund.id for refund in at_stripe.refunds}
    ours = Refund.objects.filter(
        method=PaymentMethod.STRIPE, status__in=ALIVE_HERE, created_at__gte=since, created_at__lte=until
    )
    for row in ours.select_related("payment__booking").order_by("pk").iterator():
        if row.stripe_id in listed:
            continue
        refund = _found_at_stripe(gateway.fetch_refund, row.stripe_id or "")
        if refund is None:
            says = f"{row} of booking {row.payment.booking.reference} went out here, and Stripe does not know it"
            yield Difference("refund", row.stripe_id or "", says, Remedy.PERSON, row.payment.booking.reference)
        else:
            yield from _refund(refund, row)


# Disputes.


def _disputes_of_stripe(at_stripe: StripeLedger) -> Iterator[Difference]:
    names = [dispute.id for dispute in at_stripe.disputes]
    rows = {
        row.stripe_id: row for row in Dispute.objects.select_related("payment__booking").filter(stripe_id__in=names)
    }
    payments = _payments_by_intent(dispute.intent_id for dispute in at_stripe.disputes)
    for dispute in at_stripe.disputes:
        row = rows.get(dispute.id)
        if row is not None:
            yield from _dispute(dispute, row)
        elif _is_known(dispute.intent_id, payments, at_stripe):
            says = f"a dispute about {format_money(dispute.amount, dispute.currency)} is not here"
            reference = payments.get(dispute.intent_id or "", "")
            yield Difference("dispute", dispute.id, says, Remedy.FOLLOW_DISPUTE, reference)
        elif _is_of_a_lost_sale(dispute.intent_id, at_stripe):
            yield _without_sale("dispute", dispute.id)


def _dispute(dispute: StripeDispute, row: Dispute) -> Iterator[Difference]:
    there = KNOWN.get(dispute.status, DisputeStatus.OPEN)
    if row.status != there:
        reference = row.payment.booking.reference
        says = f"{row} of booking {reference} is {row.status.lower()} here and {there.lower()} at Stripe"
        yield Difference("dispute", dispute.id, says, Remedy.FOLLOW_DISPUTE, reference)


def _disputes_of_ours(at_stripe: StripeLedger, since: datetime, until: datetime) -> Iterator[Difference]:
    listed = {dispute.id for dispute in at_stripe.disputes}
    ours = Dispute.objects.filter(created_at__gte=since, created_at__lte=until).exclude(stripe_id__in=listed)
    for row in ours.select_related("payment__booking").order_by("pk"):
        dispute = _found_at_stripe(gateway.fetch_dispute, row.stripe_id)
        if dispute is None:
            says = f"{row} of booking {row.payment.booking.reference} is here, and Stripe does not know it"
            yield Difference("dispute", row.stripe_id, says, Remedy.PERSON, row.payment.booking.reference)
        else:
            yield from _dispute(dispute, row)


def _found_at_stripe[Found](fetch: Callable[[str], Found], stripe_id: str) -> Found | None:
    """None when Stripe has no such object."""
    try:
        return fetch(stripe_id)
    except gateway.Refused as refusal:
        if refusal.is_missing:
            return None
        raise
