from django.conf import settings
from django.db import models
from django.db.models import Q

from core.clock import ClockTimestamp
from houses.models import Theater
from reservations.models.bookings import Ticket
from reservations.states import ScanOutcome
from staff.models import Device
from theaters.models import Auditorium


class Scan(models.Model):
    """One look at a ticket at the door. Append-only by trigger; a code nobody knows is not kept."""

    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="scans")
    outcome = models.CharField(max_length=10, choices=ScanOutcome)
    sentence = models.CharField(max_length=200, help_text="What the usher was told.")
    theater = models.ForeignKey(Theater, on_delete=models.PROTECT, related_name="+")
    auditorium = models.ForeignKey(Auditorium, null=True, on_delete=models.PROTECT, related_name="+")
    door = models.CharField(max_length=40)
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey(
        Device, null=True, on_delete=models.PROTECT, db_index=False, related_name="+",
        help_text="Empty for people who signed in with their account.",
    )  # fmt: skip
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    can_be_overruled = models.BooleanField(default=False, db_default=False)
    overrules = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="overruled_by")
    reason = models.CharField(
        max_length=200, default="", db_default="", help_text="Why a rule of the door was overruled."
    )
    key = models.CharField(
        max_length=32, null=True, unique=True, help_text="Chosen by the device: asked again, the same answer is given."
    )
    at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        ordering = ["-pk"]
        permissions = [
            ("admit_ticket", "Can let people in at the door"),
            ("overrule_door", "Can let people in at the door against its rules"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=ScanOutcome.values),
                name="scan_outcome_known",
                violation_error_message="There is no such outcome of a scan.",
            ),
            models.CheckConstraint(
                condition=Q(can_be_overruled=False) | Q(outcome=ScanOutcome.REFUSED, ticket__isnull=False),
                name="scan_overruled_later_was_refused",
                violation_error_message="Only the refusal of a ticket can be overruled.",
            ),
            models.CheckConstraint(
                condition=Q(outcome=ScanOutcome.REFUSED) | Q(ticket__isnull=False),
                name="scan_admits_a_ticket",
                violation_error_message="Only a refusal is about no ticket.",
            ),
            models.CheckConstraint(
                condition=Q(outcome=ScanOutcome.UNDONE) ^ Q(undoes__isnull=True),
                name="scan_undoes_another",
                violation_error_message="An entry that is taken back names the scan that let in.",
            ),
            models.CheckConstraint(
                condition=Q(overrules__isnull=True) | (Q(outcome=ScanOutcome.ADMITTED) & ~Q(reason="")),
                name="scan_overruled_for_a_reason",
                violation_error_message="A refusal is overruled with a reason, and somebody is let in.",
            ),
        ]
        indexes = [models.Index(fields=["theater", "-at"], name="scan_of_theater")]

    def __str__(self) -> str:
        return f"Scan {self.pk}"
