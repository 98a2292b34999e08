"""The groups of neighboring seats in the list of a showtime, and which of them Continue would let through. Pure."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from reservations.seats.geometry import Placed, stretches_of
from reservations.seats.single_seats import Picture, SingleSeatRule, judge_choice, parts_of
from reservations.seats.units import are_whole
from theaters.seat_categories import is_companion, is_for_some

type Group[S: Placed] = Sequence[S]


def groups_in[S: Placed](row: Sequence[S], count: int, sofas: Mapping[str, int]) -> Iterator[Group[S]]:
    """`count` neighbors of any category, no sofa cut; a sofa that is larger than the party is offered whole."""
    for stretch in stretches_of(row):
        for at in range(len(stretch)):
            group = stretch[at : at + max(count, sofas.get(stretch[at].unit, 0))]
            is_larger = len(group) > count and len({seat.unit for seat in group}) == 1
            if are_whole(group, sofas) and (len(group) == count or is_larger):
                yield group


@dataclass(frozen=True)
class GroupRules[S: Placed]:
    """The rules by which Continue judges a group, together with the seats that the browser holds already.

    `companions_alone` counts the companion seats of a choice that belong to none of its wheelchair spaces.
    """

    picture: Picture[S]
    rule: SingleSeatRule
    companions_alone: Callable[[Sequence[S]], int]
    held: Sequence[S] = ()

    def has_companion_alone(self, group: Group[S]) -> bool:
        """Whether a companion seat of the group can be booked only with a wheelchair space that it lacks."""
        if not any(is_companion(seat.category) for seat in group):
            return False
        return self.companions_alone([*self.held, *group]) > self.companions_alone(self.held)

    def without_single_seats(self, groups: Sequence[Group[S]], *, are_all: bool) -> list[Group[S]]:
        """The groups of one section that Continue lets through.

        `are_all`: these are all groups of their size in the section, so a better one would be among them.
        """
        leaving = [bool(self._singles(group)) for group in groups]
        if all(leaving) and are_all and not self.held:
            return list(groups)
        return [
            group
            for group, leaves in zip(groups, leaving, strict=True)
            if not leaves or not self._is_refused([*self.held, *group])
        ]

    def _singles(self, group: Group[S]) -> set[str]:
        """The single seats that the group leaves over, where the rule judges it."""
        chosen = [*self.held, *group]
        if any(is_for_some(seat.category) for seat in chosen):
            return set()
        if not self.rule.judges(chosen=len(chosen), free=len(self.picture.free)):
            return set()
        return self.picture.left_over({seat.label for seat in chosen}) - self._faults_of_held

    @cached_property
    def _faults_of_held(self) -> set[str]:
        """What the held seats leave over although there is a better choice: the panel says so, no group is to blame."""
        if judge_choice(self.picture, self.held, rule=self.rule) is None:
            return set()
        return self.picture.left_over({seat.label for seat in self.held})

    def _is_refused(self, chosen: Sequence[S]) -> bool:
        """Whether there is a better choice than this one that leaves a single seat over. It is the same for all of a
        kind, so it is searched for once.
        """
        kind = _kind_of(chosen)
        if kind not in self._refused:
            self._refused[kind] = judge_choice(self.picture, chosen, rule=self.rule) is not None
        return self._refused[kind]

    @cached_property
    def _refused(self) -> dict[Collection[object], bool]:
        return {}


def _kind_of(chosen: Sequence[Placed]) -> Collection[object]:
    """What Continue's search for a better choice depends on besides the plan."""
    found = []
    for section, seats in groupby(sorted(chosen, key=lambda seat: seat.section), key=lambda seat: seat.section):
        part = list(seats)
        found.append((section, *sorted(seat.category for seat in part), parts_of(part)))
    return tuple(found)
