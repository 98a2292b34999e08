"""A seating plan before it is rows of the database: its seats in reading order, and what its text and JSON forms share."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby

from theaters.seat_facts import UNKNOWN, SeatFacts
from theaters.seat_labels import seat_label

SEAT_WIDTH = 2
MOST_SEATS = 3_000
# The number of half seats in the grid of the customers' map (static/css/grid.css).
WIDEST = 126
TALLEST = 100
HIGHEST_NUMBER = 999


@dataclass(frozen=True, slots=True)
class SeatDrawing:
    label: str
    row: str
    number: int
    section: str
    x: int
    y: int
    category: str
    unit: str | None = None
    facts: SeatFacts = UNKNOWN


@dataclass(frozen=True, slots=True)
class AreaDrawing:
    """A part of a plan without a drawing: a number of unnumbered places of one seat category."""

    name: str
    capacity: int
    category: str = "STANDARD"
    facts: SeatFacts = UNKNOWN


@dataclass(frozen=True, slots=True)
class PlanDrawing:
    """Seats in reading order; x in half seat widths from the leftmost seat, y in rows from the screen. And areas."""

    seats: tuple[SeatDrawing, ...]
    sections: tuple[str, ...]
    width: int
    height: int
    areas: tuple[AreaDrawing, ...] = ()
    # The names of seat categories in a file, by code, if it has them.
    names: tuple[tuple[str, str], ...] = ()
    # What was read in another way than the file says it, a sentence for each.
    remarks: tuple[str, ...] = field(default=(), compare=False)


def rows_of(seats: Iterable[SeatDrawing]) -> list[list[SeatDrawing]]:
    """Group seats into rows from the screen back, each from left to right."""
    ordered = sorted(seats, key=lambda seat: (seat.y, seat.x))
    return [list(row) for _, row in groupby(ordered, key=lambda seat: seat.y)]


def rows_in_several_sections(seats: Iterable[SeatDrawing]) -> set[str]:
    """The names that rows of two or more sections have: there the section is a part of a seat's label."""
    sections: defaultdict[str, set[str]] = defaultdict(set)
    for seat in seats:
        sections[seat.row].add(seat.section)
    return {row for row, names in sections.items() if len(names) > 1}


def drawn(seats: Iterable[SeatDrawing], areas: Iterable[AreaDrawing] = ()) -> PlanDrawing:
    """The normal form of a plan: in reading order, without space at its left and before its first row, sofas named in
    order, and each seat with its label.
    """
    ordered = [seat for row in rows_of(seats) for seat in row]
    if not ordered:
        return PlanDrawing((), (), 0, 0, tuple(areas))
    left, top = min(seat.x for seat in ordered), ordered[0].y
    units = {
        unit: f"S{at}" for at, unit in enumerate(dict.fromkeys(seat.unit for seat in ordered if seat.unit), start=1)
    }
    repeated = rows_in_several_sections(ordered)
    placed = tuple(
        replace(
            seat,
            label=seat_label(seat.row, seat.number, seat.section if seat.row in repeated else ""),
            x=seat.x - left,
            y=seat.y - top,
            unit=units[seat.unit] if seat.unit else None,
        )
        for seat in ordered
    )
    return PlanDrawing(
        seats=placed,
        sections=tuple(dict.fromkeys(seat.section for seat in placed if seat.section)),
        width=max(seat.x for seat in placed) + SEAT_WIDTH,
        height=placed[-1].y + 1,
        areas=tuple(areas),
    )
