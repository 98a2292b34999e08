"""Areas on a page: how many places are free, how many of them are mine, and the numbers that can be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reservations.seats.fact_words import area_facts_in_words
from reservations.seats.plan_seats import PlanArea
from theaters.seat_labels import is_place, section_in

MOST_OFFERED = 10


@dataclass(frozen=True)
class AreaChoice:
    """An area as one browser sees it; `price` is that of a place for an adult."""

    name: str
    free: int
    mine: int
    price: Decimal | None
    most: int
    facts: str = ""

    @property
    def numbers(self) -> range:
        """The numbers of places to choose from, from 0 to the free ones or a person's limit."""
        return range(min(self.mine + self.free, max(self.most, self.mine)) + 1)

    @property
    def fewer(self) -> int | None:
        return self.mine - 1 if self.mine else None

    @property
    def more(self) -> int | None:
        return self.mine + 1 if self.mine + 1 in self.numbers else None


def area_choices(
    areas: Sequence[PlanArea],
    *,
    free: Mapping[str, int],
    mine: Sequence[str],
    prices: Mapping[str, Decimal | None],
    most: int,
) -> list[AreaChoice]:
    """`mine` are the labels that the browser holds; `most` is the limit of seats and places together, 0 for none."""
    counts = places_by_area(mine)
    return [
        AreaChoice(
            name=area.name,
            free=free.get(area.name, 0),
            mine=counts.get(area.name, 0),
            price=prices.get(area.category),
            facts=", ".join(area_facts_in_words(area.facts)),
            most=(most or MOST_OFFERED) - (len(mine) - counts.get(area.name, 0) if most else 0),
        )
        for area in areas
    ]


def places_by_area(labels: Sequence[str]) -> dict[str, int]:
    """How many places of each area are among the labels."""
    counts: dict[str, int] = {}
    for label in labels:
        if is_place(label):
            counts[section_in(label)] = counts.get(section_in(label), 0) + 1
    return counts
