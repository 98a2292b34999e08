"""Checks of the invariants."""

from django.db import models
from django.db.models import F, Q, Value

from core.clock import ClockTimestamp
from core.rows.due import Waiting

CHECKS_TO_TELL = Waiting(Q(finished_at__isnull=False, broken__gt=0, told_at__isnull=True), moment="tell_at")


class InvariantRunQuerySet(models.QuerySet["InvariantRun"]):
    def finished(self) -> "InvariantRunQuerySet":
        return self.filter(finished_at__isnull=False)

    def to_tell(self) -> "InvariantRunQuerySet":
        """Checks with findings that staff were not told of yet; a lease moves `tell_at` on."""
        return CHECKS_TO_TELL.due(self)


class InvariantRun(models.Model):
    """One check of all invariants, requested by the schedule or by a person, and its findings."""

    asked_at = models.DateTimeField(db_default=ClockTimestamp())
    actor = models.CharField(max_length=60, help_text="The schedule, or who asked for it.")
    finished_at = models.DateTimeField(null=True)
    milliseconds = models.PositiveIntegerField(default=0)
    checked = models.PositiveSmallIntegerField(default=0, help_text="How many rules.")
    broken = models.PositiveSmallIntegerField(default=0, help_text="How many of them found something.")
    findings = models.JSONField(default=list, help_text="Name, sentence and first rows of each broken rule.")
    tell_at = models.DateTimeField(db_default=ClockTimestamp())
    told_at = models.DateTimeField(null=True, help_text="When the mail to staff went out.")

    objects = InvariantRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "check of seats and money"
        verbose_name_plural = "checks of seats and money"
        default_permissions = ["view"]
        permissions = [("run_invariants", "Can check now whether seats and money add up")]
        constraints = [
            models.UniqueConstraint(
                Value(1),
                condition=Q(finished_at=None),
                name="invariants_one_waiting_run",
                violation_error_message="A check waits already.",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=False) | Q(checked=0, broken=0, findings=[], told_at=None),
                name="invariants_found_when_finished",
                violation_error_message="A check that is not finished has found nothing yet.",
            ),
            models.CheckConstraint(
                condition=Q(broken__lte=F("checked")),
                name="invariants_broken_were_checked",
                violation_error_message="No more rules are broken than were checked.",
            ),
            models.CheckConstraint(
                condition=Q(told_at=None) | Q(broken__gt=0),
                name="invariants_told_of_something",
                violation_error_message="Staff are told of a check that found something.",
            ),
        ]

    def __str__(self) -> str:
        return f"Check {self.pk}"
