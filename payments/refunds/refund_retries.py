"""A failed refund is tried again by a person: a new row with a key of its own."""

from decimal import Decimal

from django.db import transaction

from core.refusals import Refusal, WayOn
from core.texts.lazy_text import gettext_lazy as _
from payments import locks
from payments.models import Dispute, Refund
from payments.records.money_advice import is_locked, missing_of
from payments.records.refund_rows import request_refunds
from payments.refunds.cancellation import BookingDisputed
from payments.states import RefundStatus
from reservations.models import first_booking
from reservations.records.status_changes import log_moves
from sales.locks import sale as sale_lock
from staff.services.audit import record


class NotFailed(Refusal):
    sentence = "Only a failed refund can be tried again."


class OnItsWay(Refusal):
    way_on = WayOn(_("All that waits"), to="counter_payouts")
    sentence = "This money is on its way already: the refund was tried again, or something else went back instead."


def require_retry(refund: Refund) -> Decimal:
    """Return the amount of a retry: all that is owed and not on its way. Raises a Refusal."""
    if refund.status != RefundStatus.FAILED:
        raise NotFailed
    sale = refund.payment.sale
    payments = list(sale.payments.all())
    if is_locked(payments, list(Dispute.objects.filter(payment__in=payments))):
        raise BookingDisputed
    missing = missing_of(sale, payments).get(refund.payment_id, Decimal(0))
    if missing <= 0:
        raise OnItsWay
    return missing


def retry_refund(*, refund_id: int, reason: str, actor: str) -> Refund:
    """Ask the provider once more for the missing amount. Raises a Refusal; then nothing is changed."""
    sale_id = Refund.objects.values_list("payment__sale_id", flat=True).get(pk=refund_id)
    with transaction.atomic():
        sale = sale_lock(sale_id)
        locks.payments_of(sale_id)
        require_retry(locks.refund(refund_id))
        before = set(_refunds(sale_id))
        request_refunds(sale, reason=f"Tried again: {reason}"[:120])
        made = sorted(set(_refunds(sale_id)) - before)
        if not made:
            raise OnItsWay
        log_moves("retry", [(pk, "FAILED", "REQUESTED") for pk in made], actor=actor, note=reason)
        record(
            actor=actor,
            action="retry refund",
            thing=first_booking(sale),
            theater=sale.theater_id,
            after={"refunds": made},
            reason=reason,
        )
    return Refund.objects.get(pk=made[-1])


def _refunds(sale_id: int) -> list[int]:
    return list(Refund.objects.filter(payment__sale_id=sale_id).values_list("pk", flat=True))
