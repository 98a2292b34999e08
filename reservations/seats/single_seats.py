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
from itertools import groupby

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
    best = _fewest_parts(picture, runs, chosen, may_be_alone=alone > 0)
    return None if best is None or best.parts > parts or best.alone > alone else list(best.path())


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

    def has_place(self, taken: int) -> bool:
        return taken // self.weight % (self.most + 1) < self.most


def _digits(chosen: Iterable[Placed]) -> dict[str, _Digit]:
    """One digit for each category, so that a choice has as many seats of each as the chosen ones."""
    digits, weight = {}, 1
    for category, most in sorted(Counter(seat.category for seat in chosen).items()):
        digits[category] = _Digit(most, weight)
        weight *= most + 1
    return digits


@dataclass(frozen=True, slots=True)
class _Taken[S: Placed]:
    """Seats taken so far, from the last back to the first."""

    parts: int = 0
    alone: int = 0
    distance: float = 0.0
    seat: S | None = None
    before: "_Taken[S] | None" = None

    @property
    def cost(self) -> tuple[int, int, float]:
        return self.parts, self.alone, self.distance

    def path(self) -> Iterator[S]:
        step: _Taken[S] | None = self
        while step is not None and step.seat is not None:
            yield step.seat
            step = step.before


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

type _Walk[S: Placed] = dict[tuple[int, int], _Taken[S]]


def _fewest_parts[S: Placed](
    picture: Picture[S], runs: Iterable[Sequence[S]], chosen: Sequence[S], *, may_be_alone: bool
) -> _Taken[S] | None:
    """The choice of as many seats of each category in the fewest parts, and of those the nearest."""
    digits = _digits(chosen)
    x = sum(seat.x for seat in chosen) / len(chosen)
    y = sum(seat.y for seat in chosen) / len(chosen)
    walk: _Walk[S] = {(0, UNTOUCHED): _Taken()}
    last: S | None = None
    for stretch in _free_stretches(picture, runs):
        is_beside = last is not None and (stretch[0].y, stretch[0].x) == (last.y, last.x + NEIGHBOR)
        walk = _at_new_run(walk, is_beside=is_beside, may_be_alone=may_be_alone)
        passed = walk if stretch[0].unit else None
        for seat in stretch:
            digit = digits.get(seat.category) if seat.label not in picture.not_offered else None
            distance = abs(seat.x - x) + ROW_WEIGHT * abs(seat.y - y)
            walk = _step(walk, seat, distance, digit, may_be_alone=may_be_alone, may_pass=passed is None)
        if passed is not None:
            _pass_sofa(walk, passed, may_be_alone=may_be_alone)
        last = stretch[-1]
    found = _at_new_run(walk, is_beside=False, may_be_alone=may_be_alone)
    return found.get((sum(digit.most * digit.weight for digit in digits.values()), UNTOUCHED))


def _free_stretches[S: Placed](picture: Picture[S], runs: Iterable[Sequence[S]]) -> Iterator[list[S]]:
    """Stretches of free neighbors; a sofa counts only if all of it is free."""
    for run in runs:
        for is_free, group in groupby(run, key=lambda seat: seat.label in picture.free):
            stretch = list(group)
            if is_free and (not run[0].unit or len(stretch) == len(run)):
                yield stretch


def _at_new_run[S: Placed](walk: _Walk[S], *, is_beside: bool, may_be_alone: bool) -> _Walk[S]:
    """The states in which another stretch of free seats begins. `is_beside`: its first seat stands beside the last one."""
    beside = {ALONE: BESIDE_ALONE, TAKEN: BESIDE_TAKEN} if is_beside else {}
    following: _Walk[S] = {}
    for (taken, state), way in walk.items():
        if state == LEFT_ONE or (state == ALONE and not is_beside and not may_be_alone):
            continue
        _keep_cheaper(following, (taken, beside.get(state, UNTOUCHED)), way)
    return following


def _pass_sofa[S: Placed](walk: _Walk[S], before: _Walk[S], *, may_be_alone: bool) -> None:
    """A sofa is taken whole, as in `walk`, or passed whole."""
    for (taken, state), way in before.items():
        if state not in ONE_ALONE or may_be_alone:
            _keep_cheaper(walk, (taken, PASSED_MORE), way)


def _step[S: Placed](
    walk: _Walk[S], seat: S, distance: float, digit: _Digit | None, *, may_be_alone: bool, may_pass: bool
) -> _Walk[S]:
    """Pass the seat, or take it; without a digit it is not offered, or of another category."""
    following: _Walk[S] = {}
    for (taken, state), way in walk.items():
        if may_pass and (state not in ONE_ALONE or may_be_alone):
            _keep_cheaper(following, (taken, AFTER_PASSING[state]), way)
        if digit is not None and state in AFTER_TAKING and digit.has_place(taken):
            longer = _with_seat(way, seat, distance, state)
            _keep_cheaper(following, (taken + digit.weight, AFTER_TAKING[state]), longer)
    return following


def _with_seat[S: Placed](way: _Taken[S], seat: S, distance: float, state: int) -> _Taken[S]:
    begins = AFTER_TAKING[state] == ALONE
    alone = way.alone + 1 if begins else way.alone - (state in ONE_ALONE)
    return _Taken(way.parts + begins, alone, way.distance + distance, seat, way)


def _keep_cheaper[S: Placed](walk: _Walk[S], key: tuple[int, int], way: _Taken[S]) -> None:
    if key not in walk or way.cost < walk[key].cost:
        walk[key] = way
