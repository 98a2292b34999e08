"""Requests for refunds that need a second person: who asked, and who approved."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from boxoffice.states import RequestStatus
from core.clock import ClockTimestamp
from core.columns import MONEY
from core.rows.status_rules import StatusRule, empty, filled, status_rules
from reservations.models import Booking


class RefundRequest(models.Model):
    """A refund by staff for these tickets: done at once up to the theater's limit, else approved by a second person."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="refund_requests")
    tickets = ArrayField(models.BigIntegerField(), help_text="The tickets that become void.")
    percent = models.PositiveSmallIntegerField(default=100, help_text="Of the price of these tickets.")
    amount = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=200)
    status = models.CharField(max_length=8, choices=RequestStatus, default=RequestStatus.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=ClockTimestamp())
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=200, blank=True, help_text="Why it was declined.")

    class Meta:
        ordering = ["-pk"]
        # The permission for reports, which have no table of their own.
        permissions = [("view_reports", "Can see the reports and the money of the day")]
        constraints = [
            models.UniqueConstraint(
                fields=["booking"],
                condition=Q(status=RequestStatus.WAITING),
                name="request_one_waiting_per_booking",
                violation_error_message="A request about this booking waits already.",
            ),
            models.CheckConstraint(
                condition=Q(percent__lte=100) & Q(amount__gte=0),
                name="request_is_a_part",
                violation_error_message="A request is about 100 % at most, and about 0 or more.",
            ),
            *status_rules(
                "request",
                RequestStatus,
                StatusRule(
                    "waiting",
                    (RequestStatus.WAITING,),
                    empty("decided_at", "decided_by") & Q(answer=""),
                    "A request that waits was decided by nobody.",
                ),
                StatusRule(
                    "done",
                    (RequestStatus.DONE,),
                    filled("decided_at") & Q(answer=""),
                    "A request that was granted says when.",
                ),
                StatusRule(
                    "declined",
                    (RequestStatus.DECLINED,),
                    filled("decided_at", "decided_by") & ~Q(answer=""),
                    "A request that was declined says when, by whom and why.",
                ),
            ),
            # The last line of defence: nobody approves their own request. Refunds within the limit need no approval.
            models.CheckConstraint(
                condition=~Q(status=RequestStatus.DONE) | Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="request_decided_by_another",
                violation_error_message="Another person decides than the one who asked.",
            ),
        ]

    def __str__(self) -> str:
        return f"Refund request {self.pk}"

    @property
    def is_goodwill(self) -> bool:
        """Whether money goes back while all tickets stay valid."""
        return not self.tickets
