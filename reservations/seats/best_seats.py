"""Which seats are the best for a party: side by side if any are, near the middle of the screen, two thirds back in a section.

Pure and deterministic: the same seats and states give the same answer. docs/adr says how choices are compared.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from reservations.refusals.seats import NothingTogether, OnlyWheelchairSpaces, OnlyWholeSofas
from reservations.seats.best_parts import Limit, Options, Part, options_of, parts_in, split
from reservations.seats.fact_words import ARMREST_LIFTS, BESIDE_AISLE, HEARING_LOOP, NEAR_EXIT, STEPS
from reservations.seats.geometry import ROW_WEIGHT, Placed, beside_aisle, distance_from_best_place, stretches_of
from reservations.seats.met_needs import AskedNeeds
from reservations.seats.single_seats import Picture, choice_without_singles
from reservations.seats.units import sizes_of
from theaters.seat_categories import is_companion, is_for_some, is_wheelchair

ALTERNATIVES = 3
# A sofa has at most three places, of which at least one is taken.
MOST_EMPTY_PLACES = 2


@dataclass(frozen=True)
class Wish:
    """What a party asks for. `wheelchairs` of the `count` people sit in a wheelchair space; None is any category or
    section.

    A party that asks for a wheelchair space gets it and companion seats whatever the categories are. `freed`: the seats
    that the party gives up for these, in an exchange. `must`: names of needs without which a choice is none, each met by one
    seat of the party.
    """

    count: int
    wheelchairs: int = 0
    categories: frozenset[str] | None = None
    section: str | None = None
    on_aisle: bool = False
    near_exit: bool = False
    step_free: bool = False
    hearing_loop: bool = False
    armrest_lifts: bool = False
    freed: frozenset[str] = frozenset()
    must: frozenset[str] = frozenset()

    @property
    def needs(self) -> frozenset[str]:
        """What it asks for, by name. A party of wheelchair spaces alone needs no aisle and no armrest."""
        has_others = self.wheelchairs < self.count
        wanted = {
            STEPS: self.step_free,
            HEARING_LOOP: self.hearing_loop,
            ARMREST_LIFTS: self.armrest_lifts and has_others,
            BESIDE_AISLE: self.on_aisle and has_others,
            NEAR_EXIT: self.near_exit,
        }
        return self.must.union(name for name, is_wanted in wanted.items() if is_wanted)


@dataclass(frozen=True)
class SeatChoice[S: Placed]:
    """Seats for a party, in parts that lie side by side each."""

    parts: tuple[tuple[S, ...], ...]

    @property
    def seats(self) -> list[S]:
        return [seat for part in self.parts for seat in part]

    @property
    def labels(self) -> list[str]:
        return [seat.label for seat in self.seats]

    @property
    def is_together(self) -> bool:
        return len(self.parts) == 1

    @property
    def alone(self) -> int:
        """How many people of the party sit by themselves."""
        return sum(len(part) == 1 for part in self.parts)


class _Memory[S: Placed]:
    """What a search computes once, and uses again when it looks for another choice in the same seats.

    `options`: by the ends of a stretch, the seat that they should be near, the largest number of seats, and whether the party
    must have something.
    """

    def __init__(self) -> None:
        self.options: dict[tuple[str, str, str, int, bool], Options[S]] = {}
        self._of_plan: dict[str, Any] = {}

    def once[T](self, name: str, compute: Callable[[], T]) -> T:
        if name not in self._of_plan:
            self._of_plan[name] = compute()
        found: T = self._of_plan[name]
        return found


@dataclass(frozen=True)
class OpenSeats[S: Placed]:
    """A plan with what is free in it. `picture` is None where single seats may be left over; `exit_rows` are names of rows."""

    seats: Sequence[S]
    free: Collection[str]
    picture: Picture[S] | None
    companions: int = 3
    sells_empty_places: bool = False
    exit_rows: Collection[str] = frozenset()
    memory: "_Memory[S]" = field(default_factory=_Memory, compare=False, repr=False)

    def without(self, labels: Collection[str]) -> "OpenSeats[S]":
        """The same with seats that are free and not offered to the party."""
        picture = self.picture
        if picture is not None:
            is_free, not_offered = frozenset(picture.free).union(labels), picture.not_offered.union(labels)
            picture = replace(picture, free=is_free, not_offered=not_offered)
        return replace(self, free=frozenset(self.free).difference(labels), picture=picture)

    def distance(self) -> Callable[[Sequence[Placed]], float]:
        return self.memory.once("distance", lambda: distance_from_best_place(self.seats))

    def sofas(self) -> Mapping[str, int]:
        return self.memory.once("sofas", lambda: sizes_of(self.seats))

    def side_by_side(self) -> list[list[S]]:
        return self.memory.once("stretches", lambda: stretches_of(self.seats))

    def asked(self, needs: frozenset[str]) -> AskedNeeds:
        aisles = self.memory.once("aisles", lambda: beside_aisle(self.seats)) if BESIDE_AISLE in needs else frozenset()
        return AskedNeeds(needs, aisles, self.exit_rows)


def best_choices[S: Placed](open_seats: OpenSeats[S], wish: Wish, *, others: int = ALTERNATIVES) -> list[SeatChoice[S]]:
    """The best choice, then up to that number of others. Raises NothingTogether for too few free seats.

    The others share no seat with it; a party that has to be split gets some that share a part of it where nothing else is
    left. Where only sofas are left that are too large, places of one stay empty. Raises OnlyWholeSofas where the theater
    does not sell empty places, and OnlyWheelchairSpaces where nothing else is free and the party asked for none.
    """
    if not open_seats.seats or wish.count < 1 or not 0 <= wish.wheelchairs <= wish.count:
        raise NothingTogether
    open_seats = replace(open_seats.without(wish.freed), memory=_Memory())
    try:
        return _all_taken(open_seats, wish, others)
    except NothingTogether:
        choices = [] if wish.wheelchairs else _with_empty_places(open_seats, wish, others)
        if not choices:
            _ask_for_wheelchair_spaces(open_seats, wish)
            raise
    if not open_seats.sells_empty_places:
        raise OnlyWholeSofas
    return choices


def _ask_for_wheelchair_spaces(open_seats: OpenSeats[Any], wish: Wish) -> None:
    """Raises OnlyWheelchairSpaces."""
    if wish.wheelchairs:
        return
    free = [
        seat.category
        for seat in open_seats.seats
        if seat.label in open_seats.free and wish.section in (None, seat.section)
    ]
    spaces = sum(map(is_wheelchair, free))
    if spaces and all(map(is_for_some, free)):
        raise OnlyWheelchairSpaces(min(spaces, wish.count))


def _all_taken[S: Placed](open_seats: OpenSeats[S], wish: Wish, others: int) -> list[SeatChoice[S]]:
    """Choices without empty places. Raises NothingTogether."""
    together = _together(open_seats, wish, list(_stretches(open_seats, wish)))
    if together:
        lacks = _lacks(open_seats, wish)
        return [SeatChoice((part.seats,)) for part in _first_of_each_row(together, lacks, others)]
    best = _apart(open_seats, wish, Limit(wish.count, wish.count))
    splits = _other_splits(open_seats, wish, best, others)
    return [best, *(other for other in splits if _is_let(open_seats.picture, other))]


def _is_let[S: Placed](picture: Picture[S] | None, choice: SeatChoice[S]) -> bool:
    """Whether the rule of single seats lets a choice pass: it was found among fewer seats than the rule looks at."""
    if picture is None or len(choice.seats) == 1 or any(is_for_some(seat.category) for seat in choice.seats):
        return True
    return not picture.left_over(choice.labels) or choice_without_singles(picture, choice.seats) is None


def _other_splits[S: Placed](
    open_seats: OpenSeats[S], wish: Wish, best: SeatChoice[S], others: int
) -> list[SeatChoice[S]]:
    """Other ways to split a party, in at most one part more and with nobody else alone: at first with none of the seats
    of the best way, then with another place for one of its parts.
    """
    found: list[SeatChoice[S]] = []
    avoided = set(best.labels)
    while len(found) < others and (other := _split_without(open_seats, wish, best, avoided)):
        found.append(other)
        avoided.update(other.labels)
    for part in reversed(best.parts):
        if len(found) >= others:
            break
        other = _split_without(open_seats, wish, best, {seat.label for seat in part})
        if other and all(set(other.labels) != set(one.labels) for one in found):
            found.append(other)
    return found


def _split_without[S: Placed](
    open_seats: OpenSeats[S], wish: Wish, best: SeatChoice[S], avoided: Collection[str]
) -> SeatChoice[S] | None:
    with suppress(NothingTogether):
        limit = Limit(len(best.parts) + 1, best.alone)
        other = _apart(open_seats.without(avoided), wish, limit)
        if len(other.parts) <= limit.parts and other.alone <= limit.alone:
            return other
    return None


def _with_empty_places[S: Placed](open_seats: OpenSeats[S], wish: Wish, others: int) -> list[SeatChoice[S]]:
    """Use a sofa larger than the rest of the party, with the fewest empty places; none without such a sofa."""
    for empty in range(1, MOST_EMPTY_PLACES + 1):
        with suppress(NothingTogether):
            choices = _all_taken(open_seats, replace(wish, count=wish.count + empty), others)
            if fitting := [choice for choice in choices if max(sizes_of(choice.seats).values(), default=0) > empty]:
                return fitting
    return []


def _together[S: Placed](open_seats: OpenSeats[S], wish: Wish, stretches: Iterable[Sequence[S]]) -> list[Part[S]]:
    """All choices side by side in these stretches, with whole sofas, the best first. Choices that leave single seats over
    are in it only if all do.
    """
    distance, sofas = open_seats.distance(), open_seats.sofas()
    parts = [
        part
        for stretch in stretches
        if len(stretch) >= wish.count and _has_spaces(stretch, wish.wheelchairs)
        for part in parts_in(stretch, [wish.count], picture=open_seats.picture, distance=distance, sofas=sofas)
        if _fits(part.seats, wish.wheelchairs, open_seats.companions)
    ]
    if wish.must:
        must = open_seats.asked(wish.must)
        parts = [part for part in parts if must.are_met_by(part.seats)]
    lacks = _lacks(open_seats, wish)
    keys = {id(part): lacks(part.seats) for part in parts}
    parts.sort(key=lambda part: (keys[id(part)][:1], _is_mixed(part.seats), keys[id(part)][1:], part.distance))
    if wish.count == 1 and wish.needs:
        # The rule lets one person leave a single seat over, so what they need comes first.
        return sorted(parts, key=lambda part: (keys[id(part)][0], part.singles > 0))
    return [part for part in parts if not part.singles] or parts


def _has_spaces(stretch: Sequence[Placed], wheelchairs: int) -> bool:
    """Whether a part of it can have that many wheelchair spaces: most stretches of a large auditorium have none."""
    return not wheelchairs or sum(is_wheelchair(seat.category) for seat in stretch) >= wheelchairs


def _is_mixed(seats: Iterable[Placed]) -> bool:
    """Whether seats have several categories and so prices; those for wheelchair users match any."""
    return len({seat.category for seat in seats if not is_for_some(seat.category)}) > 1


def _lacks(open_seats: OpenSeats[Any], wish: Wish) -> Callable[[Sequence[Placed]], tuple[float, ...]]:
    """The sort key of what was asked for: how many of the needs are not met, then how far each is from it. Fewest steps
    come first, then a hearing loop for all, an armrest that lifts for one, an aisle, a row near an exit. Unknown facts
    sort after known good ones.
    """
    needs = wish.needs
    if not needs:
        return lambda _seats: (0,)
    return open_seats.asked(needs).order


def _first_of_each_row[S: Placed](
    parts: Sequence[Part[S]], lacks: Callable[[Sequence[Placed]], tuple[float, ...]], others: int
) -> list[Part[S]]:
    """The best choice and up to that number of others without common seats: those that meet most of the needs first, of these
    from other rows if possible.
    """
    picked, taken, rows = [parts[0]], {seat.label for seat in parts[0].seats}, {(parts[0].seats[0].section, parts[0].y)}
    for _, alike in groupby(parts, key=lambda part: lacks(part.seats)[0]):
        equals = list(alike)
        for of_new_rows in (True, False):
            for part in equals:
                row, labels = (part.seats[0].section, part.y), {seat.label for seat in part.seats}
                if len(picked) > others:
                    return picked
                if labels & taken or (of_new_rows and row in rows):
                    continue
                picked.append(part)
                taken |= labels
                rows.add(row)
    return picked


def _apart[S: Placed](open_seats: OpenSeats[S], wish: Wish, limit: Limit) -> SeatChoice[S]:
    """Wheelchair spaces with as many of the party beside them as possible, then the others in the fewest parts. Raises
    NothingTogether.
    """
    beside: list[tuple[S, ...]] = []
    left = replace(wish, must=frozenset())
    while left.wheelchairs:
        part = _largest_with_wheelchairs(open_seats, left)
        beside.append(part)
        spaces = sum(is_wheelchair(seat.category) for seat in part)
        left = replace(left, count=left.count - len(part), wheelchairs=left.wheelchairs - spaces)
        open_seats = replace(open_seats, free=set(open_seats.free) - {seat.label for seat in part})
    if left.count:
        limit = replace(limit, parts=limit.parts - len(beside))
        beside += _parts_of_others(open_seats, wish, left, limit, near=beside)
    choice = SeatChoice(tuple(beside))
    if not open_seats.asked(wish.must).are_met_by(choice.seats):
        raise NothingTogether
    return choice if wish.wheelchairs or wish.must else _without_singles(open_seats, choice)


def _parts_of_others[S: Placed](
    open_seats: OpenSeats[S], wish: Wish, left: Wish, limit: Limit, *, near: Sequence[tuple[S, ...]]
) -> list[tuple[S, ...]]:
    """The parts of those who are left, with what the party must have and has not yet. Raises NothingTogether."""
    must = open_seats.asked(wish.must)
    if must.are_met_by([seat for part in near for seat in part]):
        return _ordinary_parts(open_seats, left, limit, near=near)
    having = open_seats.memory.once(
        "having", lambda: {seat.label for seat in open_seats.seats if must.are_met_by([seat])}
    )
    return _ordinary_parts(open_seats, left, limit, near=near, having=having)


def _without_singles[S: Placed](open_seats: OpenSeats[S], choice: SeatChoice[S]) -> SeatChoice[S]:
    """The parts themselves, or what the single-seat rule offers instead: parts may leave a single seat between them."""
    picture = open_seats.picture
    if picture is None or not picture.left_over(choice.labels):
        return choice
    others = choice_without_singles(picture, choice.seats)
    return choice if others is None else SeatChoice(tuple(tuple(part) for part in stretches_of(others)))


def _largest_with_wheelchairs[S: Placed](open_seats: OpenSeats[S], wish: Wish) -> tuple[S, ...]:
    """The others of the party are shared out between the spaces. Raises NothingTogether when no wheelchair space is free."""
    stretches = [stretch for stretch in _stretches(open_seats, wish) if _has_spaces(stretch, 1)]
    for spaces in range(wish.wheelchairs, 0, -1):
        share = -(-wish.count * spaces // wish.wheelchairs)
        for count in range(share, spaces - 1, -1):
            found = _together(open_seats, replace(wish, count=count, wheelchairs=spaces), stretches)
            if found:
                return found[0].seats
    raise NothingTogether


def _ordinary_parts[S: Placed](
    open_seats: OpenSeats[S],
    wish: Wish,
    limit: Limit,
    *,
    near: Sequence[Sequence[S]],
    having: Collection[str] | None = None,
) -> list[tuple[S, ...]]:
    """The fewest parts. `having`: labels of seats of which the party must have one; None where it needs none of them."""
    distance = open_seats.distance() if not near else _distance_from(near[0][0])
    remembered, beside = open_seats.memory.options, near[0][0].label if near else ""
    options: list[Options[S]] = []
    for stretch in _stretches(open_seats, wish):
        key = (stretch[0].label, stretch[-1].label, beside, wish.count, having is not None)
        if key not in remembered:
            remembered[key] = options_of(
                stretch,
                most=wish.count,
                picture=open_seats.picture,
                distance=distance,
                sofas=open_seats.sofas(),
                having=having or (),
            )
        options.append(remembered[key])
    parts = split(options, count=wish.count, limit=limit, must_have=having is not None)
    if parts is None:
        raise NothingTogether
    return [part.seats for part in sorted(parts, key=lambda part: (part.y, part.x))]


def _distance_from(seat: Placed) -> Callable[[Sequence[Placed]], float]:
    return lambda part: abs((part[0].x + part[-1].x) / 2 - seat.x) + ROW_WEIGHT * abs(part[0].y - seat.y)


def _stretches[S: Placed](open_seats: OpenSeats[S], wish: Wish) -> Iterator[list[S]]:
    """Stretches of the free seats of the wish's categories and section."""
    free, section = open_seats.free, wish.section
    wanted = {category for category in {seat.category for seat in open_seats.seats} if _is_wanted(category, wish)}
    for stretch in open_seats.side_by_side():
        if section in (None, stretch[0].section):
            for is_usable, seats in groupby(stretch, key=lambda seat: seat.label in free and seat.category in wanted):
                if is_usable:
                    yield list(seats)


def _is_wanted(category: str, wish: Wish) -> bool:
    if is_for_some(category):
        return wish.wheelchairs > 0
    return wish.categories is None or category in wish.categories


def _fits(seats: Sequence[Placed], wheelchairs: int, companions: int) -> bool:
    """Whether seats have the wanted wheelchair spaces, and no more companion seats than belong to them."""
    if not wheelchairs:
        return True
    of_companions = sum(is_companion(seat.category) for seat in seats)
    return sum(is_wheelchair(seat.category) for seat in seats) == wheelchairs and (
        of_companions <= companions * wheelchairs
    )
