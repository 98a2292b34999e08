"""Sofas are sold whole: finds the seats of one unit. Pure; a trigger enforces it as well (docs/adr/0051)."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from reservations.seats.geometry import Placed

# Label of each seat of a sofa → the labels of that sofa, in the plan's order.
type UnitMates = Mapping[str, tuple[str, ...]]


def mates_of(seats: Iterable[Placed]) -> UnitMates:
    """Map each seat of a sofa to all seats of that sofa; other seats are left out."""
    units: dict[str, list[str]] = {}
    for seat in seats:
        if seat.unit:
            units.setdefault(seat.unit, []).append(seat.label)
    return {label: tuple(labels) for labels in units.values() for label in labels}


def with_mates(mates: UnitMates, labels: Iterable[str]) -> list[str]:
    """The labels with those that are sold with them, each once, sorted."""
    return sorted({mate for label in labels for mate in mates.get(label, (label,))})


def sizes_of(seats: Iterable[Placed]) -> Counter[str]:
    """How many seats each sofa has."""
    return Counter(seat.unit for seat in seats if seat.unit)


def are_whole(seats: Iterable[Placed], sizes: Mapping[str, int]) -> bool:
    """Whether no sofa is cut by these seats. `sizes` are those of the plan."""
    units = [seat.unit for seat in seats if seat.unit]
    return all(units.count(unit) == sizes[unit] for unit in set(units))


def cut_units(mates: UnitMates, labels: Collection[str]) -> Iterator[tuple[str, ...]]:
    """The sofas of which some seats are among the labels and others are not."""
    chosen = set(labels)
    for unit in dict.fromkeys(mates[label] for label in labels if label in mates):
        if not chosen.issuperset(unit):
            yield unit
