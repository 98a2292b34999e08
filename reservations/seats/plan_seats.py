"""The seats of a published plan, from memory: such a plan never changes."""

from core.process_cache import ProcessCache
from reservations.seats.geometry import PlanSeat
from theaters.models import Seat

_seats: ProcessCache[int, tuple[PlanSeat, ...]] = ProcessCache(seconds=float("inf"), most=200, has_sentences=False)


def seats_of_plan(plan_id: int) -> tuple[PlanSeat, ...]:
    """In the plan's order. One query the first time."""
    return _seats.get(plan_id, lambda: _read(plan_id))


def _read(plan_id: int) -> tuple[PlanSeat, ...]:
    columns = ("label", "row", "number", "section", "category", "unit", "x", "y")
    seats = Seat.objects.filter(plan_id=plan_id).order_by("pk").values_list(*columns)
    return tuple(PlanSeat(*seat) for seat in seats)
