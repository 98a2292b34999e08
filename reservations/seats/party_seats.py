"""Finds what fits a waiting party: numbered seats, or as many places of one area. From a map that was read and the
cached plan.
"""

from dataclasses import dataclass, replace
from typing import Any

from reservations.refusals.seats import NothingTogether
from reservations.seats.best_seats import OpenSeats, SeatChoice, Wish, best_choices
from reservations.seats.fact_words import ARMREST_LIFTS, BESIDE_AISLE
from reservations.seats.geometry import PlanSeat
from reservations.seats.map_reads import SeatMap
from reservations.seats.open_seats import open_seats_of
from reservations.seats.places import PlacesWanted
from reservations.seats.plan_seats import PlanArea, areas_of_plan, known_facts_of_plan, seats_of_plan
from reservations.states import SkipReason
from theaters.seat_categories import is_for_some
from theaters.seat_facts import KnownFacts, SeatFacts

type Fit = SeatChoice[PlanSeat] | PlacesWanted


@dataclass(frozen=True)
class PartyWish:
    """`section` is one of numbered seats, or an area; '' is any. `is_numbered`: no unreserved places.

    `is_step_free`, `has_hearing_loop`: only seats of which that is known; `has_lifting_armrest`: of one of them.
    `is_near_exit`: only in rows near an exit. `is_beside_aisle`, `has_dog`: one seat beside an aisle; `has_transfer`: one
    beside an aisle whose armrest lifts, where the plan says of any that it does or does not. A dog may lie beside a
    wheelchair space too.
    """

    count: int
    wheelchairs: int = 0
    is_together: bool = True
    section: str = ""
    is_numbered: bool = False
    is_step_free: bool = False
    has_hearing_loop: bool = False
    has_lifting_armrest: bool = False
    is_near_exit: bool = False
    is_beside_aisle: bool = False
    has_transfer: bool = False
    has_dog: bool = False

    @property
    def needs_a_seat(self) -> bool:
        """Whether unreserved places are no use to them: they have no armrest, aisle or row of their own."""
        of_seats = (self.has_lifting_armrest, self.is_near_exit, self.is_beside_aisle, self.has_transfer, self.has_dog)
        return bool(self.wheelchairs) or any(of_seats)

    def must(self, known: KnownFacts) -> frozenset[str]:
        """What one of the seats has to be, by the names of facts, for those who sit in no wheelchair space."""
        if self.wheelchairs == self.count:
            return frozenset()
        armrest = self.has_lifting_armrest or (self.has_transfer and known.armrest_lifts)
        aisle = self.is_beside_aisle or self.has_transfer or (self.has_dog and not self.wheelchairs)
        return frozenset([*([ARMREST_LIFTS] if armrest else []), *([BESIDE_AISLE] if aisle else [])])

    def without(self, *needs: str) -> "PartyWish":
        no: dict[str, Any] = dict.fromkeys(needs, False)
        return replace(self, **no)

    def is_met_by(self, facts: SeatFacts) -> bool:
        return (facts.steps == 0 or not self.is_step_free) and (facts.hearing_loop is True or not self.has_hearing_loop)


# What a party can need of its seats, and what it reads when nothing but that was missing.
REASONS: dict[str, SkipReason] = {
    "is_step_free": SkipReason.STEPS,
    "has_hearing_loop": SkipReason.LOOP,
    "has_transfer": SkipReason.TRANSFER,
    "has_dog": SkipReason.DOG,
    "is_beside_aisle": SkipReason.AISLE,
    "has_lifting_armrest": SkipReason.ARMREST,
    "is_near_exit": SkipReason.EXIT,
}


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
    must = wish.must(known_facts_of_plan(seat_map.plan_id))
    asked = Wish(count=wish.count, wheelchairs=wish.wheelchairs, section=wish.section or None, must=must)
    try:
        choices = best_choices(_open_seats(seat_map, wish), asked)
    except NothingTogether:
        return SkipReason.TOO_FEW
    return SkipReason.APART if wish.is_together and not choices[0].is_together else choices


def _areas_for(plan_id: int, wish: PartyWish) -> list[PlanArea]:
    """Wheelchair spaces, armrests, aisles and rows are those of numbered seats. For everybody else places do after a move to
    an auditorium without numbers.
    """
    if wish.needs_a_seat or (wish.is_numbered and seats_of_plan(plan_id)):
        return []
    areas = areas_of_plan(plan_id)
    return [
        area
        for area in areas
        if wish.section in ("", area.name) and not is_for_some(area.category) and wish.is_met_by(area.facts)
    ]


def _open_seats(seat_map: SeatMap, wish: PartyWish) -> OpenSeats[PlanSeat]:
    """The free seats that have the wanted facts, in the wanted rows."""
    found = open_seats_of(seat_map)
    return found.without(
        {
            seat.label
            for seat in found.seats
            if seat.label in found.free
            and not (wish.is_met_by(seat.facts) and (seat.row in found.exit_rows or not wish.is_near_exit))
        }
    )


def fits_when_empty(seat_map: SeatMap, wish: PartyWish) -> bool:
    """Whether the auditorium has such seats at all."""
    capacities = {area.name: area.capacity for area in areas_of_plan(seat_map.plan_id)}
    empty = replace(seat_map, states="f" * len(seat_map.states), free_places=capacities)
    return not isinstance(fitting(empty, wish), SkipReason)


def why_skipped(seat_map: SeatMap, wish: PartyWish, found: SkipReason) -> SkipReason:
    """Why nothing fits a party: the one need without which something had, several of them, or what was `found` whatever it
    needs.
    """
    without = wish.without(*REASONS)
    if wish == without or isinstance(fitting(seat_map, without), SkipReason):
        return found
    needs = [name for name in REASONS if getattr(wish, name)]
    alone = (name for name in needs if not isinstance(fitting(seat_map, wish.without(name)), SkipReason))
    return REASONS.get(next(alone, ""), SkipReason.NEEDS)


def free_for(seat_map: SeatMap, wish: PartyWish) -> int:
    """How many seats and places are free where the party wants to sit, whatever it needs of them."""
    wish = wish.without(*REASONS)
    free = _open_seats(seat_map, wish).free
    seats = [seat for seat in seats_of_plan(seat_map.plan_id) if wish.section in ("", seat.section)]
    places = sum(seat_map.free_places.get(area.name, 0) for area in _areas_for(seat_map.plan_id, wish))
    return sum(seat.label in free for seat in seats) + places
