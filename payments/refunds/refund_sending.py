"""Sends refunds to the provider, always with the refund's own key until the outcome is known."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

import structlog
from django.db import transaction
from django.db.models import Exists

from core.clock import database_now, from_now
from core.pauses import is_stopped_after_restore
from payments import locks
from payments.models import Dispute, Payment, Refund
from payments.models.refunds import REFUNDS
from payments.providers import errors
from payments.providers.answers import RefundAnswer
from payments.providers.registry import provider_named
from payments.records.status_changes import move_refund
from payments.refunds.refund_answers import LATER_SECONDS, record_answer, record_refusal
from payments.refunds.refunds_and_disputes import follow_refunds_and_disputes
from payments.states import PaymentMethod, RefundStatus

LEASE_SECONDS = 60
KEYS_ARE_KEPT = timedelta(hours=23)
# Our own code for a refusal without one, if the list of refunds proves it.
NOTHING_LEFT = "nothing_left"
logger = structlog.get_logger(__name__)


class RefundOutcome(StrEnum):
    """The outcome of a due refund."""

    NOTED = "noted"  # the provider's answer is stored, or there was nothing to ask
    REFUSED = "refused"
    UNKNOWN = "unknown"  # the sweep asks again, with the same key


def send_refund(*, refund_id: int) -> bool:
    """Send a refund, or ask how it stands; False when the provider refuses to give it."""
    return send_or_ask(refund_id=refund_id) != RefundOutcome.REFUSED


def send_or_ask(*, refund_id: int) -> RefundOutcome:
    """Send a refund or ask how it stands. During a pause after a restore it does nothing."""
    if is_stopped_after_restore():
        return RefundOutcome.NOTED
    if not REFUNDS.claim(Refund.objects.all(), refund_id, seconds=LEASE_SECONDS):
        return RefundOutcome.NOTED
    if not _has_looked(refund_id):
        return RefundOutcome.UNKNOWN
    refund = None if _waits_for_a_bank(refund_id) else _submitted(refund_id)
    return RefundOutcome.NOTED if refund is None else _send(refund)


def _send(refund: Refund) -> RefundOutcome:
    try:
        answer = _ask_provider(refund)
    except errors.Unknown as error:
        _note_error(refund.pk, error)
        return RefundOutcome.UNKNOWN
    except errors.Refused as refusal:
        if refund.provider_id:
            # The refund exists, and only the question about it was refused.
            logger.exception("refund_not_shown", refund=refund.pk)
            return RefundOutcome.NOTED
        record_refusal(refund.pk, refusal)
        return RefundOutcome.REFUSED
    record_answer(refund.pk, answer)
    return RefundOutcome.NOTED


def _has_looked(refund_id: int) -> bool:
    """Before a second refund of a payment is sent, look up the others at the provider.

    False if it does not answer. A refund that counts as failed may exist there; then it is recorded, and this request
    may be dropped.
    """
    unsent = Refund.objects.filter(pk=refund_id, status=RefundStatus.REQUESTED)
    payment = Payment.objects.filter(refunds__in=unsent).first()
    if payment is None or not payment.refunds.filter(method=PaymentMethod.ONLINE).exclude(pk=refund_id).exists():
        return True
    try:
        follow_refunds_and_disputes(payment)
    except errors.ProviderError as error:
        _note_error(refund_id, error)
        return False
    return True


def _note_error(refund_id: int, error: errors.ProviderError) -> None:
    Refund.objects.filter(pk=refund_id).update(last_error=str(error)[:200])


def _waits_for_a_bank(refund_id: int) -> bool:
    """Put an unsent refund of a disputed payment off: the provider would refuse it, and the bank may pay it back."""
    disputed = Dispute.objects.open().filter(payment__refunds=refund_id)
    unsent = Refund.objects.filter(pk=refund_id, status=RefundStatus.REQUESTED)
    return bool(unsent.filter(Exists(disputed)).update(look_at=from_now(LATER_SECONDS)))


def _submitted(refund_id: int) -> Refund | None:
    """Mark the refund as sent and return it; None when it ended or was dropped meanwhile."""
    with transaction.atomic():
        refund = locks.refund(refund_id)
        if refund.status == RefundStatus.REQUESTED:
            move_refund(refund, RefundStatus.SUBMITTED, actor="worker")
    if refund.status not in {RefundStatus.SUBMITTED, RefundStatus.PENDING}:
        return None
    return Refund.objects.select_related("payment").get(pk=refund_id)


def _ask_provider(refund: Refund) -> RefundAnswer:
    if refund.provider_id:
        return provider_named(refund.provider).look_at_refund(refund.provider_id)
    if database_now() - refund.created_at > KEYS_ARE_KEPT:
        # The key is forgotten: a repeat would pay twice.
        found = _with_our_key(refund, _all_there(refund))
        if found is not None:
            return found
    try:
        return _create(refund)
    except (errors.Broken, errors.Refused, errors.Unproven) as error:
        # An earlier try may have gone through, with an answer that was lost.
        listed = _all_there(refund)
        found = _with_our_key(refund, listed)
        if found is not None:
            return found
        if isinstance(error, errors.Unproven) and _cannot_be_given(refund, listed):
            raise errors.Refused(NOTHING_LEFT, str(error)) from error
        raise


def _create(refund: Refund) -> RefundAnswer:
    assert refund.payment.provider_id is not None
    return provider_named(refund.provider).refund(
        provider_payment_id=refund.payment.provider_id, amount=refund.amount, currency=refund.currency, key=refund.key
    )


def _all_there(refund: Refund) -> list[RefundAnswer]:
    """All refunds of its payment. Raises Unknown, also when the provider refuses to list them, which proves nothing."""
    assert refund.payment.provider_id is not None
    try:
        return provider_named(refund.provider).refunds_of(refund.payment.provider_id)
    except errors.Refused as refusal:
        raise errors.Unknown(f"refunds are not shown: {refusal.code}") from refusal


def _with_our_key(refund: Refund, listed: Iterable[RefundAnswer]) -> RefundAnswer | None:
    return next((answer for answer in listed if answer.key == refund.key), None)


def _cannot_be_given(refund: Refund, listed: Iterable[RefundAnswer]) -> bool:
    """Whether the charge has less left than the refund: the provider refuses that without a code, but its list of
    refunds proves it.
    """
    given = sum((answer.amount for answer in listed if answer.status != RefundStatus.FAILED), Decimal(0))
    return given + refund.amount > refund.payment.taken
