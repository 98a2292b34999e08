"""A party that finds no row with enough free seats side by side: the fewest parts, near each other. Pure."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import accumulate, combinations, combinations_with_replacement, pairwise
from typing import Any

from reservations.seats.geometry import ROW_WEIGHT, Placed
from reservations.seats.single_seats import Picture

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


# A number of seats, and whether one of them has what the party must have.
type Seats = tuple[int, bool]
# Number of parts, people alone, single seats left over, distance; then the parts.
type Way[S: Placed] = tuple[int, int, int, float, tuple[Part[S], ...]]
# The best way for each number of seats in one stretch of free seats: one part, or several around a sofa that is too large.
type Options[S: Placed] = dict[Seats, Way[S]]
NO_PARTS: Way[Any] = (0, 0, 0, 0.0, ())


def options_of[S: Placed](
    stretch: Sequence[S],
    *,
    most: int,
    picture: Picture[S] | None,
    distance: Callable[[Sequence[Placed]], float],
    sofas: Mapping[str, int],
    having: Collection[str] = (),
) -> Options[S]:
    """`picture` is None where single seats may be left over; `sofas` has the size of each, and none is cut. `having`: the
    seats with what the party must have.
    """
    sizes = range(1, min(most, len(stretch)) + 1)
    if not any(seat.unit for seat in stretch):
        return _options_without_sofas(stretch, sizes, picture=picture, distance=distance, having=having)
    whole = list(parts_in(stretch, sizes, picture=picture, distance=distance, sofas=sofas))
    found: Options[S] = {}
    for part in sorted(whole, key=lambda part: part.rank):
        found.setdefault(_seats_of(part, having), _longer(NO_PARTS, (part,), part.distance))
    # One part is better than several.
    if not _are_sums_missing(found, most=min(most, len(stretch) - 1)):
        return found
    return _with_gaps(stretch, whole, most=most, having=having) | found


def _are_sums_missing(found: Collection[Seats], *, most: int) -> bool:
    """Whether two parts may make what one part cannot, as sofas leave numbers of seats without a part. If two do not, more
    do not either.
    """
    return any(
        one + other <= most and (one + other, has_it or brings_it) not in found
        for (one, has_it), (other, brings_it) in combinations_with_replacement(found, 2)
    )


def _seats_of[S: Placed](part: Part[S], having: Collection[str]) -> Seats:
    return len(part.seats), any(seat.label in having for seat in part.seats)


def _options_without_sofas[S: Placed](
    stretch: Sequence[S],
    sizes: Iterable[int],
    *,
    picture: Picture[S] | None,
    distance: Callable[[Sequence[Placed]], float],
    having: Collection[str],
) -> Options[S]:
    """The best part of each size, and of those with what the party must have; nothing is made of the others, which are many
    in a large auditorium.
    """
    left, right = _singles_at_ends(stretch, picture)
    having_before = list(accumulate((seat.label in having for seat in stretch), initial=0))
    found: Options[S] = {}
    for size in sizes:
        ranks = [
            (left[end - size + 1] + right[end], distance((stretch[end - size + 1], stretch[end])), end)
            for end in range(size - 1, len(stretch))
        ]
        with_it = [rank for rank in ranks if having_before[rank[2] + 1] > having_before[rank[2] + 1 - size]]
        for has_it, those in ((False, ranks), (True, with_it)):
            if those:
                singles, far, end = min(those)
                part = Part(tuple(stretch[end - size + 1 : end + 1]), singles, far)
                found[size, has_it] = (1, int(size == 1), singles, far, (part,))
    return found


def _with_gaps[S: Placed](
    stretch: Sequence[S], whole: Iterable[Part[S]], *, most: int, having: Collection[str]
) -> Options[S]:
    """Find options of several parts of one stretch, which help if a sofa that is too large lies between them."""
    places = {seat.label: at for at, seat in enumerate(stretch)}
    beginning: dict[int, list[Part[S]]] = {}
    for part in whole:
        beginning.setdefault(places[part.seats[0].label], []).append(part)
    # The best ways by the position where the next part may begin: with a seat between, or two parts would be one.
    ways: list[dict[Seats, Way[S]]] = [{} for _ in range(len(stretch) + 2)]
    ways[0][0, False] = NO_PARTS
    for at in range(len(stretch) + 1):
        for (taken, has_it), way in ways[at].items():
            _keep_better(ways[at + 1], (taken, has_it), way)
            for part in beginning.get(at, ()):
                size, brings_it = _seats_of(part, having)
                if taken + size <= most:
                    key = (taken + size, has_it or brings_it)
                    _keep_better(ways[at + size + 1], key, _longer(way, (part,), part.distance))
    return {key: way for key, way in ways[-1].items() if key[0]}


def _longer[S: Placed](way: Way[S], parts: tuple[Part[S], ...], distance: float) -> Way[S]:
    count, alone, singles, far, before = way
    return (
        count + len(parts),
        alone + sum(part.is_alone for part in parts),
        singles + sum(part.singles for part in parts),
        far + distance,
        (*before, *parts),
    )


def _keep_better[S: Placed](ways: dict[Seats, Way[S]], key: Seats, way: Way[S]) -> None:
    if key not in ways or way[:4] < ways[key][:4]:
        ways[key] = way


def parts_in[S: Placed](
    stretch: Sequence[S],
    sizes: Iterable[int],
    *,
    picture: Picture[S] | None,
    distance: Callable[[Sequence[Placed]], float],
    sofas: Mapping[str, int],
) -> Iterator[Part[S]]:
    """All neighbors of these numbers in a stretch that cut no sofa."""
    left, right = _singles_at_ends(stretch, picture)
    is_end = [True, *(not one.unit or one.unit != other.unit for one, other in pairwise(stretch)), True]
    there = Counter(seat.unit for seat in stretch)
    halves = list(accumulate((bool(seat.unit) and there[seat.unit] < sofas[seat.unit] for seat in stretch), initial=0))
    for size in sizes:
        for at in range(len(stretch) - size + 1):
            if is_end[at] and is_end[at + size] and halves[at] == halves[at + size]:
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


@dataclass(frozen=True, slots=True)
class Limit:
    """How many parts a choice may have, and how many people may sit alone; less is not looked for."""

    parts: int
    alone: int


def split[S: Placed](
    stretches: Sequence[Options[S]], *, count: int, limit: Limit, must_have: bool = False
) -> tuple[Part[S], ...] | None:
    """The fewest parts; of those nobody alone, few single seats left over, near each other. None: too few seats within the
    limit.

    `must_have`: one of them has what the party must have.
    """
    wanted = (count, must_have)
    best = _fewest(stretches, wanted, most=limit.parts)
    if best is None or best[1] > limit.alone:
        return None
    ways = [best, *_around_anchors(stretches, wanted, most=best[0])]
    return min(ways, key=lambda way: (*way[:3], _spread(way[4])))[4]


def _around_anchors[S: Placed](stretches: Iterable[Options[S]], wanted: Seats, *, most: int) -> Iterable[Way[S]]:
    """The best in at most that many parts around each of the best stretches."""
    count, _ = wanted
    places = [(_largest(options), options) for options in stretches if options]
    points = [(part.x, part.y) for part, _ in places]
    by_distance = sorted((part for part, _ in places), key=lambda part: part.distance)
    for middle in by_distance[: ANCHORS if count <= AROUND * 2 else 2]:
        x, y = middle.x, middle.y
        away = [abs(other_x - x) + ROW_WEIGHT * abs(other_y - y) for other_x, other_y in points]
        nearest = sorted(range(len(places)), key=away.__getitem__)[: max(AROUND, count)]
        way = _fewest([_seen_from(middle, places[at][1]) for at in nearest], wanted, most=most)
        if way is not None:
            yield way


def _largest[S: Placed](options: Options[S]) -> Part[S]:
    parts = options[max(options)][4]
    return parts[0] if len(parts) == 1 else max(parts, key=lambda part: len(part.seats))


def _seen_from[S: Placed](middle: Part[S], options: Options[S]) -> Options[S]:
    """The options with the distance of their parts from the middle of a party added."""
    return {
        seats: (parts, alone, singles, far + sum(_apart(middle, part) for part in those), those)
        for seats, (parts, alone, singles, far, those) in options.items()
    }


def _fewest[S: Placed](stretches: Sequence[Options[S]], wanted: Seats, *, most: int) -> Way[S] | None:
    """Combine options to the wanted seats in at most that many parts; each stretch of seats gives at most one option."""
    count, must_have = wanted
    ways: dict[Seats, Way[S]] = {(0, False): NO_PARTS}
    for options in _worth_trying(stretches, wanted, most=most):
        for (taken, has_before), (parts, alone, singles, far, before) in list(ways.items()):
            for (size, has_it), (more, more_alone, more_singles, farther, after) in options:
                key = (taken + size, must_have and (has_before or has_it))
                if key[0] > count or parts + more > most:
                    continue
                cost = (parts + more, alone + more_alone, singles + more_singles, far + farther)
                if key not in ways or cost < ways[key][:4]:
                    ways[key] = (*cost, (*before, *after))
    return ways.get(wanted)


def _worth_trying[S: Placed](
    stretches: Sequence[Options[S]], wanted: Seats, *, most: int
) -> Iterable[list[tuple[Seats, Way[S]]]]:
    """The options of each stretch without those of which as many stretches as there may be parts have better ones."""
    count, must_have = wanted
    costs: dict[Seats, list[tuple[tuple[int, int, int, float], int]]] = {}
    for at, options in enumerate(stretches):
        for seats, way in options.items():
            costs.setdefault(seats, []).append((way[:4], at))
    worth: dict[int, list[tuple[Seats, Way[S]]]] = {}
    for seats, those in costs.items():
        if seats[0] <= count and (must_have or not seats[1]):
            for _, at in those if len(those) <= most else nsmallest(most, those):
                worth.setdefault(at, []).append((seats, stretches[at][seats]))
    return [worth[at] for at in sorted(worth)]


def _apart(one: Part[Placed], other: Part[Placed]) -> float:
    return abs(one.x - other.x) + ROW_WEIGHT * abs(one.y - other.y)


def _spread(parts: Sequence[Part[Placed]]) -> float:
    return sum(part.distance for part in parts) + sum(_apart(one, other) for one, other in combinations(parts, 2))
