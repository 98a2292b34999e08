"""The differences between two plans, seat by seat. Seats are the same when their section, row and number are."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from theaters.plans.plan_picture import Chair
from theaters.seat_categories import is_wheelchair

__all__ = ["Chair", "SeatDifference", "kinds_of", "same_seats", "seat_difference", "seats_without"]


@dataclass(frozen=True)
class SeatDifference:
    """The difference of two plans by labels, in the order of the plan. `changed` are another kind of seat, `moved`
    stand elsewhere in the auditorium. `told_anew` have other facts: steps, hearing loop, armrest, note.

    `new` has labels of the new plan, the others have labels of the old one.
    """

    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]
    moved: tuple[str, ...]
    told_anew: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return not (self.new or self.gone or self.changed or self.moved or self.told_anew)

    def __bool__(self) -> bool:
        return not self.is_nothing


def seat_difference(old: Sequence[Chair], new: Sequence[Chair]) -> SeatDifference:
    before, after = {seat.label: seat for seat in old}, {seat.label: seat for seat in new}
    same = same_seats(old, new)
    kinds, others = kinds_of(old), kinds_of(new)
    staying = set(same.values())
    changed = [label for label, now in same.items() if _as_in_new(kinds[label], same) != others[now]]
    return SeatDifference(
        new=tuple(label for label in after if label not in staying),
        gone=tuple(label for label in before if label not in same),
        changed=tuple(changed),
        moved=tuple(_moved(before, after, same)),
        told_anew=tuple(label for label, now in same.items() if before[label].facts != after[now].facts),
    )


def same_seats(old: Sequence[Chair], new: Sequence[Chair]) -> dict[str, str]:
    """The seats that are in both plans, by their labels in the old plan and in the new one, in the old plan's order.

    Section, row and number decide. A section that got another name is still the same where row and number say so; where
    they fit two sections of the new plan, the seat that stands as far off as most others do is the same.
    """
    exact = {_place(seat): seat for seat in new}
    found = {seat.label: exact[_place(seat)] for seat in old if _place(seat) in exact}
    claimed = {seat.label for seat in found.values()}
    open_seats: defaultdict[tuple[str, int], list[Chair]] = defaultdict(list)
    for seat in new:
        if seat.label not in claimed:
            open_seats[seat.row, seat.number].append(seat)
    pairs = [(seat, other) for seat in old if seat.label not in found for other in open_seats[seat.row, seat.number]]
    for seat, other in sorted(pairs, key=_usual_step_first(pairs)):
        if seat.label not in found and other.label not in claimed:
            found[seat.label] = other
            claimed.add(other.label)
    return {seat.label: found[seat.label].label for seat in old if seat.label in found}


def seats_without(old: Sequence[Chair], new: Sequence[Chair]) -> tuple[str, ...]:
    """Labels of the old plan's seats that nobody could be given in the new one: gone, or a wheelchair space no more."""
    same, after = same_seats(old, new), {seat.label: seat for seat in new}
    return tuple(seat.label for seat in old if seat.label not in same or _is_lost_space(seat, after[same[seat.label]]))


def _is_lost_space(before: Chair, after: Chair) -> bool:
    return is_wheelchair(before.category) and not is_wheelchair(after.category)


def kinds_of(seats: Iterable[Chair]) -> dict[str, tuple[str, frozenset[str]]]:
    """For each label what a ticket there is for: the category, and the seats of the same sofa."""
    seats = list(seats)
    units: dict[str, set[str]] = {}
    for seat in seats:
        if seat.unit:
            units.setdefault(seat.unit, set()).add(seat.label)
    return {seat.label: (seat.category, frozenset(units[seat.unit] if seat.unit else ())) for seat in seats}


def _as_in_new(kind: tuple[str, frozenset[str]], same: Mapping[str, str]) -> tuple[str, frozenset[str]]:
    return kind[0], frozenset(same.get(label, "") for label in kind[1])


def _place(seat: Chair) -> tuple[str, str, int]:
    return seat.section, seat.row, seat.number


def _step(old: Chair, new: Chair) -> tuple[int, int]:
    return new.x - old.x, new.y - old.y


def _usual_step_first(pairs: list[tuple[Chair, Chair]]) -> Callable[[tuple[Chair, Chair]], tuple[int, int]]:
    counts = Counter(_step(*pair) for pair in pairs)
    return lambda pair: (-counts[_step(*pair)], sum(map(abs, _step(*pair))))


def _moved(before: Mapping[str, Chair], after: Mapping[str, Chair], same: Mapping[str, str]) -> list[str]:
    """Compare positions, ignoring a shift of the whole plan when it grew to the left or front."""
    steps = {label: _step(before[label], after[now]) for label, now in same.items()}
    usual = Counter(steps.values()).most_common(1)
    return [
        label
        for label, now in same.items()
        if steps[label] != usual[0][0] or before[label].section != after[now].section
    ]
