"""What one plan has otherwise than another, seat by seat. Seats are the same when their labels are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from theaters.plan_picture import Chair


@dataclass(frozen=True)
class SeatDifference:
    """By labels, in the order of the plan. `changed` are another kind of seat, `moved` stand elsewhere in the room."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]
    moved: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        return not (self.new or self.gone or self.changed or self.moved)

    def __bool__(self) -> bool:
        return not self.is_nothing


def seat_difference(old: Sequence[Chair], new: Sequence[Chair]) -> SeatDifference:
    before, after = {seat.label: seat for seat in old}, {seat.label: seat for seat in new}
    kinds, others = kinds_of(old), kinds_of(new)
    staying = [label for label in before if label in after]
    changed = [label for label in staying if kinds[label] != others[label]]
    return SeatDifference(
        new=tuple(label for label in after if label not in before),
        gone=tuple(label for label in before if label not in after),
        changed=tuple(changed),
        moved=tuple(_moved(before, after, staying)),
    )


def kinds_of(seats: Iterable[Chair]) -> dict[str, tuple[str, frozenset[str]]]:
    """What a ticket was sold for: the category, and who else sits on the same sofa."""
    seats = list(seats)
    units: dict[str, set[str]] = {}
    for seat in seats:
        if seat.unit:
            units.setdefault(seat.unit, set()).add(seat.label)
    return {seat.label: (seat.category, frozenset(units[seat.unit] if seat.unit else ())) for seat in seats}


def _moved(before: Mapping[str, Chair], after: Mapping[str, Chair], staying: list[str]) -> list[str]:
    """A plan that grew to the left or to the front moves as a whole; that is not told."""
    steps = {label: (after[label].x - before[label].x, after[label].y - before[label].y) for label in staying}
    usual = Counter(steps.values()).most_common(1)
    return [label for label in staying if steps[label] != usual[0][0] or before[label].section != after[label].section]
