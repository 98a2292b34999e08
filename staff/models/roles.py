"""Roles of people at theaters."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp
from houses.models.theaters import Theater
from staff.states import Role


class StaffRoleQuerySet(models.QuerySet["StaffRole"]):
    def acting(self) -> "StaffRoleQuerySet":
        """Roles of people whose account is open and is staff."""
        return self.filter(user__is_active=True, user__is_staff=True)


class StaffRole(models.Model):
    """A role of a person at a theater; a person may have several there."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_roles")
    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="staff_roles")
    role = models.CharField(max_length=10, choices=Role)
    given_at = models.DateTimeField(db_default=ClockTimestamp(), editable=False)

    objects = StaffRoleQuerySet.as_manager()

    class Meta:
        ordering = ["theater", "role", "user"]
        verbose_name = "role"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "theater", "role"],
                name="staff_role_once_per_person_and_theater",
                violation_error_message="This person has that role there already.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="staff_role_is_known",
                violation_error_message="There is no such role.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.theater}"
