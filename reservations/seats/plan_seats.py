"""The seats of a published plan, from memory: such a plan never changes."""

from core.process_cache import ProcessCache
from reservations.seats.geometry import PlanSeat
from reservations.seats.seat_facts import AuditoriumMeasures
from reservations.seats.single_seats import Picture, picture_of
from reservations.seats.units import UnitMates, mates_of
from theaters.models import Auditorium, Seat

_seats: ProcessCache[int, tuple[PlanSeat, ...]] = ProcessCache(seconds=float("inf"), most=200, has_sentences=False)

_pictures: ProcessCache[int, Picture[PlanSeat]] = ProcessCache(seconds=float("inf"), most=200, has_sentences=False)


_mates: ProcessCache[int, UnitMates] = ProcessCache(seconds=float("inf"), most=200, has_sentences=False)


def mates_of_plan(plan_id: int) -> UnitMates:
    """Which seats of the plan are sold together: the sofas."""
    return _mates.get(plan_id, lambda: mates_of(seats_of_plan(plan_id)))


def picture_of_plan(plan_id: int) -> Picture[PlanSeat]:
    """Which seats of the plan lie side by side; none of them is free in it."""
    return _pictures.get(plan_id, lambda: picture_of(seats_of_plan(plan_id), free=()))


def seats_of_plan(plan_id: int) -> tuple[PlanSeat, ...]:
    """In the plan's order. One query the first time."""
    return _seats.get(plan_id, lambda: _read(plan_id))


def _read(plan_id: int) -> tuple[PlanSeat, ...]:
    columns = ("label", "row", "number", "section", "category", "unit", "x", "y")
    seats = Seat.objects.filter(plan_id=plan_id).order_by("pk").values_list(*columns)
    return tuple(PlanSeat(*seat) for seat in seats)


# What staff measure anew is on the pages some seconds later.
_measures: ProcessCache[int, AuditoriumMeasures | None] = ProcessCache(seconds=60, most=200, has_sentences=False)


def measures_of_plan(plan_id: int) -> AuditoriumMeasures | None:
    """Of the auditorium of the plan, from memory; None while staff have not given them."""
    return _measures.get(plan_id, lambda: _read_measures(plan_id))


def _read_measures(plan_id: int) -> AuditoriumMeasures | None:
    columns = ("screen_width_cm", "screen_height_cm", "first_row_cm", "row_pitch_cm", "row_rise_cm")
    found = Auditorium.objects.filter(plans=plan_id).values_list(*columns).first()
    if found is None or None in found:
        return None
    return AuditoriumMeasures(*(centimeters / 100 for centimeters in found))
