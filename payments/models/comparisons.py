"""What comparisons with Stripe found, and what Stripe does not let our key do."""

from datetime import timedelta

from django.db import models
from django.db.models import Q, Value

from core.clock import ClockTimestamp, from_now

# A right that was missing within this time is missing: the nightly comparison asks for each.
STILL_MISSING = timedelta(hours=26)


class StripeComparisonQuerySet(models.QuerySet["StripeComparison"]):
    def finished(self) -> "StripeComparisonQuerySet":
        return self.filter(finished_at__isnull=False)

    def agreeing(self) -> "StripeComparisonQuerySet":
        return self.finished().filter(differences=0)

    def unanswered(self) -> "StripeComparisonQuerySet":
        """The one that Stripe was asked for and has not answered yet."""
        return self.filter(finished_at=None).exclude(error="")

    def due(self) -> "StripeComparisonQuerySet":
        """Those that wait, and that no worker has on lease."""
        return self.filter(finished_at=None, try_at__lte=ClockTimestamp())

    def to_tell(self) -> "StripeComparisonQuerySet":
        """Those that found something which nobody was told yet; a lease moves `tell_at` on."""
        return self.finished().filter(differences__gt=0, told_at__isnull=True, tell_at__lte=ClockTimestamp())


class StripeComparison(models.Model):
    """One comparison of Stripe's ledger with ours: what differed was mended where it could be; the rest is left."""

    asked_at = models.DateTimeField(db_default=ClockTimestamp())
    actor = models.CharField(max_length=60, help_text="The schedule, or who asked for it.")
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    try_at = models.DateTimeField(db_default=ClockTimestamp())
    error = models.CharField(max_length=200, blank=True, db_default="", help_text="Why Stripe could not be asked.")
    finished_at = models.DateTimeField(null=True)
    mended = models.JSONField(default=list, help_text="What differed and agrees now.")
    left = models.JSONField(default=list, help_text="What still differs.")
    differences = models.PositiveIntegerField(default=0, help_text="How many are left.")
    tell_at = models.DateTimeField(db_default=ClockTimestamp())
    told_at = models.DateTimeField(null=True, help_text="When the mail to staff went out.")

    objects = StripeComparisonQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "comparison with Stripe"
        verbose_name_plural = "comparisons with Stripe"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(Value(1), condition=Q(finished_at=None), name="comparison_one_waiting"),
        ]

    def __str__(self) -> str:
        return f"Comparison {self.pk}"


class KeyRefusalQuerySet(models.QuerySet["KeyRefusal"]):
    def present(self) -> "KeyRefusalQuerySet":
        return self.filter(last_at__gte=from_now(-STILL_MISSING.total_seconds()))

    def to_tell(self) -> "KeyRefusalQuerySet":
        return self.present().filter(told_at__isnull=True, tell_at__lte=ClockTimestamp())


class KeyRefusal(models.Model):
    """A right that Stripe says our key does not have, or (`key`) that it does not accept the key at all."""

    right = models.CharField(max_length=80, unique=True)
    says = models.CharField(max_length=500, help_text="Stripe's words.")
    first_at = models.DateTimeField(db_default=ClockTimestamp())
    last_at = models.DateTimeField(db_default=ClockTimestamp())
    tell_at = models.DateTimeField(db_default=ClockTimestamp())
    told_at = models.DateTimeField(null=True, help_text="When the mail to staff went out.")

    objects = KeyRefusalQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.right
