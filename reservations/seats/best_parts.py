"""A party that finds no row with enough free seats side by side: the fewest parts, near each other. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from reservations.seats.geometry import ROW_WEIGHT, Placed
from reservations.seats.single_seats import Picture
from reservations.seats.units import are_whole

# How many of the best stretches of free seats are tried as the middle of a party, and with how many stretches around them.
ANCHORS = 12
AROUND = 8


@dataclass(frozen=True, slots=True)
class Part[S: Placed]:
    """Seats side by side. `singles`: how many single seats they leave over."""

    seats: tuple[S, ...]
    singles: int
    distance: float

    @property
    def x(self) -> float:
        return (self.seats[0].x + self.seats[-1].x) / 2

    @property
    def y(self) -> int:
        return self.seats[0].y

    @property
    def is_alone(self) -> bool:
        return len(self.seats) == 1

    @property
    def rank(self) -> tuple[int, float]:
        return self.singles, self.distance


# The best part of each size in one stretch of free seats.
type Options[S: Placed] = dict[int, Part[S]]
# Number of parts, people alone, single seats left over, distance; then the parts.
type Way[S: Placed] = tuple[int, int, int, float, tuple[Part[S], ...]]


def options_of[S: Placed](
    stretch: Sequence[S],
    *,
    most: int,
    picture: Picture[S] | None,
    distance: Callable[[Sequence[Placed]], float],
    sofas: Mapping[str, int],
) -> Options[S]:
    """`picture` is None where single seats may be left over; `sofas` has the size of each, and none is cut."""
    found: Options[S] = {}
    for size in range(1, min(most, len(stretch)) + 1):
        parts = parts_in(stretch, size=size, picture=picture, distance=distance)
        best = min((part for part in parts if are_whole(part.seats, sofas)), key=lambda part: part.rank, default=None)
        if best is not None:
            found[size] = best
    return found


def parts_in[S: Placed](
    stretch: Sequence[S], *, size: int, picture: Picture[S] | None, distance: Callable[[Sequence[Placed]], float]
) -> Iterable[Part[S]]:
    """Every `size` neighbors of a stretch."""
    for at in range(len(stretch) - size + 1):
        seats = tuple(stretch[at : at + size])
        yield Part(seats, singles_beside(picture, seats), distance(seats))


def singles_beside[S: Placed](picture: Picture[S] | None, seats: Iterable[S]) -> int:
    return 0 if picture is None else len(picture.left_over({seat.label for seat in seats}))


def split[S: Placed](stretches: Sequence[Options[S]], *, count: int) -> tuple[Part[S], ...] | None:
    """The fewest parts; of those nobody alone, few single seats left over, near each other. None: too few seats."""
    best = _fewest(stretches, count=count, distance=lambda part: part.distance)
    if best is None:
        return None
    ways = [best, *_around_anchors(stretches, count=count)]
    return min(ways, key=lambda way: (*way[:3], _spread(way[4])))[4]


def _around_anchors[S: Placed](stretches: Sequence[Options[S]], *, count: int) -> Iterable[Way[S]]:
    """The best around each of the best stretches."""
    stretches = [options for options in stretches if options]
    largest = [options[max(options)] for options in stretches]
    by_distance = sorted(range(len(stretches)), key=lambda at: largest[at].distance)
    for anchor in by_distance[: ANCHORS if count <= AROUND * 2 else 2]:
        middle = largest[anchor]
        nearest = sorted(range(len(stretches)), key=lambda at: _apart(middle, largest[at]))
        around = [stretches[at] for at in nearest[: max(AROUND, count)]]
        way = _fewest(around, count=count, distance=partial(_distance_around, middle))
        if way is not None:
            yield way


def _fewest[S: Placed](
    stretches: Iterable[Options[S]], *, count: int, distance: Callable[[Part[S]], float]
) -> Way[S] | None:
    """Each stretch gives one part at most."""
    ways: dict[int, Way[S]] = {0: (0, 0, 0, 0.0, ())}
    for options in stretches:
        costs = [(size, part, distance(part)) for size, part in options.items()]
        for taken, (parts, alone, singles, far, before) in list(ways.items()):
            for size, part, more in costs:
                total = taken + size
                if total > count:
                    break
                cost = (parts + 1, alone + part.is_alone, singles + part.singles, far + more)
                if total not in ways or cost < ways[total][:4]:
                    ways[total] = (*cost, (*before, part))
    return ways.get(count)


def _distance_around(middle: Part[Placed], part: Part[Placed]) -> float:
    return part.distance + _apart(middle, part)


def _apart(one: Part[Placed], other: Part[Placed]) -> float:
    return abs(one.x - other.x) + ROW_WEIGHT * abs(one.y - other.y)


def _spread(parts: Sequence[Part[Placed]]) -> float:
    return sum(part.distance for part in parts) + sum(_apart(one, other) for one, other in combinations(parts, 2))
