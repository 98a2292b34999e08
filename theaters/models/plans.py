"""Seating plans of auditoriums and their seats."""

from django.db import models
from django.db.models import Q

from core.rows.status_rules import status_is_known
from theaters.models.auditoriums import Auditorium
from theaters.seat_categories import CODE_LENGTH, STANDARD
from theaters.seat_facts import LONGEST_NOTE, SeatFacts
from theaters.seat_labels import LONGEST_LABEL
from theaters.states import PlanStatus


class SeatingPlanQuerySet(models.QuerySet["SeatingPlan"]):
    def published(self) -> "SeatingPlanQuerySet":
        return self.filter(status=PlanStatus.PUBLISHED)


class SeatingPlan(models.Model):
    """One numbered version of an auditorium's seats. Once published it never changes."""

    auditorium = models.ForeignKey(Auditorium, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT)
    source = models.TextField(help_text="The drawing it was made from.")
    published_at = models.DateTimeField(null=True, blank=True)

    objects = SeatingPlanQuerySet.as_manager()

    class Meta:
        ordering = ["auditorium", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["auditorium", "number"], name="plan_number_once_per_auditorium"),
            models.CheckConstraint(
                condition=Q(status=PlanStatus.DRAFT) ^ Q(published_at__isnull=False),
                name="plan_published_has_a_moment",
                violation_error_message="A published plan says when it was published, and a draft does not.",
            ),
            status_is_known("plan", PlanStatus),
        ]

    def __str__(self) -> str:
        return f"{self.auditorium}, plan {self.number}"


class SeatQuerySet(models.QuerySet["Seat"]):
    def numbered(self) -> "SeatQuerySet":
        """Seats with a number: without the places of areas."""
        return self.exclude(row="")


class Seat(models.Model):
    """A chair in a plan, called by its label (seat_labels.py); or a place of an area: then `row` is empty and
    `section` is the name of the area.

    Ids ascend in reading order from the screen; x counts half seat widths, y rows.
    """

    plan = models.ForeignKey(SeatingPlan, on_delete=models.PROTECT, related_name="seats")
    label = models.CharField(max_length=LONGEST_LABEL)
    row = models.CharField(max_length=4)
    number = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=40, blank=True)
    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()
    # The code of a seat category of the theater; a trigger checks that it exists.
    category = models.CharField(max_length=CODE_LENGTH, default=STANDARD)
    unit = models.CharField(max_length=8, blank=True, help_text="Shared by the seats of one sofa.")
    # Facts (theaters/seat_facts.py); empty where nobody has said.
    steps = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="From the auditorium's entrance to the seat."
    )
    hearing_loop = models.BooleanField(null=True, blank=True)
    armrest_lifts = models.BooleanField(null=True, blank=True)
    beside_aisle = models.BooleanField(null=True, blank=True, help_text="Empty: as the drawing shows it.")
    note = models.CharField(max_length=LONGEST_NOTE, blank=True, default="", db_default="")

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "label"], name="seat_label_once_per_plan")]

    def __str__(self) -> str:
        return self.label

    @property
    def facts(self) -> SeatFacts:
        return SeatFacts.of(self)
