"""Canceled tickets. Rows are added and never changed, because mails and credit notes refer to them."""

from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp
from core.columns import MONEY, TAX
from reservations.models.bookings import Booking, Ticket
from reservations.states import CancelCause


class Cancellation(models.Model):
    """Tickets of one booking that were canceled at once, by whom, and why."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="cancellations")
    cause = models.CharField(max_length=8, choices=CancelCause)
    actor = models.CharField(max_length=60)
    reason = models.CharField(max_length=200, blank=True)
    refunded = models.DecimalField(**MONEY)
    kept = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    cash_rounding = models.DecimalField(
        **MONEY, default=0, db_default=0, help_text="What coins made more of the money of a void, or less, in cash."
    )
    at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(refunded__gte=0) & Q(kept__gte=0),
                name="cancellation_amounts_not_negative",
                violation_error_message="Amounts are 0 or more.",
            ),
            models.CheckConstraint(
                condition=~Q(cause=CancelCause.VOID) | Q(kept=0) & ~Q(reason=""),
                name="cancellation_void_is_whole_and_has_a_reason",
                violation_error_message="A sale that is voided gives everything back, and says why.",
            ),
            models.CheckConstraint(
                condition=Q(cash_rounding=0) | Q(cause=CancelCause.VOID),
                name="cancellation_rounding_is_of_a_void",
                violation_error_message="Only a void hands out coins at once.",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="cancellation_at")]

    def __str__(self) -> str:
        return f"Cancellation {self.pk}"


class CanceledTicket(models.Model):
    """The refund for one canceled ticket. A ticket is canceled once, so its row here is unique."""

    cancellation = models.ForeignKey(Cancellation, on_delete=models.PROTECT, related_name="lines")
    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="canceled")
    refunded = models.DecimalField(**MONEY)
    refunded_tax = models.DecimalField(**TAX)
    kept = models.DecimalField(**MONEY)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(refunded__gte=0, kept__gte=0, refunded_tax__gte=0)
                & Q(refunded_tax__lte=models.F("refunded")),
                name="canceled_ticket_amounts_make_sense",
                violation_error_message="Amounts are 0 or more, and tax is a part of what goes back.",
            )
        ]

    def __str__(self) -> str:
        return f"Canceled ticket {self.ticket_id}"
