"""Swaps of seats by staff. Rows are never changed: by them the door explains an old code."""

from django.db import models

from core.clock import ClockTimestamp
from reservations.models.bookings import Booking, Ticket
from theaters.models import Seat


class SeatSwap(models.Model):
    """Tickets of one booking that got other seats at once, by whom, and why."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="swaps")
    actor = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Swap {self.pk}"


class SwappedTicket(models.Model):
    """A ticket's seat and code before and after. A code that was replaced is never any ticket's again."""

    swap = models.ForeignKey(SeatSwap, on_delete=models.PROTECT, related_name="lines")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="swaps")
    old_seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+", db_index=False)
    new_seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+", db_index=False)
    old_code = models.CharField(max_length=32, unique=True)
    new_code = models.CharField(max_length=32, unique=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["swap", "ticket"], name="swapped_once_per_swap"),
            models.CheckConstraint(
                condition=~models.Q(old_seat=models.F("new_seat")) & ~models.Q(old_code=models.F("new_code")),
                name="swap_changes_seat_and_code",
                violation_error_message="A swap changes the seat and the code.",
            ),
        ]

    def __str__(self) -> str:
        return f"Swapped ticket {self.ticket_id}"
