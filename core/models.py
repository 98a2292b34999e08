from datetime import datetime

from django.db import models
from django.db.models.functions import Now

from core.clock import ClockTimestamp


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def beat(self, name: str, at: datetime | None = None) -> None:
        """Write down that a process is alive, by the database's clock unless the moment is given."""
        Heartbeat.objects.bulk_create(
            [Heartbeat(name=name, at=at or ClockTimestamp())],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["at"],
        )


class Heartbeat(models.Model):
    """When a background process was last seen; shown by /readyz and the metrics, never used for correctness."""

    name = models.CharField(max_length=50, primary_key=True)
    at = models.DateTimeField(db_default=Now())

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
