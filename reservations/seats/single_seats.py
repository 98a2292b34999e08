"""No single seat left over: the rule that map, list, best seats, counter and swap share. Pure; docs/adr explains it.

A choice leaves a single seat over when a free seat beside it has no free neighbor any more. Aisles, pillars, wheelchair
spaces with their companion seats, and the ends of a sofa end a run of seats; held seats, and seats kept back, count as
taken; seats of every price belong to the run. A choice is refused only when the same section has another of the same seat
categories, with as many seats in no more parts and nobody else alone, that leaves no single seat over. One person alone
is never refused, nor is a party with a wheelchair space. A sofa and a seat beside it are one part, as they are side by side.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, groupby
from math import inf

from reservations.seats.geometry import NEIGHBOR, ROW_WEIGHT, Placed
from theaters.seat_categories import is_for_some

# Sold by a rule of their own (reservations/selling/party_rules.py).


@dataclass(frozen=True)
class SingleSeatRule:
    """The theater's rule: whether it is on, and up to how many free seats of a showtime it is off."""

    is_on: bool
    off_up_to: int

    def judges(self, *, chosen: int, free: int) -> bool:
        """`free` counts the seats that nobody else has, the chosen ones among them."""
        return self.is_on and chosen > 1 and free > self.off_up_to


@dataclass(frozen=True)
class LeftOver[S: Placed]:
    """The single seats that a refused choice leaves over, and a choice without any."""

    singles: tuple[S, ...]
    instead: tuple[S, ...]


@dataclass(frozen=True)
class Picture[S: Placed]:
    """A plan's seats as one party sees them. `free`: the labels that nobody else has, its own among them.

    `later`: the labels taken by others after this party. Single seats that those cause do not count against it.
    `not_offered`: free seats that are no choice for this party, because it gives them up for others or needs something
    else.
    """

    neighbors: Mapping[str, tuple[str | None, str | None]]
    runs: Sequence[Sequence[S]]
    free: Collection[str]
    later: Collection[str] = frozenset()
    not_offered: frozenset[str] = frozenset()

    def left_over(self, chosen: Collection[str]) -> set[str]:
        """The labels of the free seats beside the chosen ones that have no free neighbor any more."""
        return {
            beside
            for label in chosen
            for beside in self.neighbors.get(label, ())
            if beside is not None and self._is_left(beside, chosen) and self._is_single(beside, chosen)
        }

    def singles_before(self, first: str) -> int:
        """How many single seats (0 or 1) are left over on the left of chosen neighbors that begin with this seat."""
        return self._is_single_at(first, side=0)

    def singles_behind(self, last: str) -> int:
        """How many single seats (0 or 1) are left over on the right of chosen neighbors that end with this seat."""
        return self._is_single_at(last, side=1)

    def _is_single_at(self, end: str, *, side: int) -> bool:
        beside = self.neighbors.get(end, (None, None))[side]
        if beside is None or beside not in self.free:
            return False
        beyond = self.neighbors[beside][side]
        return beyond is None or not (beyond in self.free or beyond in self.later)

    def _is_left(self, label: str, chosen: Collection[str]) -> bool:
        return label in self.free and label not in chosen

    def _is_single(self, label: str, chosen: Collection[str]) -> bool:
        return not any(
            beside is not None and (self._is_left(beside, chosen) or beside in self.later)
            for beside in self.neighbors[label]
        )


def runs_in_rows[S: Placed](seats: Iterable[S]) -> list[list[S]]:
    """Runs of neighboring seats from the left, of every price; the module's docstring says what ends a run."""
    rows: dict[tuple[str, int], list[S]] = {}
    for seat in seats:
        if not is_for_some(seat.category):
            rows.setdefault((seat.section, seat.y), []).append(seat)
    return [run for row in rows.values() for run in _cut(sorted(row, key=lambda seat: seat.x))]


def _cut[S: Placed](row: Sequence[S]) -> Iterator[list[S]]:
    run: list[S] = []
    for seat in row:
        if run and (seat.x - run[-1].x != NEIGHBOR or seat.unit != run[-1].unit):
            yield run
            run = []
        run.append(seat)
    yield run


def neighbors_of(runs: Iterable[Sequence[Placed]]) -> dict[str, tuple[str | None, str | None]]:
    """The labels to the left and to the right of each seat; None where its run ends."""
    found: dict[str, tuple[str | None, str | None]] = {}
    for run in runs:
        labels = [None, *(seat.label for seat in run), None]
        for at, seat in enumerate(run):
            found[seat.label] = (labels[at], labels[at + 2])
    return found


def picture_of[S: Placed](
    seats: Sequence[S], *, free: Collection[str], later: Collection[str] = frozenset()
) -> Picture[S]:
    runs = runs_in_rows(seats)
    return Picture(neighbors_of(runs), runs, frozenset(free), frozenset(later))


def judge_choice[S: Placed](picture: Picture[S], chosen: Sequence[S], *, rule: SingleSeatRule) -> LeftOver[S] | None:
    """Judge a choice; None when it leaves no single seat, the rule is off, or nothing is better."""
    labels = {seat.label for seat in chosen}
    is_apart = any(is_for_some(seat.category) for seat in chosen)
    if is_apart or not rule.judges(chosen=len(labels), free=len(picture.free)):
        return None
    singles = picture.left_over(labels)
    if not singles:
        return None
    instead = choice_without_singles(picture, chosen)
    if instead is None:
        return None
    return LeftOver(tuple(seat for run in picture.runs for seat in run if seat.label in singles), instead)


def choice_without_singles[S: Placed](picture: Picture[S], chosen: Sequence[S]) -> tuple[S, ...] | None:
    """Find as many other seats in each section and category, in no more parts and nearby, that leave no single seat
    over; None if there are none.
    """
    found: list[S] = []
    by_section = sorted(chosen, key=lambda seat: seat.section)
    for section, part in groupby(by_section, key=lambda seat: seat.section):
        seats = list(part)
        runs = [run for run in picture.runs if run[0].section == section]
        others = _search(picture, runs, seats)
        if others is None:
            return None
        found += others
    return tuple(found)


def _search[S: Placed](picture: Picture[S], runs: Iterable[Sequence[S]], chosen: Sequence[S]) -> list[S] | None:
    """Whether it finds seats depends on the categories, parts and lone seats of the choice alone; which, on its place."""
    parts, alone = parts_of(chosen)
    digits = _digits(chosen)
    stretches = _by_distance(picture, _side_by_side(_free_stretches(picture, runs)), chosen, digits)
    sizes = [sum(distance is not None for _, distance in beside.seats) for beside in stretches]
    lacks = _lacks(digits)
    for most in range(1, parts + 1):
        reach = _reach(sizes, most)
        if reach[0][most] >= len(chosen):
            way = _Search(stretches, digits, lacks, reach, most, [inf] * (alone + 1)).nearest()
            if way is not None:
                return list(_seats_of(way))
    return None


def _side_by_side[S: Placed](stretches: Iterable[list[S]]) -> list[list[list[S]]]:
    """The stretches, with those in one list that a part may go on in: a sofa ends a run, but not a part."""
    found: list[list[list[S]]] = []
    for stretch in stretches:
        if found and _is_beside(found[-1][-1][-1], stretch[0]):
            found[-1].append(stretch)
        else:
            found.append([stretch])
    return found


@dataclass(frozen=True, slots=True)
class _Beside[S: Placed]:
    """Stretches side by side. Each seat with its distance from the choice, None where it is not offered; `nearest`: the
    smallest of these.
    """

    stretches: Sequence[Sequence[tuple[S, float | None]]]
    nearest: float

    @property
    def seats(self) -> Iterator[tuple[S, float | None]]:
        return chain.from_iterable(self.stretches)


def _by_distance[S: Placed](
    picture: Picture[S], stretches: Iterable[list[list[S]]], chosen: Sequence[S], categories: Collection[str]
) -> list[_Beside[S]]:
    """The stretches with offered seats, the nearest first, so that a search finds near seats early."""
    x = sum(seat.x for seat in chosen) / len(chosen)
    y = sum(seat.y for seat in chosen) / len(chosen)

    def distance(seat: S) -> float | None:
        if seat.category not in categories or seat.label in picture.not_offered:
            return None
        return abs(seat.x - x) + ROW_WEIGHT * abs(seat.y - y)

    found: list[_Beside[S]] = []
    for beside in stretches:
        placed = [[(seat, distance(seat)) for seat in stretch] for stretch in beside]
        far = [one for stretch in placed for _, one in stretch if one is not None]
        if far:
            found.append(_Beside(placed, min(far)))
    return sorted(found, key=lambda beside: beside.nearest)


def _reach(sizes: Sequence[int], parts: int) -> list[list[int]]:
    """The most seats that 0, 1, 2 … parts can have, from each of the stretches of these sizes on; none behind the last."""
    reach = [[0] * (parts + 1)]
    largest: list[int] = []
    for size in reversed(sizes):
        largest = sorted([*largest, size], reverse=True)[:parts]
        sums = list(accumulate(largest, initial=0))
        reach.append(sums + sums[-1:] * (parts + 1 - len(sums)))
    return reach[::-1]


def parts_of(chosen: Iterable[Placed]) -> tuple[int, int]:
    """Count the parts of neighboring seats in a choice, and those of one person alone.

    A chair next to a sofa belongs to the same part, although a sofa ends a run.
    """
    places = {(seat.section, seat.y, seat.x) for seat in chosen}
    ends = [((name, y, x - NEIGHBOR) in places, (name, y, x + NEIGHBOR) in places) for name, y, x in places]
    return sum(not left for left, _ in ends), sum(not left and not right for left, right in ends)


@dataclass(frozen=True, slots=True)
class _Digit:
    """Where the seats of a category stand in the number that counts those taken: most of them, and the digit's weight."""

    most: int
    weight: int

    def count(self, taken: int) -> int:
        return taken // self.weight % (self.most + 1)

    def has_place(self, taken: int) -> bool:
        return self.count(taken) < self.most


def _digits(chosen: Iterable[Placed]) -> dict[str, _Digit]:
    """One digit for each category, so that a choice has as many seats of each as the chosen ones."""
    digits, weight = {}, 1
    for category, most in sorted(Counter(seat.category for seat in chosen).items()):
        digits[category] = _Digit(most, weight)
        weight *= most + 1
    return digits


def _lacks(digits: Mapping[str, _Digit]) -> list[int]:
    """How many seats are still to be taken, for each number of the digits."""
    every = range(max(digit.weight * (digit.most + 1) for digit in digits.values()))
    return [sum(digit.most - digit.count(taken) for digit in digits.values()) for taken in every]


# The parts so far, how far their seats are from the choice, the last seat, and the way to it.
type _Way[S: Placed] = tuple[int, float, S | None, _Way[S] | None]


def _seats_of[S: Placed](way: _Way[S]) -> Iterator[S]:
    """From the last back to the first."""
    step: _Way[S] | None = way
    while step is not None and step[2] is not None:
        yield step[2]
        step = step[3]


# `taken` is a number of the digits above. The states of a walk along a row's free seats: nothing of the run taken, and no
# seat, one seat or more passed; one seat taken, or more side by side; one seat or more passed since then; a run begins
# beside a seat that is taken in the run before, where one seat was taken there, or more. A run cannot end on one seat passed
# after a part, and no part begins behind a single seat.
UNTOUCHED, PASSED_ONE, PASSED_MORE, ALONE, TAKEN, LEFT_ONE, LEFT_MORE, BESIDE_ALONE, BESIDE_TAKEN = range(9)
AFTER_PASSING = (
    PASSED_ONE, PASSED_MORE, PASSED_MORE, LEFT_ONE, LEFT_ONE, LEFT_MORE, LEFT_MORE, PASSED_ONE, PASSED_ONE,
)  # fmt: skip
AFTER_TAKING = {
    UNTOUCHED: ALONE, PASSED_MORE: ALONE, LEFT_MORE: ALONE, ALONE: TAKEN, TAKEN: TAKEN, BESIDE_ALONE: TAKEN, BESIDE_TAKEN: TAKEN,
}  # fmt: skip
ONE_ALONE = {ALONE, BESIDE_ALONE}
STILL_BESIDE = {ALONE: BESIDE_ALONE, TAKEN: BESIDE_TAKEN}

# The cheapest way for each number of seats taken, state, and number of people alone.
type _Walk[S: Placed] = dict[tuple[int, int, int], _Way[S]]


@dataclass(frozen=True, slots=True)
class _Search[S: Placed]:
    """A search for seats in a number of parts, where there are none in fewer. `lacks`, `reach`: of the functions of that name.

    `ended`: how far the nearest choice found so far is, for each number of people who may sit alone.
    """

    stretches: Sequence[_Beside[S]]
    digits: Mapping[str, _Digit]
    lacks: Sequence[int]
    reach: Sequence[Sequence[int]]
    parts: int
    ended: list[float]

    def nearest(self) -> _Way[S] | None:
        """The way with the fewest people alone, and of those the nearest; None if there is none."""
        walk: _Walk[S] = {(0, UNTOUCHED, 0): (0, 0.0, None, None)}
        found: dict[int, _Way[S]] = {}
        for at, beside in enumerate(self.stretches):
            for number, stretch in enumerate(beside.stretches):
                walk = self._through(stretch, self._at_new_run(walk, at, is_beside=number > 0), at)
            walk = self._without_ended(self._at_new_run(walk, at + 1, is_beside=False), found)
            if not walk:
                break
        return found[min(found)] if found else None

    def _without_ended(self, walk: _Walk[S], found: dict[int, _Way[S]]) -> _Walk[S]:
        """Move the ways that have all seats to those found."""
        for alone in range(len(self.ended)):
            way = walk.pop((len(self.lacks) - 1, UNTOUCHED, alone), None)
            if way is not None and way[1] < self.ended[alone]:
                found[alone] = way
                self.ended[alone:] = [min(far, way[1]) for far in self.ended[alone:]]
        return walk

    def _through(self, stretch: Sequence[tuple[S, float | None]], walk: _Walk[S], at: int) -> _Walk[S]:
        """The ways through a stretch. A sofa is taken whole or passed whole."""
        is_sofa = bool(stretch[0][0].unit)
        passed = self._passing(walk, at) if is_sofa else {}
        for seat, distance in stretch:
            following = {} if is_sofa else self._passing(walk, at)
            if distance is not None:
                self._take(walk, following, seat, distance)
            walk = following
        for (taken, _, alone), way in passed.items():
            _keep_cheaper(walk, (taken, PASSED_MORE, alone), way)
        return walk

    def _is_worth_it(self, taken: int, alone: int, way: _Way[S], at: int) -> bool:
        """Whether a part may end here: what is lacking fits into the parts that are left, and is nearer than what was found."""
        if alone >= len(self.ended) or self.lacks[taken] > self.reach[at][self.parts - way[0]]:
            return False
        return not self.lacks[taken] or way[1] + self.lacks[taken] * self.stretches[at].nearest < self.ended[alone]

    def _at_new_run(self, walk: _Walk[S], at: int, *, is_beside: bool) -> _Walk[S]:
        """The states in which another stretch of free seats begins. `is_beside`: its first seat stands beside the last one."""
        following: _Walk[S] = {}
        for (taken, state, alone), way in walk.items():
            if state == LEFT_ONE:
                continue
            if is_beside and state in STILL_BESIDE:
                _keep_cheaper(following, (taken, STILL_BESIDE[state], alone), way)
            elif self._is_worth_it(taken, alone, way, at):
                _keep_cheaper(following, (taken, UNTOUCHED, alone), way)
        return following

    def _passing(self, walk: _Walk[S], at: int) -> _Walk[S]:
        """Pass a seat."""
        following: _Walk[S] = {}
        for (taken, state, alone), way in walk.items():
            if self._is_worth_it(taken, alone, way, at):
                _keep_cheaper(following, (taken, AFTER_PASSING[state], alone), way)
        return following

    def _take(self, walk: _Walk[S], following: _Walk[S], seat: S, distance: float) -> None:
        """Take a seat. Somebody alone may still get a neighbor, so there may be one more of them than in the end."""
        digit = self.digits[seat.category]
        for (taken, state, alone), way in walk.items():
            after = AFTER_TAKING.get(state)
            if after is None or not digit.has_place(taken):
                continue
            begins = after == ALONE
            if begins and way[0] == self.parts:
                continue
            more_alone = alone + 1 if begins else alone - (state in ONE_ALONE)
            longer = (way[0] + begins, way[1] + distance, seat, way)
            _keep_cheaper(following, (taken + digit.weight, after, more_alone), longer)


def _is_beside(last: Placed, first: Placed) -> bool:
    return (first.section, first.y, first.x) == (last.section, last.y, last.x + NEIGHBOR)


def _free_stretches[S: Placed](picture: Picture[S], runs: Iterable[Sequence[S]]) -> Iterator[list[S]]:
    """Stretches of free neighbors; a sofa counts only if all of it is free."""
    for run in runs:
        for is_free, group in groupby(run, key=lambda seat: seat.label in picture.free):
            stretch = list(group)
            if is_free and (not run[0].unit or len(stretch) == len(run)):
                yield stretch


def _keep_cheaper[S: Placed](walk: _Walk[S], key: tuple[int, int, int], way: _Way[S]) -> None:
    if key not in walk or way[:2] < walk[key][:2]:
        walk[key] = way
