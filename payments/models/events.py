"""What Stripe told us."""

from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp


class StripeEventQuerySet(models.QuerySet["StripeEvent"]):
    def due(self) -> "StripeEventQuerySet":
        return self.filter(done_at__isnull=True, set_aside_at__isnull=True, try_at__lte=ClockTimestamp())

    def set_aside(self) -> "StripeEventQuerySet":
        """Failed too often by their own fault: they wait for a person."""
        return self.filter(done_at__isnull=True, set_aside_at__isnull=False)


class StripeEvent(models.Model):
    """A delivery as it came. The id is unique for ever, so a copy is known days later; the payload is only a hint.

    `attempts` counts every try, `failures` those that failed by the event's own fault and not because Stripe was silent.
    """

    stripe_id = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=80)
    payload = models.JSONField()
    received_at = models.DateTimeField(db_default=ClockTimestamp())
    try_at = models.DateTimeField(db_default=ClockTimestamp())
    attempts = models.PositiveIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0, db_default=0)
    set_aside_at = models.DateTimeField(null=True, help_text="When it had failed too often to be tried by itself.")
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=120, blank=True)

    objects = StripeEventQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        permissions = [("replay_stripeevent", "Can decide about a delivery of Stripe that was set aside")]
        indexes = [
            models.Index(fields=["try_at"], condition=Q(done_at__isnull=True), name="event_due"),
            models.Index(
                fields=["set_aside_at"],
                condition=Q(done_at__isnull=True, set_aside_at__isnull=False),
                name="event_set_aside",
            ),
        ]

    def __str__(self) -> str:
        return self.stripe_id
