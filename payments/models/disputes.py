"""Money that a bank takes back."""

from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp
from core.columns import MONEY
from core.rows.status_rules import StatusRule, empty, filled, status_rules
from payments.models.keys import PROVIDER, PROVIDER_ID, once
from payments.models.payments import Payment
from payments.states import DECIDED_DISPUTES, UNDECIDED_DISPUTES, DisputeStatus


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def open(self) -> "DisputeQuerySet":
        return self.filter(status=DisputeStatus.OPEN)

    def lost(self) -> "DisputeQuerySet":
        return self.filter(status=DisputeStatus.LOST)


class Dispute(models.Model):
    """A dispute: the customer's bank takes the money back, and we may object. Its facts are the provider's answers."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    status = models.CharField(max_length=8, choices=DisputeStatus, default=DisputeStatus.NEW)
    provider = models.CharField(**PROVIDER)
    provider_id = models.CharField(**PROVIDER_ID)
    amount = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=60, help_text="The bank's word for it.")
    answer_by = models.DateTimeField(null=True, help_text="Evidence is accepted until then.")
    created_at = models.DateTimeField(db_default=ClockTimestamp())
    ended_at = models.DateTimeField(null=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            *status_rules(
                "dispute",
                DisputeStatus,
                StatusRule(
                    "undecided", UNDECIDED_DISPUTES, empty("ended_at"), "A dispute that is not decided has no end."
                ),
                StatusRule("decided", DECIDED_DISPUTES, filled("ended_at"), "A dispute that is decided says when."),
            ),
            once("dispute_once", "provider_id"),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="dispute_amount_positive",
                violation_error_message="A dispute is about more than 0.",
            ),
        ]

    def __str__(self) -> str:
        return f"Dispute {self.pk}"
