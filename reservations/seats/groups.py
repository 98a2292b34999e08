"""Groups of people in an auditorium: compares their seats by category, neighborhood and distance. Pure."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from reservations.seats.geometry import NEIGHBOR, ROW_WEIGHT, Placed
from theaters.seat_categories import is_companion, is_sofa, is_wheelchair
from theaters.states import UsualCategory

# The rank of seat categories by code: the theater's order.
Ranks = Mapping[str, int]
USUAL_RANKS: Ranks = {code: rank for rank, code in enumerate(UsualCategory.values)}

type Point = tuple[float, float]
type Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sitter:
    """A ticket and the seat that it is for."""

    ticket: int
    seat: Placed


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one booking, or of seats that are kept together under another key."""

    booking: Hashable
    people: tuple[Sitter, ...]


def level_of(seat: Placed, ranks: Ranks = USUAL_RANKS) -> int:
    """Seats of a higher level are as good or better. Wheelchair spaces have none: they are not compared.

    A place of an area counts a little less than a numbered seat of its category; a companion seat least of all.
    """
    if is_companion(seat.category):
        return 0
    return 2 * ranks.get(seat.category, 0) + 2 - (not seat.row)


def reading_order(seat: Placed) -> tuple[int, int, str]:
    return seat.y, seat.x, seat.label


def wheelchair_users(people: Iterable[Sitter]) -> list[Sitter]:
    return [one for one in people if is_wheelchair(one.seat.category)]


def sofa_sitters(people: Iterable[Sitter]) -> list[Sitter]:
    return [one for one in people if is_sofa(one.seat.category)]


def neighbors[S: Placed](seats: Iterable[S]) -> Iterator[list[S]]:
    """Runs of numbered seats side by side, of any category."""
    numbered = sorted((seat for seat in seats if seat.row), key=reading_order)
    for _, row in groupby(numbered, key=lambda seat: seat.y):
        run: list[S] = []
        for seat in row:
            if run and seat.x - run[-1].x != NEIGHBOR:
                yield run
                run = []
            run.append(seat)
        yield run


def are_together(seats: Sequence[Placed]) -> bool:
    """Neighbors in one row, or places of one area."""
    if all(not seat.row for seat in seats):
        return len({seat.section for seat in seats}) <= 1
    return all(seat.row for seat in seats) and len(list(neighbors(seats))) == 1


def middle_of(seats: Sequence[Placed]) -> Point:
    return sum(seat.x for seat in seats) / len(seats), sum(seat.y for seat in seats) / len(seats)


def distance(where: Point, *seats: Placed) -> float:
    """Measure the distance from a point to the middle of the seats."""
    x, y = middle_of(seats)
    return abs(x - where[0]) + ROW_WEIGHT * abs(y - where[1])


@dataclass(frozen=True)
class Scale:
    """Maps a point to the same part of the width and depth of another auditorium."""

    old: tuple[Span, Span]
    new: tuple[Span, Span]

    def there(self, point: Point) -> Point:
        x, y = (
            new[0] + (value - old[0]) / old[1] * new[1]
            for value, old, new in zip(point, self.old, self.new, strict=True)
        )
        return x, y


def scale_of(old: Sequence[Placed], new: Sequence[Placed]) -> Scale:
    return Scale(*((_span([seat.x for seat in seats]), _span([seat.y for seat in seats])) for seats in (old, new)))


def _span(values: Sequence[int]) -> Span:
    """The smallest value, and the distance to the greatest."""
    return min(values, default=0), max(max(values, default=0) - min(values, default=0), 1)
