"""What may happen to a payment, a refund and a dispute."""

from django.db import models

from core.rows.statuses import StatusTable


class PaymentMethod(models.TextChoices):
    ONLINE = "ONLINE", "Card online"
    CASH = "CASH", "Cash"
    TERMINAL = "TERMINAL", "Card at the counter"
    MOVED_IN = "MOVED_IN", "Moved in"


# Money of the counter: a person takes it and gives it back, and no payment page ever hears of it.
# The counter's name as a payment provider.
COUNTER = "counter"
COUNTER_METHODS = (PaymentMethod.CASH, PaymentMethod.TERMINAL)
# Money that another ticket system took before its sold tickets were moved in: the name of its provider.
MOVED_IN = "moved in"
# What a person gives back: out of the drawer, or outside of this software where the other system did the selling.
BY_HAND_METHODS = (*COUNTER_METHODS, PaymentMethod.MOVED_IN)


class PaymentStatus(models.TextChoices):
    CREATED = "CREATED", "Created"
    OPEN = "OPEN", "Open"
    SUCCEEDED = "SUCCEEDED", "Succeeded"
    FAILED = "FAILED", "Failed"
    CLOSED = "CLOSED", "Closed"
    DISPUTED = "DISPUTED", "Disputed"


# What stays open at the provider may still be paid; what is captured is money that came.
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
        # A dispute that is lost leaves it disputed: the bank took the money back, and nothing of it is ours to give.
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
        # Never sent: somebody gave the money back in the provider's dashboard meanwhile.
        # Paid out by a person at the counter: done at once.
        RefundStatus.REQUESTED: {RefundStatus.SUBMITTED, RefundStatus.SUCCEEDED, RefundStatus.FAILED},
        RefundStatus.SUBMITTED: {RefundStatus.PENDING, RefundStatus.SUCCEEDED, RefundStatus.FAILED},
        RefundStatus.PENDING: {RefundStatus.SUCCEEDED, RefundStatus.FAILED},
        # A bank may still send a refund back after it was called done.
        RefundStatus.SUCCEEDED: {RefundStatus.FAILED},
        # The provider has it all the same: its own object says so, whatever an earlier answer said.
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
        DisputeStatus.OPEN: {DisputeStatus.WON, DisputeStatus.LOST},
    },
)
