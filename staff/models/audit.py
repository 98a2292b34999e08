"""The audit log: who changed what, from what to what, and why."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from core.clock import ClockTimestamp
from houses.models.theaters import Theater
from staff.models.devices import Device


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def about(self, thing: models.Model) -> "AuditEntryQuerySet":
        return self.filter(what=thing._meta.label_lower, what_id=thing.pk)


class AuditEntry(models.Model):
    """One act of the staff. Append-only by trigger; without a theater it is about all theaters."""

    at = models.DateTimeField(db_default=ClockTimestamp())
    theater = models.ForeignKey(Theater, null=True, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(
        max_length=60, help_text="As in the log of moves: staff:<id>, staff:<id>@<device>, worker …"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, db_index=False, related_name="+")
    action = models.CharField(max_length=40, help_text="add, change, delete, or what a service calls its act")
    what = models.CharField(max_length=60, help_text="Kind of thing, such as theaters.showtime")
    what_id = models.BigIntegerField(null=True)
    what_text = models.CharField(max_length=200, help_text="The thing in words, as it was then")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "audit entry"
        verbose_name_plural = "audit log"
        default_permissions = ("view",)
        permissions = [("export_auditentry", "Can take the audit log out as a file")]
        indexes = [
            models.Index(fields=["what", "what_id"]),
            models.Index(fields=["theater", "-id"]),
            BrinIndex(fields=["at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.what_text}"

    @property
    def who(self) -> str:
        """The person, or the software that acted; and the device used."""
        name = self.user.email if self.user else self.actor
        return f"{name}, {self.device.name}" if self.device else name

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """Rows of name, old value and new value, for each field."""
        names = [*self.before, *(name for name in self.after if name not in self.before)]
        return [(name, self.before.get(name), self.after.get(name)) for name in names]
