"""Converts saved needs into the first values of the list and of the form of the best seats. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from accounts.states import Need
from reservations.seats.fact_words import ARMREST_LIFTS, BESIDE_AISLE, HEARING_LOOP, NEAR_EXIT, STEPS
from reservations.seats.list_wish import ListWish
from theaters.seat_categories import is_wheelchair
from theaters.seat_facts import KnownFacts

BESIDE_AN_AISLE = {Need.TRANSFER, Need.AISLE, Need.DOG}
# From a wheelchair people slide onto the seat from its side.
OVER_AN_ARMREST = {Need.TRANSFER, Need.ARMREST}
# The order of the list for somebody with this need alone; for several it is "needs".
SORT_OF_NEED = {
    STEPS: "steps",
    HEARING_LOOP: "loop",
    ARMREST_LIFTS: "armrest",
    NEAR_EXIT: "exit",
    BESIDE_AISLE: "aisle",
}


@dataclass(frozen=True)
class SeatNeeds:
    """`wheelchairs` is how many wheelchair spaces; a person in one looks for no aisle and no armrest."""

    wheelchairs: int = 0
    aisle: bool = False
    near_exit: bool = False
    step_free: bool = False
    hearing_loop: bool = False
    armrest_lifts: bool = False

    def __bool__(self) -> bool:
        return bool(self.wheelchairs or self.aisle or self.near_exit or self.facts)

    @property
    def facts(self) -> frozenset[str]:
        """The facts of a seat that count for them, by name."""
        wanted = {STEPS: self.step_free, HEARING_LOOP: self.hearing_loop, ARMREST_LIFTS: self.armrest_lifts}
        return frozenset(name for name, is_wanted in wanted.items() if is_wanted)

    @property
    def names(self) -> frozenset[str]:
        """What a seat should have, by name."""
        places = {NEAR_EXIT: self.near_exit, BESIDE_AISLE: self.aisle}
        return self.facts.union(name for name, is_wanted in places.items() if is_wanted)

    def judged(self, known: KnownFacts, *, has_exit_rows: bool) -> frozenset[str]:
        """The needs by which seats of a plan can be compared: those of which it says something. No seat meets the others."""
        is_known = {
            STEPS: known.steps,
            HEARING_LOOP: known.hearing_loop,
            ARMREST_LIFTS: known.armrest_lifts,
            NEAR_EXIT: has_exit_rows,
            BESIDE_AISLE: True,
        }
        return frozenset(name for name in self.names if is_known[name])

    def usual_list(
        self, categories: Collection[str], known: KnownFacts, *, has_exit_rows: bool = True
    ) -> ListWish | None:
        """The list settings that fit these needs; None for the usual list. `categories`: those of the plan."""
        spaces = [category for category in categories if is_wheelchair(category)]
        category = spaces[0].lower() if self.wheelchairs and spaces else ""
        judged = self.judged(known, has_exit_rows=has_exit_rows)
        sort = "needs" if len(judged) > 1 else next((SORT_OF_NEED[name] for name in judged), "row")
        return ListWish(category=category, sort=sort) if category or sort != "row" else None


def seat_needs(needs: Collection[Need]) -> SeatNeeds:
    wheelchairs = 1 if Need.WHEELCHAIR in needs else 0
    return SeatNeeds(
        wheelchairs=wheelchairs,
        aisle=not wheelchairs and not BESIDE_AN_AISLE.isdisjoint(needs),
        near_exit=not wheelchairs and Need.NEAR_EXIT in needs,
        step_free=Need.STEP_FREE in needs,
        hearing_loop=Need.HEARING_LOOP in needs,
        armrest_lifts=not wheelchairs and not OVER_AN_ARMREST.isdisjoint(needs),
    )
