"""Comparisons with the books of providers, and rights that our keys lack."""

from datetime import timedelta

from django.db import models
from django.db.models import Q, Value

from core.clock import ClockTimestamp, from_now
from core.rows.due import Waiting
from payments.models.keys import PROVIDER, once

# A right counts as missing for this time, because the nightly comparison asks for each.
STILL_MISSING = timedelta(hours=26)


COMPARISONS = Waiting(Q(finished_at=None))
COMPARISONS_TO_TELL = Waiting(Q(finished_at__isnull=False, differences__gt=0, told_at__isnull=True), moment="tell_at")
RIGHTS_TO_TELL = Waiting(Q(told_at__isnull=True), moment="tell_at")


class LedgerComparisonQuerySet(models.QuerySet["LedgerComparison"]):
    def finished(self) -> "LedgerComparisonQuerySet":
        return self.filter(finished_at__isnull=False)

    def agreeing(self) -> "LedgerComparisonQuerySet":
        return self.finished().filter(differences=0)

    def unanswered(self) -> "LedgerComparisonQuerySet":
        """The comparisons that the provider has not answered yet."""
        return self.filter(finished_at=None).exclude(error="")

    def due(self) -> "LedgerComparisonQuerySet":
        """Waiting comparisons that no worker has leased."""
        return COMPARISONS.due(self)

    def to_tell(self) -> "LedgerComparisonQuerySet":
        """Comparisons with differences that staff were not told of yet; a lease moves `tell_at` on."""
        return COMPARISONS_TO_TELL.due(self)


class LedgerComparison(models.Model):
    """One comparison of the providers' books with ours: what differed was mended where it could be; the rest is left."""

    asked_at = models.DateTimeField(db_default=ClockTimestamp())
    actor = models.CharField(max_length=60, help_text="The schedule, or who asked for it.")
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    try_at = models.DateTimeField(db_default=ClockTimestamp())
    error = models.CharField(max_length=200, blank=True, db_default="", help_text="Why a provider could not be asked.")
    finished_at = models.DateTimeField(null=True)
    mended = models.JSONField(default=list, help_text="What differed and agrees now.")
    left = models.JSONField(default=list, help_text="What still differs.")
    differences = models.PositiveIntegerField(default=0, help_text="How many are left.")
    tell_at = models.DateTimeField(db_default=ClockTimestamp())
    told_at = models.DateTimeField(null=True, help_text="When the mail to staff went out.")

    objects = LedgerComparisonQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "comparison of books"
        verbose_name_plural = "comparisons of books"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                Value(1),
                condition=Q(finished_at=None),
                name="comparison_one_waiting",
                violation_error_message="A comparison waits already.",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None, differences=0, mended=[], left=[], told_at=None)
                | Q(finished_at__isnull=False, since__isnull=False, until__isnull=False, error=""),
                name="comparison_found_when_finished",
                violation_error_message="A comparison that is finished says of which time, and one that waits has found nothing.",
            ),
            models.CheckConstraint(
                condition=Q(told_at=None) | Q(differences__gt=0),
                name="comparison_told_of_something",
                violation_error_message="Staff are told of a comparison that left something.",
            ),
        ]

    def __str__(self) -> str:
        return f"Comparison {self.pk}"


class KeyRefusalQuerySet(models.QuerySet["KeyRefusal"]):
    def present(self) -> "KeyRefusalQuerySet":
        return self.filter(last_at__gte=from_now(-STILL_MISSING.total_seconds()))

    def to_tell(self) -> "KeyRefusalQuerySet":
        return RIGHTS_TO_TELL.due(self.present())


class KeyRefusal(models.Model):
    """A right that a provider says our key does not have, or (`key`) that it does not accept the key at all."""

    provider = models.CharField(**PROVIDER)
    right = models.CharField(max_length=80)
    says = models.CharField(max_length=500, help_text="The provider's words.")
    first_at = models.DateTimeField(db_default=ClockTimestamp())
    last_at = models.DateTimeField(db_default=ClockTimestamp())
    tell_at = models.DateTimeField(db_default=ClockTimestamp())
    told_at = models.DateTimeField(null=True, help_text="When the mail to staff went out.")

    objects = KeyRefusalQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [once("key_refusal_once", "right")]

    def __str__(self) -> str:
        return self.right
