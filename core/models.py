import secrets
from datetime import datetime

from django.db import models
from django.db.models.functions import Now

from core.clock import ClockTimestamp

THE_ROW = 1


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def beat(self, name: str, at: datetime | None = None) -> None:
        """Record that a process is alive, at the given moment or the database's time."""
        Heartbeat.objects.bulk_create(
            [Heartbeat(name=name, at=at or ClockTimestamp())],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["at"],
        )


class Heartbeat(models.Model):
    """The last sign of life of a background process, for /readyz and the metrics only."""

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
    """The single row of this installation. Its id never changes (core/installation.py)."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    public_id = models.CharField(max_length=32)

    objects = InstallationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=THE_ROW),
                name="installation_has_one_row",
                violation_error_message="There is one row about the installation.",
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class PauseKind(models.TextChoices):
    """Kinds of pauses, whose values sort the stricter kind first."""

    AFTER_RESTORE = "AFTER_RESTORE", "After a restore"
    BY_HAND = "BY_HAND", "By hand"


class SalesPauseQuerySet(models.QuerySet["SalesPause"]):
    def active(self) -> "SalesPauseQuerySet":
        return self.filter(ended_at=None)

    def after_restore(self) -> "SalesPauseQuerySet":
        return self.active().filter(kind=PauseKind.AFTER_RESTORE)

    def not_agreed(self) -> "SalesPauseQuerySet":
        """Pauses after a restore since which provider and database have not agreed."""
        return self.after_restore().filter(agreed_at=None)

    def to_tell(self) -> "SalesPauseQuerySet":
        """Pauses that began by themselves and that nobody was told of yet."""
        return self.after_restore().filter(told_at=None)


class SalesPause(models.Model):
    """A time in which nothing is sold (core/pauses.py). What was written when it began never changes."""

    kind = models.CharField(max_length=13, choices=PauseKind)
    why = models.TextField()
    actor = models.CharField(max_length=60, help_text="Who paused: staff:<id>, command, worker …")
    since = models.DateTimeField(db_default=ClockTimestamp())
    known_until = models.DateTimeField(null=True, help_text="After a restore: tickets sold later cannot be known here.")
    agreed_at = models.DateTimeField(
        null=True,
        help_text="After a restore: when the payment provider and the database agreed; empty while they differ.",
    )
    lost = models.JSONField(
        default=dict,
        db_default={},
        help_text="After a restore: sales without a provider that the file beside the database knows of, and it does not.",
    )
    told_at = models.DateTimeField(null=True, help_text="When staff got the mail about a pause after a restore.")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=60, blank=True)

    objects = SalesPauseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "pause of sales"
        verbose_name_plural = "pauses of sales"
        default_permissions = ["view"]
        permissions = [("pause_sales", "Can pause all ticket sales, and resume them")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(ended_at=None),
                name="sales_pause_one_active",
                violation_error_message="Sales are paused in this way already.",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) ^ ~models.Q(ended_by=""),
                name="sales_pause_ended_by_somebody",
                violation_error_message="A pause that ended says by whom, and one that lasts does not.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=PauseKind.AFTER_RESTORE)
                | models.Q(kind=PauseKind.BY_HAND, known_until=None, agreed_at=None, told_at=None, lost={}),
                name="sales_pause_by_hand_has_no_restore",
                violation_error_message="Only a pause after a restore compares ledgers and is told to staff.",
            ),
        ]

    def __str__(self) -> str:
        return f"Pause {self.pk}"
