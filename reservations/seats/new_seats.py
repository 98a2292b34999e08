"""Who sits where once a showtime goes to another auditorium. Pure.

In this order: everybody has a seat, as few people as possible are in a lower category, groups sit side by side, aisle seats
are at an aisle again, few people are in a higher category, and each is near where they were. Wheelchair spaces are for
wheelchair users and for nobody else; a sofa goes to one booking as a whole. Why: docs/adr/0058.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.utils.translation import gettext

from core.refusals import Refusal
from reservations.seats.geometry import Placed, beside_aisle
from reservations.seats.groups import (
    USUAL_RANKS,
    Group,
    Point,
    Ranks,
    Sitter,
    distance,
    level_of,
    middle_of,
    neighbors,
    reading_order,
    scale_of,
    sofa_sitters,
    wheelchair_users,
)
from reservations.seats.units import are_whole, sizes_of
from theaters.seat_categories import is_companion, is_wheelchair


class TooFewSeats(Refusal):
    """The sentence says what is missing."""

    staff_can = "Choose a larger auditorium, or give money back for some bookings first."


def new_seats(
    groups: Sequence[Group],
    *,
    old: Sequence[Placed],
    new: Sequence[Placed],
    closed: Collection[str] = (),
    ranks: Ranks = USUAL_RANKS,
) -> dict[int, str]:
    """The label of each ticket's seat in the new plan. `closed` are labels there that nobody can have.

    Raises TooFewSeats.
    """
    filling = _Filling(old, new, set(closed), ranks)
    waiting = {group.booking: sorted(group.people, key=lambda one: reading_order(one.seat)) for group in groups}
    ordered = sorted(groups, key=lambda group: (-len(group.people), reading_order(group.people[0].seat)))
    _require_enough(waiting, filling)
    for group in sorted(ordered, key=lambda group: -len(wheelchair_users(group.people))):
        filling.seat_wheelchairs(waiting[group.booking])
    for group in sorted(ordered, key=lambda group: -len(sofa_sitters(group.people))):
        filling.give_sofas(waiting[group.booking])
    filling.give_spare_sofas([waiting[group.booking] for group in ordered])
    filling.require_seats_for(waiting.values())
    for group in sorted(ordered, key=lambda group: not wheelchair_users(group.people)):
        filling.seat_together(waiting[group.booking])
    return filling.given


def _require_enough(waiting: Mapping[Hashable, Sequence[Sitter]], filling: "_Filling") -> None:
    people = [one for group in waiting.values() for one in group]
    users, spaces = len(wheelchair_users(people)), len(filling.spaces)
    if users > spaces:
        words = gettext(
            "Too few wheelchair spaces: %(needed)s are sold or kept for groups, and the other auditorium has %(there)s."
        )
        raise TooFewSeats(words % {"needed": users, "there": spaces})
    seats = len(filling.free) + sum(map(len, filling.sofas.values()))
    if len(people) - users > seats:
        words = gettext(
            "Too few seats: %(needed)s are sold or kept for groups, and the other auditorium has %(there)s."
        )
        raise TooFewSeats(words % {"needed": len(people) - users, "there": seats})


def _fewest_worse(demand: Counter[int], supply: Counter[int]) -> int:
    """The least number of people who must get a lower category, whatever seats are given."""
    wanted = there = most = 0
    for level in sorted({*demand, *supply}, reverse=True):
        wanted, there = wanted + demand[level], there + supply[level]
        most = max(most, wanted - there)
    return most


@dataclass
class _Filling:
    """The new auditorium while it fills: what is free, what is given, and where people come from."""

    old: Sequence[Placed]
    new: Sequence[Placed]
    closed: set[str]
    ranks: Ranks
    given: dict[int, str] = field(default_factory=dict)
    worse_left: int = 0

    def __post_init__(self) -> None:
        there = [seat for seat in self.new if seat.label not in self.closed]
        sizes = sizes_of(self.new)
        self.spaces = {seat.label: seat for seat in there if is_wheelchair(seat.category)}
        self.sofas: dict[str, list[Placed]] = {}
        for seat in there:
            if seat.unit:
                self.sofas.setdefault(seat.unit, []).append(seat)
        self.sofas = {unit: seats for unit, seats in self.sofas.items() if are_whole(seats, sizes)}
        self.free = {seat.label: seat for seat in there if not is_wheelchair(seat.category) and not seat.unit}
        self.aisles_before, self.aisles = beside_aisle(self.old), beside_aisle(self.new)
        self.demand: Counter[int] = Counter()
        self.supply = self._levels(self.free.values())
        self._scale = scale_of(self.old, self.new)

    def _level(self, seat: Placed) -> int:
        return level_of(seat, self.ranks)

    def _levels(self, seats: Iterable[Placed]) -> Counter[int]:
        return Counter(map(self._level, seats))

    def _where(self, people: Sequence[Sitter]) -> Point:
        """Where these people sat, converted to the new auditorium."""
        return self._scale.there(middle_of([one.seat for one in people]))

    def _give_seat(self, one: Sitter, seat: Placed) -> None:
        self.given[one.ticket] = seat.label
        if self.free.pop(seat.label, None) is not None:
            self.supply[self._level(seat)] -= 1

    def seat_wheelchairs(self, people: list[Sitter]) -> None:
        """The users of a group close to each other, each companion as near to them as can be."""
        users = wheelchair_users(people)
        if not users:
            return
        companions = [one for one in people if is_companion(one.seat.category)]
        spaces = min(self._clusters(len(users)), key=lambda cluster: self._cost_of_spaces(cluster, users, companions))
        for one, space in zip(users, sorted(spaces, key=reading_order), strict=True):
            self._give_seat(one, space)
            del self.spaces[space.label]
        beside = self._companion_seats(spaces)[: len(companions)]
        for one, seat in zip(companions, beside, strict=False):
            self._give_seat(one, seat)
        people[:] = [one for one in people if one.ticket not in self.given]

    def _clusters(self, count: int) -> Iterator[list[Placed]]:
        for first in self.spaces.values():
            yield sorted(self.spaces.values(), key=lambda space: distance(middle_of([first]), space))[:count]

    def _cost_of_spaces(self, spaces: Sequence[Placed], users: Sequence[Sitter], companions: Sequence[Sitter]) -> Point:
        missing = max(0, len(companions) - len(self._companion_seats(spaces)))
        spread = sum(distance(middle_of(spaces), space) for space in spaces)
        return missing, spread + distance(self._where(users), *spaces) / 10

    def _companion_seats(self, spaces: Sequence[Placed]) -> list[Placed]:
        """Free ones in an unbroken row with one of the spaces, the nearest first."""
        mine, beside = {space.label for space in spaces}, []
        for run in neighbors([*self.free.values(), *spaces]):
            if any(seat.label in mine for seat in run):
                beside += [seat for seat in run if is_companion(seat.category)]
        return sorted(beside, key=lambda seat: (distance(middle_of(spaces), seat), reading_order(seat)))

    def give_sofas(self, people: list[Sitter]) -> None:
        """Give sofas to a group that sat on sofas: as many as it fills."""
        while sofa := self._nearest_sofa(sofa_sitters(people)):
            self._fill(sofa, people)

    def _nearest_sofa(self, people: Sequence[Sitter]) -> str | None:
        """The largest sofa that these people fill; of equal ones the nearest. None: no sofa is small enough."""
        fitting = [unit for unit, seats in self.sofas.items() if len(seats) <= len(people)]
        if not fitting:
            return None
        where = self._where(people)
        return min(fitting, key=lambda unit: (-len(self.sofas[unit]), distance(where, *self.sofas[unit]), unit))

    def _fill(self, unit: str, people: list[Sitter]) -> None:
        """Fill a sofa with the people who had the best categories."""
        seats = self.sofas.pop(unit)
        chosen = sorted(people, key=lambda one: -self._level(one.seat))[: len(seats)]
        for one, seat in zip(sorted(chosen, key=lambda one: reading_order(one.seat)), seats, strict=True):
            self._give_seat(one, seat)
        people[:] = [one for one in people if one.ticket not in self.given]

    def give_spare_sofas(self, groups: Sequence[list[Sitter]]) -> None:
        """While somebody has no seat or a lower category: sofas that nobody had go to groups that fill them."""
        while (now := self._shortage(groups)) > (0, 0):
            options = [
                (self._shortage([*groups], without=self._best_paid(people, size)), number, unit)
                for number, people in enumerate(groups)
                for size, unit in self._one_sofa_of_each_size().items()
                if size <= len(people)
            ]
            if not options or min(options)[0] >= now:
                return
            _, number, _ = best = min(options)
            size = len(self.sofas[best[2]])
            where = self._where(groups[number])
            alike = [unit for unit, seats in self.sofas.items() if len(seats) == size]
            self._fill(min(alike, key=lambda unit: (distance(where, *self.sofas[unit]), unit)), groups[number])

    def _one_sofa_of_each_size(self) -> dict[int, str]:
        return {len(seats): unit for unit, seats in self.sofas.items()}

    def _shortage(self, groups: Iterable[Sequence[Sitter]], without: Sequence[Sitter] = ()) -> tuple[int, int]:
        """How many have no seat, and how many a lower category, besides the sofas."""
        demand = self._levels(one.seat for people in groups for one in people)
        demand.subtract(self._levels(one.seat for one in without))
        return max(0, demand.total() - len(self.free)), _fewest_worse(demand, self.supply)

    def require_seats_for(self, groups: Iterable[Sequence[Sitter]]) -> None:
        """Check that the seats left after the sofas are enough. Raises TooFewSeats."""
        self.demand = self._levels(one.seat for people in groups for one in people)
        self.worse_left = _fewest_worse(self.demand, self.supply)
        if (missing := self.demand.total() - len(self.free)) > 0:
            words = gettext(
                "Too few seats: %(missing)s people have none. A sofa goes to one booking as a whole, so not every seat "
                "can be given."
            )
            raise TooFewSeats(words % {"missing": missing})

    def seat_together(self, people: list[Sitter]) -> None:
        """Side by side, or else in as large parts as can be, close to each other."""
        seated: list[Placed] = []
        where = self._where(people) if people else (0.0, 0.0)
        while people:
            pairs = self._best_part(people, middle_of(seated) if seated else where)
            self.worse_left -= sum(self._level(seat) < self._level(one.seat) for one, seat in pairs)
            for one, seat in pairs:
                self._give_seat(one, seat)
                self.demand[self._level(one.seat)] -= 1
                people.remove(one)
            seated += [seat for _, seat in pairs]

    def _best_part(self, people: Sequence[Sitter], where: Point) -> list[tuple[Sitter, Placed]]:
        runs = list(neighbors(self.free.values()))
        areas = self._areas()
        longest = max(map(len, [*runs, *areas]))
        for size in range(min(len(people), longest), 0, -1):
            windows = [run[at : at + size] for run in runs for at in range(len(run) - size + 1)]
            windows += [area[:size] for area in areas if len(area) >= size]
            fits = [self._fit(people[:size], window) for window in windows]
            for pairs in sorted(fits, key=lambda pairs: self._cost(pairs, where)):
                if self._leaves_enough(pairs):
                    return pairs
        raise AssertionError("Somebody has a seat in the best case, so one of the parts leaves enough.")

    def _areas(self) -> list[list[Placed]]:
        places = sorted((seat for seat in self.free.values() if not seat.row), key=lambda seat: seat.section)
        return [sorted(area, key=reading_order) for _, area in groupby(places, key=lambda seat: seat.section)]

    def _fit(self, people: Sequence[Sitter], window: Sequence[Placed]) -> list[tuple[Sitter, Placed]]:
        """Match people to seats: the best category chooses first, takes the lowest that is good enough, at an aisle
        as before."""
        left, pairs, late = list(window), [], []
        places, seats = list(people), list(window)
        for one in sorted(people, key=lambda one: (-self._level(one.seat), not self._had_aisle(one))):
            good = [seat for seat in left if self._level(seat) >= self._level(one.seat)]
            if not good:
                late.append(one)
                continue
            at_aisle, place = self._had_aisle(one), places.index(one)
            seat = min(
                good,
                key=lambda seat: (
                    self._level(seat),
                    (seat.label in self.aisles) != at_aisle,
                    abs(seats.index(seat) - place),
                ),
            )
            left.remove(seat)
            pairs.append((one, seat))
        return [*pairs, *zip(late, left, strict=True)]

    def _had_aisle(self, one: Sitter) -> bool:
        return one.seat.label in self.aisles_before

    def _cost(
        self, pairs: Sequence[tuple[Sitter, Placed]], where: Point
    ) -> tuple[int, int, int, float, tuple[int, int, str]]:
        steps = [self._level(seat) - self._level(one.seat) for one, seat in pairs]
        seats = [seat for _, seat in pairs]
        return (
            sum(step < 0 for step in steps),
            sum(self._had_aisle(one) and seat.label not in self.aisles for one, seat in pairs),
            sum(step for step in steps if step > 0),
            distance(where, *seats),
            reading_order(seats[0]),
        )

    def _leaves_enough(self, pairs: Sequence[tuple[Sitter, Placed]]) -> bool:
        """Whether as few people as before are in a lower category in the end."""
        worse = sum(self._level(seat) < self._level(one.seat) for one, seat in pairs)
        demand, supply = self.demand.copy(), self.supply.copy()
        demand.subtract(self._levels(one.seat for one, _ in pairs))
        supply.subtract(self._levels(seat for _, seat in pairs))
        return worse + _fewest_worse(demand, supply) <= self.worse_left

    def _best_paid(self, people: Sequence[Sitter], count: int) -> list[Sitter]:
        return sorted(people, key=lambda one: -self._level(one.seat))[:count]
