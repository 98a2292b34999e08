"""Seats that are broken and cannot be sold."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp
from theaters.models.auditoriums import Auditorium
from theaters.seat_labels import LONGEST_LABEL


class BrokenSeat(models.Model):
    """A chair of an auditorium, by its label, until it is mended: kept back wherever it is free, and at what opens later."""

    auditorium = models.ForeignKey(Auditorium, on_delete=models.PROTECT, related_name="broken_seats")
    label = models.CharField(max_length=LONGEST_LABEL)
    reason = models.CharField(max_length=60)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    broken_at = models.DateTimeField(db_default=ClockTimestamp())
    mended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["auditorium", "label"],
                condition=Q(mended_at=None),
                name="seat_broken_once_at_a_time",
                violation_error_message="This seat is reported broken already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.auditorium}"
