"""Money back: what a booking is owed becomes refund rows; each is sent to Stripe with its own key until it is known."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from core import hints
from core.clock import ClockTimestamp, database_now, from_now
from core.money import rounded
from payments import gateway, locks
from payments.models import Dispute, Payment, Refund
from payments.services.accounts import accounts_of, own
from payments.services.moves import move_refund
from payments.states import CAPTURED_PAYMENTS, DisputeStatus, RefundStatus
from reservations import locks as reservation_locks
from reservations.models import Booking
from reservations.services.bookings import write_mail
from reservations.states import MailKind

LEASE_SECONDS = 60
LATER_SECONDS = 3600
KEYS_ARE_KEPT = timedelta(hours=23)
PAUSE_AFTER_FAILURE_SECONDS = 3600
MOST_FAILURES = 5
logger = structlog.get_logger(__name__)


def request_refunds(booking: Booking, *, reason: str) -> None:
    """Write refund rows for what a locked booking is owed and has not got. Inside the caller's transaction."""
    accounts = accounts_of(locks.payments_of(booking.pk))
    if any(account.is_disputed for account in accounts):
        # The bank may give the same money back: until it has decided nothing else of the booking is given.
        return
    for account in accounts:
        if account.payment.is_foreign:
            _request(account.payment, account.left, reason)
    mine = own(accounts)
    missing = booking.refund_due - sum((account.refunded + account.lost for account in mine), Decimal(0))
    # The newest money goes back first: a second success is what nobody meant to pay.
    for account in sorted(mine, key=lambda one: one.payment.ended_at or one.payment.created_at, reverse=True):
        amount = min(missing, account.left)
        _request(account.payment, amount, reason)
        missing -= max(Decimal(0), amount)


def _request(payment: Payment, amount: Decimal, reason: str) -> None:
    if amount > 0:
        refund = Refund.objects.create(
            payment=payment, method=payment.method, amount=amount, currency=payment.taken_currency, reason=reason
        )
        if payment.is_at_stripe:
            hints.on_commit("payments.send_refund", refund_id=refund.pk)


def send_refund(*, refund_id: int) -> bool:
    """Send a refund, or ask how it stands; False when Stripe refuses to give it.

    Unknown answers are asked again with the same key by the sweep.
    """
    claimed = Refund.objects.due().filter(pk=refund_id).update(look_at=from_now(LEASE_SECONDS))
    if not claimed or _waits_for_a_bank(refund_id):
        return True
    refund = _submitted(refund_id)
    try:
        answer = _ask(refund)
    except gateway.Unknown as error:
        Refund.objects.filter(pk=refund_id).update(last_error=str(error)[:200])
    except gateway.Refused as refusal:
        if refund.stripe_id:
            # It exists: only asking about it was refused.
            logger.exception("refund_not_shown", refund=refund_id)
            return True
        _record(refund_id, RefundStatus.FAILED, error=f"{refusal.code}: {refusal}")
        return False
    else:
        record_answer(refund_id, answer)
    return True


def _waits_for_a_bank(refund_id: int) -> bool:
    """Not sent yet, and the payment is disputed: Stripe would refuse it, and the bank may give the money back."""
    disputed = Dispute.objects.open().filter(payment__refunds=refund_id)
    unsent = Refund.objects.filter(pk=refund_id, status=RefundStatus.REQUESTED)
    return bool(unsent.filter(Exists(disputed)).update(look_at=from_now(LATER_SECONDS)))


def _submitted(refund_id: int) -> Refund:
    with transaction.atomic():
        refund = locks.refund(refund_id)
        if refund.status == RefundStatus.REQUESTED:
            move_refund(refund, RefundStatus.SUBMITTED, actor="worker")
    return Refund.objects.select_related("payment").get(pk=refund_id)


def _ask(refund: Refund) -> gateway.StripeRefund:
    if refund.stripe_id:
        return gateway.fetch_refund(refund.stripe_id)
    assert refund.payment.intent_id is not None
    if database_now() - refund.created_at > KEYS_ARE_KEPT:
        # The key is forgotten: a repeat would pay twice.
        found = gateway.find_refund(intent_id=refund.payment.intent_id, key=refund.key)
        if found is not None:
            return found
    return gateway.create_refund(
        intent_id=refund.payment.intent_id, amount=refund.amount, currency=refund.currency, key=refund.key
    )


def record_answer(refund_id: int, answer: gateway.StripeRefund) -> None:
    known = {
        "succeeded": RefundStatus.SUCCEEDED,
        "failed": RefundStatus.FAILED,
        "canceled": RefundStatus.FAILED,
    }
    _record(refund_id, known.get(answer.status, RefundStatus.PENDING), stripe_id=answer.id, error=answer.failure)


def _record(refund_id: int, to: RefundStatus, *, stripe_id: str | None = None, error: str = "") -> None:
    with transaction.atomic():
        refund = locks.refund(refund_id)
        ended: dict[str, Any] = {} if to == RefundStatus.PENDING else {"ended_at": ClockTimestamp()}
        if to == RefundStatus.FAILED:
            logger.error("refund_failed", refund=refund_id, error=error[:200])
        stale = refund.status == RefundStatus.SUCCEEDED and to == RefundStatus.PENDING
        if stale or refund.status in {to, RefundStatus.FAILED}:
            Refund.objects.filter(pk=refund.pk).update(look_at=from_now(LATER_SECONDS))
            return
        move_refund(
            refund,
            to,
            actor="stripe",
            stripe_id=stripe_id or refund.stripe_id,
            last_error=error[:200],
            look_at=from_now(LATER_SECONDS),
            **ended,
        )
        if to == RefundStatus.SUCCEEDED:
            tell_of_refund(refund)


def tell_of_refund(refund: Refund) -> None:
    facts = {"amount": str(rounded(refund.amount, refund.currency)), "currency": refund.currency}
    write_mail(refund.payment.booking, MailKind.REFUND, about=refund.pk, method=refund.method, **facts)


def refresh_refund(*, stripe_id: str) -> bool:
    """A delivery spoke of this refund: ask how it stands. False when it is not one of ours."""
    refund = Refund.objects.filter(stripe_id=stripe_id).first()
    if refund is None:
        return False
    answer = gateway.fetch_refund(stripe_id)
    if answer.status in {"failed", "canceled"} or refund.status != RefundStatus.SUCCEEDED:
        record_answer(refund.pk, answer)
    return True


def request_missing_refunds(*, most: int = 50) -> int:
    """The sweep: bookings that are owed more than their refunds say; a failed refund is tried again as a new row.

    After some failures a person has to look: they stay in the metrics, the log and `check_invariants`.
    """
    waiting = _bookings_owed().values_list("pk", flat=True)[:most]
    found = {*waiting, *_bookings_with_foreign_money()[:most]}
    for booking_id in sorted(found):
        with transaction.atomic():
            request_refunds(reservation_locks.booking(booking_id), reason="Owed to the customer")
    return len(found)


def _bookings_owed() -> QuerySet[Booking]:
    refunds = Refund.objects.filter(payment__booking=OuterRef("pk"), currency=OuterRef("currency")).order_by()
    failed = refunds.filter(status=RefundStatus.FAILED)
    disputes = Dispute.objects.filter(payment__booking=OuterRef("pk")).order_by()
    failures = failed.values("payment__booking").annotate(count=Count("pk")).values("count")
    given = _total(refunds.exclude(status=RefundStatus.FAILED))
    lost = _total(disputes.filter(status=DisputeStatus.LOST))
    return (
        Booking.objects.filter(refund_due__gt=0)
        .annotate(failures=Subquery(failures))
        .exclude(Exists(failed.filter(ended_at__gt=from_now(-PAUSE_AFTER_FAILURE_SECONDS))))
        .exclude(Exists(disputes.filter(status=DisputeStatus.OPEN)))
        .filter(Q(failures__lt=MOST_FAILURES) | Q(failures=None))
        .filter(refund_due__gt=Coalesce(Subquery(given), Decimal(0)) + Coalesce(Subquery(lost), Decimal(0)))
    )


def _bookings_with_foreign_money() -> QuerySet[Payment, int]:
    """Money in another currency than the booking's, of which not all is on its way back."""
    refunds = Refund.objects.filter(payment=OuterRef("pk")).order_by()
    failed = refunds.filter(status=RefundStatus.FAILED)
    failures = failed.values("payment").annotate(count=Count("pk")).values("count")
    given = refunds.exclude(status=RefundStatus.FAILED).values("payment").annotate(total=Sum("amount")).values("total")
    return (
        Payment.objects.filter(status__in=CAPTURED_PAYMENTS)
        .annotate(failures=Subquery(failures))
        .filter(Q(failures__lt=MOST_FAILURES) | Q(failures=None))
        .filter(~Q(captured_currency=F("currency")), captured_currency__isnull=False)
        .exclude(Exists(failed.filter(ended_at__gt=from_now(-PAUSE_AFTER_FAILURE_SECONDS))))
        .filter(captured__gt=Coalesce(Subquery(given), Decimal(0)))
        .values_list("booking", flat=True)
    )


def _total(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.values("payment__booking").annotate(total=Sum("amount")).values("total")
