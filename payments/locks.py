"""The only row locks of payments. In every transaction they come after Showtime, Hold and Booking, before Ticket,
ShowtimeSeat, the advisory locks of persons (reservations/locks/) and PromoCode.

Among themselves: Payment, Refund, Dispute. A waiting check is locked in a transaction that locks nothing else.
"""

from payments.models import Dispute, InvariantRun, Payment, Refund


def payment(payment_id: int) -> Payment:
    """Lock one payment. Raises Payment.DoesNotExist."""
    return Payment.objects.select_for_update(no_key=True).get(pk=payment_id)


def payments_of(sale_id: int) -> list[Payment]:
    return list(Payment.objects.filter(sale_id=sale_id).order_by("pk").select_for_update(no_key=True))


def refund(refund_id: int) -> Refund:
    """Lock one refund. Raises Refund.DoesNotExist."""
    return Refund.objects.select_for_update(no_key=True).get(pk=refund_id)


def waiting_check() -> InvariantRun | None:
    """The check that was asked for, unless another worker has it. Alone in its transaction: it locks nothing else."""
    return InvariantRun.objects.filter(finished_at=None).select_for_update(no_key=True, skip_locked=True).first()


def dispute(dispute_id: int) -> Dispute:
    """Lock one dispute. Raises Dispute.DoesNotExist."""
    return Dispute.objects.select_for_update(no_key=True).get(pk=dispute_id)
