"""Changing the status of a payment, a refund or a dispute: allowed by the table, saved with its fields, logged. Nowhere else."""

from typing import Any

from payments.models import Dispute, Payment, Refund
from payments.services.refund_alerts import tell_of_failure
from payments.states import (
    DISPUTE_MOVES,
    PAYMENT_MOVES,
    REFUND_MOVES,
    DisputeStatus,
    PaymentStatus,
    RefundStatus,
)
from reservations.services.status_changes import log_moves, require_allowed


def move_payment(payment: Payment, to: PaymentStatus, *, actor: str, note: str = "", **fields: Any) -> None:
    """Move a locked payment and set the fields that go with it."""
    old = PaymentStatus(payment.status)
    require_allowed(PAYMENT_MOVES, old, to)
    _save(payment, to, fields)
    log_moves("payment", [(payment.pk, old, to)], actor=actor, note=note)


def move_payment_from(payment_id: int, old: PaymentStatus, to: PaymentStatus, *, actor: str, **fields: Any) -> bool:
    """Move a payment if it still is where it is believed to be, in one statement instead of a lock and a change."""
    require_allowed(PAYMENT_MOVES, old, to)
    moved = Payment.objects.filter(pk=payment_id, status=old).update(status=to, **fields)
    if moved:
        log_moves("payment", [(payment_id, old, to)], actor=actor)
    return bool(moved)


def record_taken(payment: Payment, *, actor: str) -> None:
    """Money taken at the counter is there when its row is: written as succeeded, and logged as the move that it is."""
    payment.save(force_insert=True)
    log_moves("payment", [(payment.pk, PaymentStatus.CREATED, PaymentStatus.SUCCEEDED)], actor=actor)


def move_refund(refund: Refund, to: RefundStatus, *, actor: str, note: str = "", **fields: Any) -> None:
    """Move a locked refund and set the fields that go with it."""
    old = RefundStatus(refund.status)
    require_allowed(REFUND_MOVES, old, to)
    _save(refund, to, fields)
    log_moves("refund", [(refund.pk, old, to)], actor=actor, note=note)
    if to == RefundStatus.FAILED:
        tell_of_failure(refund)


def move_dispute(dispute: Dispute, to: DisputeStatus, *, actor: str, note: str = "", **fields: Any) -> None:
    """Move a locked dispute and set the fields that go with it."""
    old = DisputeStatus(dispute.status)
    require_allowed(DISPUTE_MOVES, old, to)
    _save(dispute, to, fields)
    log_moves("dispute", [(dispute.pk, old, to)], actor=actor, note=note)


def _save(row: Payment | Refund | Dispute, to: str, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.status = to
    row.save(update_fields=["status", *fields])
