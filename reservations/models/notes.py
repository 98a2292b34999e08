"""Notes of staff about a booking, for each other. Customers never see them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp
from reservations.models.bookings import Booking

LONGEST_NOTE = 300


class BookingNote(models.Model):
    """A note of one person of the staff for the next, about one booking. It is never changed and never deleted.

    It may contain personal data, so a trigger empties it when the contact of the sale is emptied.
    """

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="notes")
    text = models.CharField(max_length=LONGEST_NOTE, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField(db_default=ClockTimestamp())
    emptied_at = models.DateTimeField(null=True, help_text="When it was erased together with the sale's contact.")

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(emptied_at=None) & ~Q(text="") | Q(emptied_at__isnull=False, text=""),
                name="booking_note_says_something_until_it_is_emptied",
                violation_error_message="A note says something until it is erased.",
            ),
        ]

    def __str__(self) -> str:
        return f"Note {self.pk}"
