"""Statuses of payments, refunds and disputes, and the tables of allowed moves."""

from django.db import models

from core.rows.statuses import StatusTable


class PaymentMethod(models.TextChoices):
    ONLINE = "ONLINE", "Card online"
    CASH = "CASH", "Cash"
    TERMINAL = "TERMINAL", "Card at the counter"
    MOVED_IN = "MOVED_IN", "Moved in"


# The name of the counter as a provider: a person takes the money and gives it back, without a payment page.
COUNTER = "counter"
COUNTER_METHODS = (PaymentMethod.CASH, PaymentMethod.TERMINAL)
# The name of the provider of money that another ticket system took before its tickets were moved in.
MOVED_IN = "moved in"
# Methods whose refunds a person pays: out of the drawer, or outside of this software for moved-in sales.
BY_HAND_METHODS = (*COUNTER_METHODS, PaymentMethod.MOVED_IN)


class PaymentStatus(models.TextChoices):
    CREATED = "CREATED", "Created"
    OPEN = "OPEN", "Open"
    SUCCEEDED = "SUCCEEDED", "Succeeded"
    FAILED = "FAILED", "Failed"
    CLOSED = "CLOSED", "Closed"
    DISPUTED = "DISPUTED", "Disputed"


# Statuses of payments that may be open at the provider, and of those that brought money.
OPEN_PAYMENTS = (PaymentStatus.CREATED, PaymentStatus.OPEN)
CAPTURED_PAYMENTS = (PaymentStatus.SUCCEEDED, PaymentStatus.DISPUTED)

PAYMENT_MOVES = StatusTable(
    PaymentStatus,
    {
        PaymentStatus.CREATED: {
            PaymentStatus.OPEN,
            PaymentStatus.SUCCEEDED,
            PaymentStatus.FAILED,
            PaymentStatus.CLOSED,
        },
        PaymentStatus.OPEN: {PaymentStatus.SUCCEEDED, PaymentStatus.FAILED, PaymentStatus.CLOSED},
        PaymentStatus.FAILED: {PaymentStatus.SUCCEEDED},
        PaymentStatus.CLOSED: {PaymentStatus.SUCCEEDED},
        # After a lost dispute it stays disputed: the bank took the money back, and nothing of it can be refunded.
        PaymentStatus.SUCCEEDED: {PaymentStatus.DISPUTED},
        PaymentStatus.DISPUTED: {PaymentStatus.SUCCEEDED},
    },
)


class RefundStatus(models.TextChoices):
    REQUESTED = "REQUESTED", "Requested"
    SUBMITTED = "SUBMITTED", "Submitted"
    PENDING = "PENDING", "Pending"
    SUCCEEDED = "SUCCEEDED", "Succeeded"
    FAILED = "FAILED", "Failed"


REFUND_MOVES = StatusTable(
    RefundStatus,
    {
        # To FAILED without being sent: somebody gave the money back in the provider's dashboard. To SUCCEEDED at once:
        # paid out at the counter.
        RefundStatus.REQUESTED: {RefundStatus.SUBMITTED, RefundStatus.SUCCEEDED, RefundStatus.FAILED},
        RefundStatus.SUBMITTED: {RefundStatus.PENDING, RefundStatus.SUCCEEDED, RefundStatus.FAILED},
        RefundStatus.PENDING: {RefundStatus.SUCCEEDED, RefundStatus.FAILED},
        # A bank may still send a refund back after it was called done.
        RefundStatus.SUCCEEDED: {RefundStatus.FAILED},
        # The provider's own object may show that it exists, whatever an earlier answer said.
        RefundStatus.FAILED: {RefundStatus.PENDING, RefundStatus.SUCCEEDED},
    },
)


class DisputeStatus(models.TextChoices):
    NEW = "NEW", "New: told of"
    INQUIRY = "INQUIRY", "Inquiry: the bank asks, no money moves"
    OPEN = "OPEN", "Open: the bank holds the money"
    WON = "WON", "Won"
    LOST = "LOST", "Lost"
    CLOSED = "CLOSED", "Closed without a dispute"


UNDECIDED_DISPUTES = (DisputeStatus.NEW, DisputeStatus.INQUIRY, DisputeStatus.OPEN)
DECIDED_DISPUTES = (DisputeStatus.WON, DisputeStatus.LOST, DisputeStatus.CLOSED)

DISPUTE_MOVES = StatusTable(
    DisputeStatus,
    {
        DisputeStatus.NEW: {DisputeStatus.INQUIRY, DisputeStatus.OPEN},
        DisputeStatus.INQUIRY: {DisputeStatus.OPEN, DisputeStatus.CLOSED},
        DisputeStatus.OPEN: {DisputeStatus.WON, DisputeStatus.LOST, DisputeStatus.CLOSED},
        # A bank may take a decided dispute up again, and decide it differently.
        DisputeStatus.WON: {DisputeStatus.OPEN},
        DisputeStatus.LOST: {DisputeStatus.OPEN},
        DisputeStatus.CLOSED: {DisputeStatus.INQUIRY, DisputeStatus.OPEN},
    },
)
