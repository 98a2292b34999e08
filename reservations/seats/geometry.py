"""Where seats are and which are neighbors. Pure: x counts half seat widths, y rows from the screen, in the plan's order."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import ceil
from typing import Protocol

from theaters.seat_facts import UNKNOWN, SeatFacts

NEIGHBOR = 2
# How high things of a drawn auditorium are, in rows: a line without seats, and the name of a section where there are several
# (static/css/seats.css).
AIR_HEIGHT = 0.6
SECTION_HEIGHT = 1.5
ROW_WEIGHT = 3.0
# A section further from the screen counts like this many rows away: the middle of a balcony comes before the first
# rows of the stalls, and after the rows around their best row.
ROWS_PER_SECTION = 4


class Placed(Protocol):
    """A seat of a plan, in the database or not."""

    @property
    def label(self) -> str: ...
    @property
    def row(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def section(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def x(self) -> int: ...
    @property
    def y(self) -> int: ...
    @property
    def facts(self) -> SeatFacts: ...


@dataclass(frozen=True, slots=True)
class PlanSeat:
    """A seat of a published plan, which never changes."""

    label: str
    row: str
    number: int
    section: str
    category: str
    unit: str
    x: int
    y: int
    facts: SeatFacts = UNKNOWN


def sections_of[S: Placed](seats: Iterable[S]) -> list[tuple[str, list[list[S]]]]:
    """Return each section with its rows, from the screen to the back."""
    sections = groupby(seats, key=lambda seat: seat.section)
    return [(name, [list(row) for _, row in groupby(rows, key=lambda seat: seat.y)]) for name, rows in sections]


def width_of(seats: Iterable[Placed]) -> int:
    """Return the width of these seats, in half seat widths."""
    return max((seat.x for seat in seats), default=0) + NEIGHBOR


def height_of(seats: Iterable[Placed]) -> int:
    """Return the height of the drawing in rows, with gaps and section names, rounded up."""
    sections = sections_of(seats)
    ys = [row[0].y for _, rows in sections for row in rows]
    lines = max(ys, default=0) + 1
    names = len(sections) if len(sections) > 1 else 0
    return ceil(len(ys) + AIR_HEIGHT * (lines - len(ys)) + SECTION_HEIGHT * names)


def stretches_of[S: Placed](seats: Iterable[S]) -> list[list[S]]:
    """Seats side by side from the left, of every category."""
    rows: dict[tuple[str, int], list[S]] = {}
    for seat in seats:
        rows.setdefault((seat.section, seat.y), []).append(seat)
    found: list[list[S]] = []
    for row in rows.values():
        row.sort(key=lambda seat: seat.x)
        for at, seat in enumerate(row):
            if at and seat.x - row[at - 1].x == NEIGHBOR:
                found[-1].append(seat)
            else:
                found.append([seat])
    return found


def units_of[S: Placed](seats: Iterable[S]) -> dict[tuple[str, int], list[S]]:
    """The sofas: their seats by unit and row, from the left."""
    units: dict[tuple[str, int], list[S]] = {}
    for seat in sorted((seat for seat in seats if seat.unit), key=lambda seat: seat.x):
        units.setdefault((seat.unit, seat.y), []).append(seat)
    return units


def beside_aisle(seats: Iterable[Placed]) -> frozenset[str]:
    """The labels of seats with a gap beside them in their row. Where no row of a section has a gap, people come in at
    the ends of its rows, so the seats at the ends count (docs/adr/0070). A fact in the plan overrules the drawing.
    Places of areas are never beside an aisle.
    """
    sections: dict[str, dict[int, list[Placed]]] = {}
    said: dict[str, bool] = {}
    for seat in seats:
        if seat.row:
            if seat.facts.beside_aisle is not None:
                said[seat.label] = seat.facts.beside_aisle
            sections.setdefault(seat.section, {}).setdefault(seat.y, []).append(seat)
    found: set[str] = set()
    for rows in sections.values():
        ordered = [sorted(row, key=lambda seat: seat.x) for row in rows.values()]
        found |= _beside_gaps(ordered) or {seat.label for row in ordered for seat in (row[0], row[-1])}
    return frozenset(label for label in found | said.keys() if said.get(label, True))


def _beside_gaps(rows: Iterable[Sequence[Placed]]) -> set[str]:
    pairs = (pair for row in rows for pair in pairwise(row))
    return {seat.label for left, right in pairs if right.x - left.x > NEIGHBOR for seat in (left, right)}


def distance_from_best_place(seats: Sequence[Placed]) -> Callable[[Sequence[Placed]], float]:
    """How far neighbors sit from the auditorium's best place: the middle of the row two thirds back in a section."""
    middle = (max(seat.x for seat in seats) + min(seat.x for seat in seats)) / 2
    best_rows = _best_rows(seats)

    def distance(run: Sequence[Placed]) -> float:
        best_y, sections_before = best_rows[run[0].section]
        rows = abs(run[0].y - best_y) + ROWS_PER_SECTION * sections_before
        return abs((run[0].x + run[-1].x) / 2 - middle) + ROW_WEIGHT * rows

    return distance


def _best_rows(seats: Sequence[Placed]) -> dict[str, tuple[float, int]]:
    """For each section: the position of its best row, and the number of sections between it and the screen."""
    rows: dict[str, list[int]] = {}
    for seat in seats:
        rows.setdefault(seat.section, []).append(seat.y)
    return {
        name: (min(ys) + (max(ys) - min(ys)) * 2 / 3, sum(max(other) < min(ys) for other in rows.values()))
        for name, ys in rows.items()
    }
