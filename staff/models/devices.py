"""Enrolled devices: the counters, doors and boards of a theater."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.clock import ClockTimestamp
from houses.models import Theater
from staff.states import DeviceTask


class DeviceQuerySet(models.QuerySet["Device"]):
    def in_use(self) -> "DeviceQuerySet":
        return self.filter(enrolled_at__isnull=False, revoked_at__isnull=True)

    def with_open_link(self) -> "DeviceQuerySet":
        """Devices whose link can still enroll a browser, by the database's clock."""
        return self.filter(link_until__gt=ClockTimestamp(), revoked_at__isnull=True)


class Device(models.Model):
    """A browser with a cookie of its own, at one theater, for one task. Of cookie and link only the SHA-256 is stored.

    The operator is the person who last typed their PIN on it. The device is locked for them when they were idle too
    long, or when `active_at` is empty.
    """

    name = models.CharField(max_length=40)
    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="devices")
    task = models.CharField(max_length=7, choices=DeviceTask)
    made_at = models.DateTimeField(db_default=ClockTimestamp(), editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+")
    link_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    link_until = models.DateTimeField(null=True, editable=False)
    cookie_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    enrolled_at = models.DateTimeField(null=True, editable=False)
    used_at = models.DateTimeField(null=True, editable=False, help_text="To within a few seconds.")
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, db_index=False, editable=False, related_name="+"
    )
    chosen_at = models.DateTimeField(null=True, editable=False, help_text="When the operator chose themselves.")
    active_at = models.DateTimeField(null=True, editable=False, help_text="When the operator last did something.")

    objects = DeviceQuerySet.as_manager()

    class Meta:
        ordering = ["theater", "name"]
        default_permissions = ("view", "add", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["theater", "name"],
                condition=Q(revoked_at=None),
                name="device_name_once_per_theater",
                violation_error_message="This theater has a device of that name.",
            ),
            models.CheckConstraint(
                condition=Q(task__in=DeviceTask.values),
                name="device_task_is_known",
                violation_error_message="There is no such task.",
            ),
            models.CheckConstraint(
                condition=Q(link_hash=None, link_until=None) | Q(link_hash__isnull=False, link_until__isnull=False),
                name="device_link_has_an_end",
                violation_error_message="A link that enrolls a device ends at a moment.",
            ),
            models.CheckConstraint(
                condition=Q(cookie_hash=None, enrolled_at=None)
                | Q(cookie_hash__isnull=False, enrolled_at__isnull=False),
                name="device_enrolled_with_a_cookie",
                violation_error_message="A device that is enrolled has a cookie.",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False, link_hash=None, operator=None),
                name="device_revoked_by_somebody",
                violation_error_message="A revoked device says by whom, and has no operator and no link.",
            ),
            models.CheckConstraint(
                condition=Q(operator=None, chosen_at=None, active_at=None)
                | Q(operator__isnull=False, chosen_at__isnull=False, enrolled_at__isnull=False),
                name="device_operator_was_chosen",
                violation_error_message="An operator chose themselves at a moment, on an enrolled device.",
            ),
            models.CheckConstraint(
                condition=Q(active_at=None) | Q(chosen_at__isnull=False, active_at__gte=F("chosen_at")),
                name="device_active_after_the_choice",
                violation_error_message="An operator acts after they chose themselves.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
