"""Finds what fits a waiting party: numbered seats, or as many places of one area. From a map that was read and the
cached plan.
"""

from dataclasses import dataclass, replace

from reservations.refusals.seats import NothingTogether
from reservations.seats.best_seats import OpenSeats, SeatChoice, Wish, best_choices
from reservations.seats.geometry import PlanSeat
from reservations.seats.map_reads import SeatMap
from reservations.seats.open_seats import open_seats_of
from reservations.seats.places import PlacesWanted
from reservations.seats.plan_seats import PlanArea, areas_of_plan, seats_of_plan
from reservations.states import SkipReason
from theaters.seat_categories import is_for_some
from theaters.seat_facts import SeatFacts, armrest_at_any

type Fit = SeatChoice[PlanSeat] | PlacesWanted


@dataclass(frozen=True)
class PartyWish:
    """`section` is one of numbered seats, or an area; '' is any. `is_numbered`: no unreserved places.

    `is_step_free`, `has_hearing_loop`: only seats of which that is known; `has_lifting_armrest`: of one of them.
    """

    count: int
    wheelchairs: int = 0
    is_together: bool = True
    section: str = ""
    is_numbered: bool = False
    is_step_free: bool = False
    has_hearing_loop: bool = False
    has_lifting_armrest: bool = False

    def is_met_by(self, facts: SeatFacts) -> bool:
        return (facts.steps == 0 or not self.is_step_free) and (facts.hearing_loop is True or not self.has_hearing_loop)


def fitting(seat_map: SeatMap, wish: PartyWish) -> list[Fit] | SkipReason:
    """Seats for all of the party, the best first, numbered ones before unreserved places; else the reason why nothing
    fits.
    """
    seats = _numbered(seat_map, wish)
    areas = _areas_for(seat_map.plan_id, wish)
    places = [area for area in areas if seat_map.free_places.get(area.name, 0) >= wish.count]
    found: list[Fit] = [] if isinstance(seats, SkipReason) else [*seats]
    found += [PlacesWanted(area.name, wish.count) for area in places]
    return found or (seats if isinstance(seats, SkipReason) else SkipReason.TOO_FEW)


def _numbered(seat_map: SeatMap, wish: PartyWish) -> list[SeatChoice[PlanSeat]] | SkipReason:
    asked = Wish(
        count=wish.count,
        wheelchairs=wish.wheelchairs,
        section=wish.section or None,
        armrest_lifts=wish.has_lifting_armrest,
    )
    try:
        choices = best_choices(_open_seats(seat_map, wish), asked)
    except NothingTogether:
        return SkipReason.TOO_FEW
    if wish.has_lifting_armrest:
        choices = [choice for choice in choices if armrest_at_any([seat.facts for seat in choice.seats])]
        if not choices:
            return SkipReason.TOO_FEW
    return SkipReason.APART if wish.is_together and not choices[0].is_together else choices


def _areas_for(plan_id: int, wish: PartyWish) -> list[PlanArea]:
    """Wheelchair spaces and armrests are those of numbered seats. For everybody else places do after a move to an auditorium
    without numbers.
    """
    if wish.wheelchairs or wish.has_lifting_armrest or (wish.is_numbered and seats_of_plan(plan_id)):
        return []
    areas = areas_of_plan(plan_id)
    return [
        area
        for area in areas
        if wish.section in ("", area.name) and not is_for_some(area.category) and wish.is_met_by(area.facts)
    ]


def _open_seats(seat_map: SeatMap, wish: PartyWish) -> OpenSeats[PlanSeat]:
    """The free seats that have the wanted facts."""
    found = open_seats_of(seat_map)
    return found.without(
        {seat.label for seat in found.seats if seat.label in found.free and not wish.is_met_by(seat.facts)}
    )


def fits_when_empty(seat_map: SeatMap, wish: PartyWish) -> bool:
    """Whether the auditorium has such seats at all."""
    capacities = {area.name: area.capacity for area in areas_of_plan(seat_map.plan_id)}
    empty = replace(seat_map, states="f" * len(seat_map.states), free_places=capacities)
    return not isinstance(fitting(empty, wish), SkipReason)


def free_for(seat_map: SeatMap, wish: PartyWish) -> int:
    """How many seats and places are free where the party wants to sit."""
    free = _open_seats(seat_map, wish).free
    seats = [seat for seat in seats_of_plan(seat_map.plan_id) if wish.section in ("", seat.section)]
    places = sum(seat_map.free_places.get(area.name, 0) for area in _areas_for(seat_map.plan_id, wish))
    return sum(seat.label in free for seat in seats) + places
