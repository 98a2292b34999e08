"""PINs, with which people identify themselves on a device, and wrong tries."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp
from staff.models.devices import Device


class Pin(models.Model):
    """A person's PIN as a keyed hash. It opens neither a session nor the office."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pin")
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    set_at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"PIN of {self.user_id}"


class PinTries(models.Model):
    """Wrong PINs of one person in a row, at one device; without a device where somebody signed in with an account."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    device = models.ForeignKey(Device, null=True, on_delete=models.CASCADE, related_name="pin_tries")
    wrong = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True, help_text="Until a manager unlocks it.")

    class Meta:
        default_permissions = ()
        verbose_name_plural = "tries of PINs"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "device"],
                nulls_distinct=False,
                name="pin_tries_once_per_person_and_device",
                violation_error_message="The tries of a person at a device are counted once.",
            ),
            models.CheckConstraint(
                condition=Q(locked_at=None) | Q(wrong__gt=0),
                name="pin_locked_after_wrong_tries",
                violation_error_message="A PIN is locked after wrong tries.",
            ),
        ]

    def __str__(self) -> str:
        return f"Tries of {self.user_id}"
