"""The seat categories that the plan editor offers."""

from collections.abc import Collection
from dataclasses import dataclass

from theaters.plans.plan_writing import LETTER_OF
from theaters.seat_categories import Categories, behavior_of, is_sofa
from theaters.states import SeatBehavior


@dataclass(frozen=True)
class DrawnCategory:
    """A category in the editor. `letter` is its sign in plan texts; '' for the theater's own."""

    code: str
    name: str
    letter: str
    is_first_sofa: bool = False

    @property
    def is_sofa(self) -> bool:
        return is_sofa(self.code)

    @property
    def is_ordinary(self) -> bool:
        return behavior_of(self.code) == SeatBehavior.ORDINARY


def drawn_categories(categories: Categories, used: Collection[str]) -> list[DrawnCategory]:
    """The categories for new plans, and those that this plan uses already."""
    there = categories.in_order({*(one.code for one in categories.in_use()), *used})
    first_sofa = next((one.code for one in there if is_sofa(one.code)), "")
    return [
        DrawnCategory(one.code, one.name, LETTER_OF.get(one.code, "").upper(), one.code == first_sofa) for one in there
    ]
