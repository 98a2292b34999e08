"""The seat categories that the editor of a plan draws with."""

from collections.abc import Collection
from dataclasses import dataclass

from theaters.plans.plan_writing import LETTER_OF
from theaters.seat_categories import Categories, behavior_of, is_sofa
from theaters.states import SeatBehavior


@dataclass(frozen=True)
class DrawnCategory:
    """`letter` is that of the plan's text and of the keyboard; the theater's own have none."""

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
    """Those for new plans, and those that this plan has already."""
    there = categories.in_order({*(one.code for one in categories.in_use()), *used})
    first_sofa = next((one.code for one in there if is_sofa(one.code)), "")
    return [
        DrawnCategory(one.code, one.name, LETTER_OF.get(one.code, "").upper(), one.code == first_sofa) for one in there
    ]
