"""Showtimes on another version of an auditorium's plan, and the effects of moving each."""

from dataclasses import dataclass
from datetime import datetime

from reservations.changes.corrected_facts import seats_of, told_counts
from reservations.changes.plan_moves import PlanDifference, plan_differences
from theaters.models import Auditorium, SeatingPlan, Showtime, ShowtimeQuerySet
from theaters.plans.plan_areas import with_places
from theaters.plans.plan_drawing import PlanDrawing
from theaters.plans.plans import as_seats
from theaters.states import ShowtimeStatus

MOST_SHOWN = 200


@dataclass(frozen=True)
class ShowtimeToMove:
    showtime: Showtime
    difference: PlanDifference
    told: int

    @property
    def is_draft(self) -> bool:
        return self.showtime.status == ShowtimeStatus.DRAFT


def showtimes_on_other_plans(plan: SeatingPlan, *, now: datetime) -> list[ShowtimeToMove]:
    """Coming showtimes of the auditorium on other plans, next first, with the number of bookings that a move would
    notify.
    """
    others = _ahead(plan.auditorium, now).exclude(plan=plan)
    showtimes = list(others.order_by("starts_at", "pk")[:MOST_SHOWN])
    differences = plan_differences(showtimes, plan)
    told = told_counts(showtimes, seats_of(plan))
    return [ShowtimeToMove(showtime, differences[showtime.pk], told[showtime.pk]) for showtime in showtimes]


@dataclass(frozen=True)
class NotifiedBookings:
    """The number of bookings of people who rely on facts of their seats that a plan changes for the worse, and of their
    showtimes.
    """

    bookings: int
    showtimes: int


def notified_by_drawing(auditorium: Auditorium, drawing: PlanDrawing, *, now: datetime) -> NotifiedBookings:
    """Count the bookings that would be notified if all coming showtimes of the auditorium moved to this drawing."""
    seats = {seat.label: seat for seat in as_seats(with_places(drawing))}
    counts = told_counts(list(_ahead(auditorium, now)), seats)
    return NotifiedBookings(counts.total(), len(+counts))


def _ahead(auditorium: Auditorium, now: datetime) -> ShowtimeQuerySet:
    ahead = Showtime.objects.with_names().filter(auditorium=auditorium, ends_at__gt=now)
    return ahead.exclude(status=ShowtimeStatus.CANCELED).select_related("plan")
