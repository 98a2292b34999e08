"""A party that finds no row with enough free seats side by side: the fewest parts, near each other. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any

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


# The best parts for each number of seats in one stretch of free seats: one, or several around a sofa that is too large.
type Options[S: Placed] = dict[int, tuple[Part[S], ...]]
# Number of parts, people alone, single seats left over, distance; then the parts.
type Way[S: Placed] = tuple[int, int, int, float, tuple[Part[S], ...]]
NO_PARTS: Way[Any] = (0, 0, 0, 0.0, ())


def options_of[S: Placed](
    stretch: Sequence[S],
    *,
    most: int,
    picture: Picture[S] | None,
    distance: Callable[[Sequence[Placed]], float],
    sofas: Mapping[str, int],
) -> Options[S]:
    """`picture` is None where single seats may be left over; `sofas` has the size of each, and none is cut."""
    sizes = range(1, min(most, len(stretch)) + 1)
    if not any(seat.unit for seat in stretch):
        return _options_without_sofas(stretch, sizes, picture=picture, distance=distance)
    whole = [
        part
        for size in sizes
        for part in parts_in(stretch, size=size, picture=picture, distance=distance)
        if are_whole(part.seats, sofas)
    ]
    found: Options[S] = {}
    for part in sorted(whole, key=lambda part: part.rank):
        found.setdefault(len(part.seats), (part,))
    # One part is better than several, so these are looked for only where sofas leave a number without one.
    return found if len(found) == len(sizes) else _with_gaps(stretch, whole, most=most) | found


def _options_without_sofas[S: Placed](
    stretch: Sequence[S],
    sizes: Iterable[int],
    *,
    picture: Picture[S] | None,
    distance: Callable[[Sequence[Placed]], float],
) -> Options[S]:
    """The best part of each size; nothing is made of the others, which are many in a large auditorium."""
    left, right = _singles_at_ends(stretch, picture)
    found: Options[S] = {}
    for size in sizes:
        ends = range(size - 1, len(stretch))
        ranks = [
            (left[end - size + 1] + right[end], distance((stretch[end - size + 1], stretch[end])), end) for end in ends
        ]
        singles, far, end = min(ranks)
        found[size] = (Part(tuple(stretch[end - size + 1 : end + 1]), singles, far),)
    return found


def _with_gaps[S: Placed](stretch: Sequence[S], whole: Iterable[Part[S]], *, most: int) -> Options[S]:
    """Find options of several parts of one stretch, which help if a sofa that is too large lies between them."""
    places = {seat.label: at for at, seat in enumerate(stretch)}
    beginning: dict[int, list[Part[S]]] = {}
    for part in whole:
        beginning.setdefault(places[part.seats[0].label], []).append(part)
    # The best ways by the position where the next part may begin: with a seat between, or two parts would be one.
    ways: list[dict[int, Way[S]]] = [{} for _ in range(len(stretch) + 2)]
    ways[0][0] = NO_PARTS
    for at in range(len(stretch) + 1):
        for taken, way in ways[at].items():
            _keep_better(ways[at + 1], taken, way)
            for part in beginning.get(at, ()):
                if taken + len(part.seats) <= most:
                    end = at + len(part.seats) + 1
                    _keep_better(ways[end], taken + len(part.seats), _longer(way, (part,), part.distance))
    return {taken: way[4] for taken, way in ways[-1].items() if taken}


def _longer[S: Placed](way: Way[S], parts: tuple[Part[S], ...], distance: float) -> Way[S]:
    count, alone, singles, far, before = way
    return (
        count + len(parts),
        alone + sum(part.is_alone for part in parts),
        singles + sum(part.singles for part in parts),
        far + distance,
        (*before, *parts),
    )


def _keep_better[S: Placed](ways: dict[int, Way[S]], taken: int, way: Way[S]) -> None:
    if taken not in ways or way[:4] < ways[taken][:4]:
        ways[taken] = way


def parts_in[S: Placed](
    stretch: Sequence[S], *, size: int, picture: Picture[S] | None, distance: Callable[[Sequence[Placed]], float]
) -> Iterable[Part[S]]:
    """Every `size` neighbors of a stretch."""
    left, right = _singles_at_ends(stretch, picture)
    for at in range(len(stretch) - size + 1):
        seats = tuple(stretch[at : at + size])
        yield Part(seats, left[at] + right[at + size - 1], distance(seats))


def _singles_at_ends[S: Placed](
    stretch: Sequence[S], picture: Picture[S] | None
) -> tuple[Sequence[int], Sequence[int]]:
    """How many single seats neighbors leave over that begin at a seat of the stretch, and that end there."""
    if picture is None:
        return (0,) * len(stretch), (0,) * len(stretch)
    labels = [seat.label for seat in stretch]
    return [picture.singles_before(label) for label in labels], [picture.singles_behind(label) for label in labels]


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
    largest = [max(options[max(options)], key=lambda part: len(part.seats)) for options in stretches]
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
    """Combine options to seat `count` people; each stretch of seats gives at most one option."""
    ways: dict[int, Way[S]] = {0: NO_PARTS}
    for options in stretches:
        costs = [(size, _longer(NO_PARTS, parts, sum(map(distance, parts)))) for size, parts in sorted(options.items())]
        for taken, (parts, alone, singles, far, before) in list(ways.items()):
            for size, (more, more_alone, more_singles, farther, after) in costs:
                total = taken + size
                if total > count:
                    break
                cost = (parts + more, alone + more_alone, singles + more_singles, far + farther)
                if total not in ways or cost < ways[total][:4]:
                    ways[total] = (*cost, (*before, *after))
    return ways.get(count)


def _distance_around(middle: Part[Placed], part: Part[Placed]) -> float:
    return part.distance + _apart(middle, part)


def _apart(one: Part[Placed], other: Part[Placed]) -> float:
    return abs(one.x - other.x) + ROW_WEIGHT * abs(one.y - other.y)


def _spread(parts: Sequence[Part[Placed]]) -> float:
    return sum(part.distance for part in parts) + sum(_apart(one, other) for one, other in combinations(parts, 2))
