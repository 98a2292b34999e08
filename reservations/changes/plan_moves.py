"""Moves a showtime to another version of its auditorium's plan; seats are the same by section, row and number.

No sold or held seat is lost: if one would be, the move is refused and names it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from core.clock import database_now
from core.live import seat_map_changes
from reservations import locks
from reservations.models import ShowtimeArea, ShowtimeSeat, Ticket
from reservations.seats.house_seats import keep_broken_seats_back
from reservations.seats.state import TAKEN, is_house_seat, state_of
from theaters.models import Seat, SeatingPlan, Showtime
from theaters.plans.plan_differences import SeatDifference, same_seats, seat_difference


@dataclass(frozen=True)
class PlanDifference:
    """The effects of another plan on a showtime, by labels. `house` are house seats that would be gone; staff see them
    before the move.
    """

    seats: SeatDifference
    lost: tuple[str, ...]
    house: tuple[str, ...]

    def as_json(self) -> dict[str, list[str]]:
        seats = self.seats
        return {
            "new": list(seats.new),
            "gone": list(seats.gone),
            "changed": list(seats.changed),
            "moved": list(seats.moved),
            "told_anew": list(seats.told_anew),
            "lost": list(self.lost),
            "house": list(self.house),
        }


def plan_difference(showtime: Showtime, plan: SeatingPlan) -> PlanDifference:
    """Compare the plans; `lost` are sold or held seats that vanish or change category. Three queries."""
    return plan_differences([showtime], plan)[showtime.pk]


def plan_differences(showtimes: list[Showtime], plan: SeatingPlan) -> dict[int, PlanDifference]:
    """Compare the plans of many showtimes, by showtime, with the same number of queries."""
    plans: dict[int, list[Seat]] = {plan.pk: []}
    for seat in Seat.objects.filter(plan__in={plan.pk, *(showtime.plan_id for showtime in showtimes)}).order_by("pk"):
        plans.setdefault(seat.plan_id, []).append(seat)
    rows: dict[int, dict[str, ShowtimeSeat]] = {showtime.pk: {} for showtime in showtimes}
    for row in ShowtimeSeat.objects.filter(showtime__in=showtimes):
        rows[row.showtime_id][row.label] = row
    now = database_now()
    return {
        showtime.pk: _difference(plans.get(showtime.plan_id, []), plans[plan.pk], rows[showtime.pk], now)
        for showtime in showtimes
    }


def _difference(old: list[Seat], new: list[Seat], rows: dict[str, ShowtimeSeat], now: datetime) -> PlanDifference:
    difference = seat_difference(old, new)
    touched, gone = {*difference.gone, *difference.changed}, set(difference.gone)
    # In the order of the plan, as people read it.
    labels = [seat.label for seat in old if seat.label in rows]
    return PlanDifference(
        seats=difference,
        lost=tuple(label for label in labels if label in touched and state_of(rows[label], now) in TAKEN),
        house=tuple(label for label in labels if label in gone and is_house_seat(rows[label])),
    )


def move_to_plan(showtime: Showtime, plan: SeatingPlan) -> None:
    """Move a locked showtime to a plan, inside the caller's transaction. No seat may be `lost`."""
    tickets, rows = locks.tickets_of_showtime(showtime.pk), locks.seats_of_showtime(showtime.pk)
    old, new = list(_seats_of(showtime.plan_id)), list(_seats_of(plan.pk))
    seats = {seat.label: seat for seat in new}
    same = {label: seats[now] for label, now in same_seats(old, new).items()}
    labels = {seat.pk: seat.label for seat in old}
    # Tickets that are not live any more as well, because late money may make them valid again, for the same chair.
    moving = [ticket for ticket in tickets if labels.get(ticket.seat_id) in same]
    for ticket in moving:
        ticket.seat = same[labels[ticket.seat_id]]
    Ticket.objects.bulk_update(moving, ["seat"], batch_size=500)
    # Delete removed seats first: their labels may belong to other seats in the new plan.
    ShowtimeSeat.objects.filter(pk__in=[row.pk for row in rows if row.label not in same]).delete()
    staying = [row for row in rows if row.label in same]
    for row in staying:
        row.seat = same[row.label]
        row.label, row.unit = row.seat.label, row.seat.unit
    ShowtimeSeat.objects.bulk_update(staying, ["seat", "label", "unit"], batch_size=500)
    added = seats.keys() - {row.label for row in staying}
    ShowtimeSeat.objects.bulk_create(
        ShowtimeSeat(showtime=showtime, seat=seat, label=seat.label, unit=seat.unit)
        for seat in new
        if seat.label in added
    )
    _give_areas(showtime)
    Showtime.objects.filter(pk=showtime.pk).update(plan=plan, seats_total=len(new))
    showtime.plan = plan
    keep_broken_seats_back(showtime, added)
    seat_map_changes.publish_redrawn(showtime.pk)


def _give_areas(showtime: Showtime) -> None:
    """Each place belongs to the area that the new plan puts it in; an area without places is gone."""
    places = ShowtimeSeat.objects.filter(showtime=showtime, seat__row="")
    names = list(places.order_by("seat__section").values_list("seat__section", flat=True).distinct())
    for name in names:
        area, _ = ShowtimeArea.objects.get_or_create(showtime=showtime, name=name)
        places.filter(seat__section=name).update(area=area)
    ShowtimeArea.objects.filter(showtime=showtime).exclude(name__in=names).delete()


def _seats_of(plan_id: int) -> QuerySet[Seat]:
    return Seat.objects.filter(plan=plan_id).order_by("pk")
