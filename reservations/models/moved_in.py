"""Tickets that another system sold, with the barcodes that it printed."""

from django.db import models

from core.clock import ClockTimestamp
from houses.models import Theater
from reservations.models.bookings import Ticket

LONGEST_BARCODE = 120


class MovedInTicket(models.Model):
    """The old barcode of a ticket that was moved in. Rows are never changed: the door compares scanned barcodes with
    them.

    The barcode is kept exactly as it was printed. `code` is the code of the ticket when it was moved in: after a swap
    the ticket has another one, and the old barcode is refused like any replaced code.
    """

    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="+")
    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="moved_in")
    barcode = models.CharField(max_length=LONGEST_BARCODE)
    code = models.CharField(max_length=32)
    order_number = models.CharField(
        max_length=60, blank=True, db_default="", default="", help_text="The other system's number of the order."
    )
    at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        ordering = ["pk"]
        default_permissions = ("view",)
        permissions = [("move_tickets_in", "Can move tickets in that another system sold")]
        constraints = [
            models.UniqueConstraint(
                fields=["theater", "barcode"],
                name="moved_in_barcode_once",
                violation_error_message="A ticket with this barcode was moved in already.",
            ),
            models.CheckConstraint(
                condition=~models.Q(barcode=""),
                name="moved_in_has_a_barcode",
                violation_error_message="A ticket that is moved in has a barcode.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["theater", "order_number"],
                condition=~models.Q(order_number=""),
                name="moved_in_order_number",
            )
        ]

    def __str__(self) -> str:
        return f"Moved-in ticket {self.ticket_id}"
