import secrets
from datetime import datetime

from django.db import models
from django.db.models.functions import Now

from core.clock import ClockTimestamp

THE_ROW = 1


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


class InstallationQuerySet(models.QuerySet["Installation"]):
    def read_or_create(self) -> str:
        """The id in the one row; the migration writes it, so only emptied test databases need a new one."""
        if (known := self.values_list("public_id", flat=True).first()) is not None:
            return known
        self.bulk_create([self.model(pk=THE_ROW, public_id=secrets.token_hex(16))], ignore_conflicts=True)
        return self.values_list("public_id", flat=True).get(pk=THE_ROW)


class Installation(models.Model):
    """This installation, in its one row. The id never changes (core/installation.py)."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    public_id = models.CharField(max_length=32)

    objects = InstallationQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=THE_ROW), name="installation_has_one_row")]

    def __str__(self) -> str:
        return self.public_id
