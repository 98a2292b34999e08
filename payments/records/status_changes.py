"""The only module that changes the status of a payment, a refund or a dispute: checked by the table of allowed moves,
saved with its fields, logged.
"""

from typing import Any

from django.db import connection

from payments.models import Dispute, Payment, Refund
from payments.records.refund_alerts import tell_of_failure
from payments.states import (
    DISPUTE_MOVES,
    PAYMENT_MOVES,
    REFUND_MOVES,
    DisputeStatus,
    PaymentStatus,
    RefundStatus,
)
from reservations.records.status_changes import log_moves

# The change and its row in the log in one statement, because a customer who pressed Pay waits for it.
OPEN_PAYMENT = """
WITH opened AS (
  UPDATE payments_payment SET status = 'OPEN', session_id = %(session_id)s, session_url = %(session_url)s
   WHERE id = %(payment)s AND status = 'CREATED' RETURNING id
)
INSERT INTO reservations_move (what, what_id, from_status, to_status, actor, note)
SELECT 'payment', id, 'CREATED', 'OPEN', %(actor)s, '' FROM opened
"""


def move_payment(payment: Payment, to: PaymentStatus, *, actor: str, note: str = "", **fields: Any) -> None:
    """Move a locked payment and set the fields that go with it."""
    old = PAYMENT_MOVES.move(payment, to, **fields)
    log_moves("payment", [(payment.pk, old, to)], actor=actor, note=note)


def open_created_payment(payment_id: int, *, session_id: str, session_url: str, actor: str) -> bool:
    """Move a payment from CREATED to OPEN with its session, logged. False when it is not CREATED any more."""
    PAYMENT_MOVES.require(PaymentStatus.CREATED, PaymentStatus.OPEN)
    values: dict[str, Any] = {
        "payment": payment_id,
        "session_id": session_id,
        "session_url": session_url,
        "actor": actor,
    }
    with connection.cursor() as cursor:
        cursor.execute(OPEN_PAYMENT, values)
        return cursor.rowcount == 1


def record_taken(payment: Payment, *, actor: str) -> None:
    """Write a payment that the counter took as succeeded at once, with its row in the log."""
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
