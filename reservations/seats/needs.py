"""What saved needs mean for choosing seats: where the list and the form of the best seats begin. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from accounts.states import Need
from reservations.seats.seat_list import ListWish
from theaters.seat_categories import is_wheelchair

BESIDE_AN_AISLE = {Need.TRANSFER, Need.AISLE, Need.DOG}


@dataclass(frozen=True)
class SeatNeeds:
    """`wheelchairs` is how many wheelchair spaces; a person in one looks for no aisle."""

    wheelchairs: int = 0
    aisle: bool = False
    near_exit: bool = False

    def __bool__(self) -> bool:
        return bool(self.wheelchairs or self.aisle or self.near_exit)

    def usual_list(self, categories: Collection[str]) -> ListWish | None:
        """None where they change nothing. `categories` are those of the plan."""
        spaces = [category for category in categories if is_wheelchair(category)]
        if self.wheelchairs and spaces:
            return ListWish(category=spaces[0].lower())
        if not (self.aisle or self.near_exit):
            return None
        return ListWish(sort="exit" if self.near_exit else "aisle")


def seat_needs(needs: Collection[Need]) -> SeatNeeds:
    wheelchairs = 1 if Need.WHEELCHAIR in needs else 0
    return SeatNeeds(
        wheelchairs=wheelchairs,
        aisle=not wheelchairs and not BESIDE_AN_AISLE.isdisjoint(needs),
        near_exit=not wheelchairs and Need.NEAR_EXIT in needs,
    )
