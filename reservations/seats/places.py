"""Places of an area, of which people take a number: converts that number into labels."""

from dataclasses import dataclass

from reservations import locks
from reservations.refusals.seats import FewerPlaces, UnknownSeat

MOST_PLACES = 100
LONGEST_NUMBER = 3


@dataclass(frozen=True)
class PlacesWanted:
    """How many places of an area are wanted in all; what a hold has of it already is among them."""

    area: str
    count: int


def places_asked_for(raw: str) -> PlacesWanted:
    """Read a wish such as "3 Balcony". Raises UnknownSeat."""
    number, _, area = raw.strip().partition(" ")
    if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER and area):
        raise UnknownSeat
    return PlacesWanted(area, min(int(number), MOST_PLACES))


def lock_places(*, showtime_id: int, wanted: PlacesWanted, hold_id: int) -> list[str]:
    """Locks the area. The labels of the lowest free places that the hold needs besides those that it has.

    Raises UnknownSeat, and FewerPlaces when that many are not free; then nothing is changed.
    """
    places = locks.lock_area(showtime_id=showtime_id, name=wanted.area, hold_id=hold_id, most=wanted.count)
    if places is None:
        raise UnknownSeat
    more = wanted.count - len(places.mine)
    if more > len(places.free):
        raise FewerPlaces(wanted.area, len(places.mine) + len(places.free))
    return places.free[: max(0, more)]
