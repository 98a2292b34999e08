"""A showtime goes to another version of its auditorium's plan: seats are the same when label, category and sofa are."""

from dataclasses import dataclass
from datetime import datetime

from core.clock import database_now
from reservations import locks
from reservations.models import ShowtimeSeat, Ticket
from theaters.models import Seat, SeatingPlan, Showtime


@dataclass(frozen=True)
class PlanDifference:
    """What another plan means for a showtime, by labels."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]
    lost: tuple[str, ...]

    def as_json(self) -> dict[str, list[str]]:
        return {"new": list(self.new), "gone": list(self.gone), "changed": list(self.changed), "lost": list(self.lost)}


def plan_difference(showtime: Showtime, plan: SeatingPlan) -> PlanDifference:
    """`lost` are seats somebody has that would be gone or another kind of seat. Three queries."""
    old = {seat.label: seat for seat in Seat.objects.filter(plan=showtime.plan_id)}
    new = {seat.label: seat for seat in Seat.objects.filter(plan=plan)}
    gone = {label for label in old if label not in new}
    changed = {label for label, seat in old.items() if label in new and not _is_alike(seat, new[label])}
    now = database_now()
    taken = {row.label for row in ShowtimeSeat.objects.filter(showtime=showtime) if _is_taken(row, now)}
    # In the order of the plan, as people read it.
    return PlanDifference(
        new=tuple(label for label in new if label not in old),
        gone=tuple(label for label in old if label in gone),
        changed=tuple(label for label in old if label in changed),
        lost=tuple(label for label in old if label in taken & (gone | changed)),
    )


def _is_alike(old: Seat, new: Seat) -> bool:
    return (old.category, bool(old.unit)) == (new.category, bool(new.unit))


def _is_taken(row: ShowtimeSeat, now: datetime) -> bool:
    return (row.booking_id is not None and row.held_until is None) or (
        row.held_until is not None and row.held_until > now
    )


def move_to_plan(showtime: Showtime, plan: SeatingPlan) -> None:
    """Inside the caller's transaction, under the showtime's lock; nothing of `lost` may be left."""
    tickets, rows = locks.tickets_of_showtime(showtime.pk), locks.seats_of_showtime(showtime.pk)
    new = {seat.label: seat for seat in Seat.objects.filter(plan=plan)}
    labels = dict(Seat.objects.filter(plan=showtime.plan_id).values_list("pk", "label"))
    # Tickets that are no longer live too: late money may bring them back to life, in the same chair.
    moving = [ticket for ticket in tickets if labels.get(ticket.seat_id) in new]
    for ticket in moving:
        ticket.seat = new[labels[ticket.seat_id]]
    Ticket.objects.bulk_update(moving, ["seat"], batch_size=500)
    staying = [row for row in rows if row.label in new]
    for row in staying:
        row.seat = new[row.label]
    ShowtimeSeat.objects.bulk_update(staying, ["seat"], batch_size=500)
    ShowtimeSeat.objects.filter(pk__in=[row.pk for row in rows if row.label not in new]).delete()
    known = {row.label for row in rows}
    ShowtimeSeat.objects.bulk_create(
        ShowtimeSeat(showtime=showtime, seat=seat, label=seat.label) for seat in new.values() if seat.label not in known
    )
    Showtime.objects.filter(pk=showtime.pk).update(plan=plan, seats_total=len(new))
