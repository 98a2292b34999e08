"""Changes of showtimes that were on sale."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp
from core.rows.status_rules import StatusRule, empty, filled, status_rules
from theaters.models.showtimes import Showtime
from theaters.states import ChangeKind, ChangeStatus


class ShowtimeChange(models.Model):
    """A risky change: planned, looked at, applied with a reason. Applied it is its own audit entry, frozen by trigger.

    `before` and `after` hold the value for the machine and the text for people; `touched` is what it touched, counted.
    """

    showtime = models.ForeignKey(Showtime, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=8, choices=ChangeKind)
    status = models.CharField(max_length=8, choices=ChangeStatus, default=ChangeStatus.PLANNED)
    before = models.JSONField()
    after = models.JSONField()
    touched = models.JSONField(default=dict)
    reason = models.CharField(max_length=200, blank=True, help_text="Told to the customers too.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(db_default=ClockTimestamp())
    applied_at = models.DateTimeField(null=True)
    offer_until = models.DateTimeField(null=True, help_text="Until then holders may take all of their money back.")

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view",)
        constraints = [
            *status_rules(
                "change",
                ChangeStatus,
                StatusRule(
                    "planned", (ChangeStatus.PLANNED,), empty("applied_at"), "A change that is planned is not made yet."
                ),
                StatusRule(
                    "applied",
                    (ChangeStatus.APPLIED,),
                    filled("applied_at") & ~Q(reason=""),
                    "A change that was made says when and why.",
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.showtime}"
