"""Which needs a set of seats meets, for list, best seats and waiting list alike. Pure. What nobody knows is not met."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from core.texts.local_formats import and_list
from reservations.seats.fact_words import (
    ARMREST_LIFTS,
    BESIDE_AISLE,
    HEARING_LOOP,
    NEAR_EXIT,
    STEPS,
    armrest_rank,
    loop_rank,
    steps_rank,
    unmet_in_words,
)
from reservations.seats.geometry import Placed
from theaters.seat_categories import is_wheelchair

MET = 0


def needs_in_words(names: Collection[str]) -> str:
    """no steps, hearing loop and beside an aisle."""
    words = {
        STEPS: gettext("no steps"),
        HEARING_LOOP: gettext("hearing loop"),
        ARMREST_LIFTS: gettext("armrest lifts"),
        BESIDE_AISLE: gettext("beside an aisle"),
        NEAR_EXIT: gettext("near an exit"),
    }
    return and_list([said for name, said in words.items() if name in names])


@dataclass(frozen=True)
class AskedNeeds:
    """Needs by the names of fact_words, with the labels of seats beside an aisle and the names of rows near an exit."""

    names: frozenset[str]
    aisles: Collection[str] = ()
    exit_rows: Collection[str] = ()

    def ranks(self, seats: Sequence[Placed]) -> dict[str, float]:
        """How far neighbors are from each need that was asked for, the most important first; 0 is met."""
        ranks: dict[str, float] = {}
        if STEPS in self.names:
            ranks[STEPS] = steps_rank(seats)
        if HEARING_LOOP in self.names:
            ranks[HEARING_LOOP] = loop_rank(seats)
        if ARMREST_LIFTS in self.names:
            ranks[ARMREST_LIFTS] = armrest_rank(seats)
        if BESIDE_AISLE in self.names:
            ranks[BESIDE_AISLE] = self._aisle_rank(seats)
        if NEAR_EXIT in self.names:
            ranks[NEAR_EXIT] = not any(seat.row in self.exit_rows for seat in seats)
        return ranks

    def _aisle_rank(self, seats: Sequence[Placed]) -> float:
        """One person slides from the aisle over the armrest, so both have to be at one seat where both are asked for."""
        at_aisle = [seat for seat in seats if seat.label in self.aisles and not is_wheelchair(seat.category)]
        if not at_aisle:
            return 2
        needs_both = ARMREST_LIFTS in self.names and armrest_rank(seats) == MET
        return 1 if needs_both and armrest_rank(at_aisle) != MET else MET

    def order(self, seats: Sequence[Placed]) -> tuple[float, ...]:
        """The sort key of neighbors: how many needs they do not meet, then how far they are from each."""
        ranks = self.ranks(seats).values()
        return (sum(rank != MET for rank in ranks), *ranks)

    def unmet(self, seats: Sequence[Placed]) -> list[str]:
        return [name for name, rank in self.ranks(seats).items() if rank != MET]

    def are_met_by(self, seats: Sequence[Placed]) -> bool:
        return not self.unmet(seats)

    def met_in_words(self, seats: Sequence[Placed]) -> str:
        """How many of the needs the seats meet; '' where nothing was asked for."""
        if not self.names:
            return ""
        unmet = len(self.unmet(seats))
        if not unmet:
            return gettext("everything you asked for")
        if unmet == len(self.names):
            return gettext("nothing of what you asked for")
        numbers = {"met": len(self.names) - unmet, "all": len(self.names)}
        return gettext("%(met)s of the %(all)s things you asked for") % numbers

    def unmet_in_words(self, seats: Sequence[Placed]) -> str:
        """Sentences about what the chosen seats lack; '' if they have all."""
        lacks = set(self.unmet(seats))
        return " ".join(
            words
            for words in (
                unmet_in_words(seats, self.names),
                self._aisle_in_words(seats) if BESIDE_AISLE in lacks else "",
                gettext("None of these seats is near an exit.") if NEAR_EXIT in lacks and self.exit_rows else "",
            )
            if words
        )

    def _aisle_in_words(self, seats: Sequence[Placed]) -> str:
        if any(seat.label in self.aisles for seat in seats):
            return gettext("The armrest that lifts is not at the seat beside the aisle.")
        return gettext("None of these seats is beside an aisle.")
