"""Which showtimes still have another version of an auditorium's plan, and what the move of each would mean."""

from dataclasses import dataclass
from datetime import datetime

from reservations.changes.corrected_facts import told_counts
from reservations.changes.plan_moves import PlanDifference, plan_differences
from theaters.models import SeatingPlan, Showtime
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
    """Coming showtimes of the auditorium on other plans, next first, with how many bookings a move would be told to."""
    ahead = Showtime.objects.with_names().filter(auditorium=plan.auditorium_id, ends_at__gt=now)
    others = ahead.exclude(plan=plan).exclude(status=ShowtimeStatus.CANCELED).select_related("plan")
    showtimes = list(others.order_by("starts_at", "pk")[:MOST_SHOWN])
    differences = plan_differences(showtimes, plan)
    told = told_counts(showtimes, plan)
    return [ShowtimeToMove(showtime, differences[showtime.pk], told[showtime.pk]) for showtime in showtimes]
