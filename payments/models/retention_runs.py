"""Records of the nightly deletion of old personal data."""

from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp


class RetentionRun(models.Model):
    """One night's deletion of personal data that is past its term, with counts by kind."""

    began_at = models.DateTimeField(db_default=ClockTimestamp())
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict, db_default={}, help_text="Emptied or deleted, by what it was.")

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=False) | Q(counts={}),
                name="retention_counts_when_finished",
                violation_error_message="A night that is not over has counted nothing.",
            ),
        ]

    def __str__(self) -> str:
        return f"Retention {self.pk}"
