"""What Stripe told us."""

from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp


class StripeEventQuerySet(models.QuerySet["StripeEvent"]):
    def due(self) -> "StripeEventQuerySet":
        return self.filter(done_at__isnull=True, try_at__lte=ClockTimestamp())


class StripeEvent(models.Model):
    """A delivery as it came. The id is unique for ever, so a copy is known days later; the payload is only a hint."""

    stripe_id = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=80)
    payload = models.JSONField()
    received_at = models.DateTimeField(db_default=ClockTimestamp())
    try_at = models.DateTimeField(db_default=ClockTimestamp())
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=120, blank=True)

    objects = StripeEventQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["try_at"], condition=Q(done_at__isnull=True), name="event_due")]

    def __str__(self) -> str:
        return self.stripe_id
