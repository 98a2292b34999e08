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
from reservations.services.status_changes import log_moves


def move_payment(payment: Payment, to: PaymentStatus, *, actor: str, note: str = "", **fields: Any) -> None:
    """Move a locked payment and set the fields that go with it."""
    old = PAYMENT_MOVES.move(payment, to, **fields)
    log_moves("payment", [(payment.pk, old, to)], actor=actor, note=note)


def move_payment_from(payment_id: int, old: PaymentStatus, to: PaymentStatus, *, actor: str, **fields: Any) -> bool:
    """Move a payment if it still is where it is believed to be, in one statement instead of a lock and a change."""
    PAYMENT_MOVES.require(old, to)
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
    old = REFUND_MOVES.move(refund, to, **fields)
    log_moves("refund", [(refund.pk, old, to)], actor=actor, note=note)
    if to == RefundStatus.FAILED:
        tell_of_failure(refund)


def move_dispute(dispute: Dispute, to: DisputeStatus, *, actor: str, note: str = "", **fields: Any) -> None:
    """Move a locked dispute and set the fields that go with it."""
    old = DISPUTE_MOVES.move(dispute, to, **fields)
    log_moves("dispute", [(dispute.pk, old, to)], actor=actor, note=note)
