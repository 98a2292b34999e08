"""What may happen to a payment and a refund."""

from django.db import models


class PaymentStatus(models.TextChoices):
    CREATED = "CREATED", "Created"
    OPEN = "OPEN", "Open"
    SUCCEEDED = "SUCCEEDED", "Succeeded"
    FAILED = "FAILED", "Failed"
    CLOSED = "CLOSED", "Closed"
    DISPUTED = "DISPUTED", "Disputed"


OPEN_PAYMENTS = (PaymentStatus.CREATED, PaymentStatus.OPEN)
CAPTURED_PAYMENTS = (PaymentStatus.SUCCEEDED, PaymentStatus.DISPUTED)

PAYMENT_MOVES: dict[PaymentStatus, frozenset[PaymentStatus]] = {
    PaymentStatus.CREATED: frozenset(
        {PaymentStatus.OPEN, PaymentStatus.SUCCEEDED, PaymentStatus.FAILED, PaymentStatus.CLOSED}
    ),
    PaymentStatus.OPEN: frozenset({PaymentStatus.SUCCEEDED, PaymentStatus.FAILED, PaymentStatus.CLOSED}),
    PaymentStatus.FAILED: frozenset({PaymentStatus.SUCCEEDED}),
    PaymentStatus.CLOSED: frozenset({PaymentStatus.SUCCEEDED}),
    PaymentStatus.SUCCEEDED: frozenset({PaymentStatus.DISPUTED}),
    PaymentStatus.DISPUTED: frozenset({PaymentStatus.SUCCEEDED}),
}


class RefundStatus(models.TextChoices):
    REQUESTED = "REQUESTED", "Requested"
    SUBMITTED = "SUBMITTED", "Submitted"
    PENDING = "PENDING", "Pending"
    SUCCEEDED = "SUCCEEDED", "Succeeded"
    FAILED = "FAILED", "Failed"


REFUND_MOVES: dict[RefundStatus, frozenset[RefundStatus]] = {
    RefundStatus.REQUESTED: frozenset({RefundStatus.SUBMITTED}),
    RefundStatus.SUBMITTED: frozenset({RefundStatus.PENDING, RefundStatus.SUCCEEDED, RefundStatus.FAILED}),
    RefundStatus.PENDING: frozenset({RefundStatus.SUCCEEDED, RefundStatus.FAILED}),
    # A bank may still send a refund back after it was called done.
    RefundStatus.SUCCEEDED: frozenset({RefundStatus.FAILED}),
    RefundStatus.FAILED: frozenset(),
}
