"""The seats of a published plan, cached because such a plan never changes."""

from collections import Counter
from dataclasses import dataclass

from core.caches.process_cache import ProcessCache
from reservations.seats.geometry import PlanSeat
from reservations.seats.screen_views import AuditoriumFacts, AuditoriumMeasures
from reservations.seats.single_seats import Picture, picture_of
from reservations.seats.units import UnitMates, mates_of
from theaters.models import Auditorium, Seat
from theaters.seat_facts import FACT_NAMES, KnownFacts, SeatFacts, known_facts

_pictures: ProcessCache[int, Picture[PlanSeat]] = ProcessCache(seconds=float("inf"), most=200, has_sentences=False)


_mates: ProcessCache[int, UnitMates] = ProcessCache(seconds=float("inf"), most=200, has_sentences=False)


def mates_of_plan(plan_id: int) -> UnitMates:
    """Which seats of the plan are sold together: the sofas."""
    return _mates.get(plan_id, lambda: mates_of(seats_of_plan(plan_id)))


def picture_of_plan(plan_id: int) -> Picture[PlanSeat]:
    """Which seats of the plan are neighbors, with no seat free yet: callers set `free`."""
    return _pictures.get(plan_id, lambda: picture_of(seats_of_plan(plan_id), free=()))


@dataclass(frozen=True, slots=True)
class PlanArea:
    """An area of a published plan."""

    name: str
    category: str
    facts: SeatFacts
    capacity: int


@dataclass(frozen=True, slots=True)
class PlanContents:
    """Everything in a plan that is sold: its numbered seats, and its areas."""

    seats: tuple[PlanSeat, ...]
    areas: tuple[PlanArea, ...]


_contents: ProcessCache[int, PlanContents] = ProcessCache(seconds=float("inf"), most=200, has_sentences=False)


_known: ProcessCache[int, KnownFacts] = ProcessCache(seconds=float("inf"), most=200, has_sentences=False)


def seats_of_plan(plan_id: int) -> tuple[PlanSeat, ...]:
    """The seats in the plan's order, without places of areas. One query the first time."""
    return _contents.get(plan_id, lambda: _read_plan(plan_id)).seats


def has_numbers(plan_id: int) -> bool:
    """Whether any seat of the plan has a number; no for a plan of unreserved areas alone."""
    return bool(seats_of_plan(plan_id))


def known_facts_of_plan(plan_id: int) -> KnownFacts:
    """Which facts are known of the plan's numbered seats."""
    return _known.get(plan_id, lambda: known_facts(seat.facts for seat in seats_of_plan(plan_id)))


def areas_of_plan(plan_id: int) -> tuple[PlanArea, ...]:
    """The areas in the plan's order, from the same memory as the seats."""
    return _contents.get(plan_id, lambda: _read_plan(plan_id)).areas


def _read_plan(plan_id: int) -> PlanContents:
    columns = ("label", "row", "number", "section", "category", "unit", "x", "y")
    found: list[PlanSeat] = []
    shared: dict[SeatFacts, SeatFacts] = {}
    for row in Seat.objects.filter(plan_id=plan_id).order_by("pk").values_list(*columns, *FACT_NAMES):
        label, name, number, section, category, unit, x, y, *said = row
        facts = SeatFacts(*said)
        found.append(PlanSeat(label, name, number, section, category, unit, x, y, shared.setdefault(facts, facts)))
    places = Counter((seat.section, seat.category, seat.facts) for seat in found if not seat.row)
    areas = tuple(PlanArea(*place, capacity) for place, capacity in places.items())
    return PlanContents(tuple(seat for seat in found if seat.row), areas)


# Changed measures show on the pages some seconds later.
_facts: ProcessCache[int, AuditoriumFacts] = ProcessCache(seconds=60, most=500, has_sentences=False)


def auditorium_facts(plan_id: int) -> AuditoriumFacts:
    """The measures and rows near an exit of the plan's auditorium, cached."""
    return _facts.get(plan_id, lambda: _read_facts(plan_id))


def measures_of_plan(plan_id: int) -> AuditoriumMeasures | None:
    """The measures of the plan's auditorium; None while staff have not given them."""
    return auditorium_facts(plan_id).measures


def rows_near_exit(plan_id: int) -> frozenset[str]:
    """The names of these rows in the auditorium of the plan."""
    return auditorium_facts(plan_id).exit_rows


def _read_facts(plan_id: int) -> AuditoriumFacts:
    found = Auditorium.objects.filter(plans=plan_id).first()
    if found is None:
        return AuditoriumFacts()
    lengths = [
        found.screen_width_cm, found.screen_height_cm, found.first_row_cm, found.row_pitch_cm, found.row_rise_cm,
    ]  # fmt: skip
    known = [centimeters / 100 for centimeters in lengths if centimeters is not None]
    return AuditoriumFacts(
        AuditoriumMeasures(*known) if len(known) == len(lengths) else None,
        found.rows_near_exit,
    )
