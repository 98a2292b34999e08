"""The log of moves."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from core.clock import ClockTimestamp


class Move(models.Model):
    """The log of moves: what went from which status to which, when, by whom. Append-only by trigger."""

    what = models.CharField(max_length=12)
    what_id = models.BigIntegerField()
    from_status = models.CharField(max_length=12, blank=True)
    to_status = models.CharField(max_length=12)
    actor = models.CharField(max_length=60)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["what", "what_id"]),
            # A BRIN index: rows are stored in the order of time, because the log only grows, so the index takes few
            # pages for millions of moves.
            BrinIndex(fields=["at"], name="move_at"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.what_id}: {self.from_status} → {self.to_status}"
