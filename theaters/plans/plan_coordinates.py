"""Places seats with free coordinates, as other programs save them, on the grid of our plans.

Rows that bend or slope become straight; blocks side by side become one section where their rows go through under one
name, else they stand one behind the other, as a section of ours does.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import fmean, median

from theaters.plans.plan_drawing import SEAT_WIDTH, PlanDrawing, SeatDrawing, drawn
from theaters.seat_categories import STANDARD, is_sofa
from theaters.seat_facts import UNKNOWN, SeatFacts
from theaters.seat_labels import LONGEST_SECTION_NAME


@dataclass(frozen=True, slots=True)
class FreeSeat:
    """A seat as a file names it; x from left to right, y from the screen to the back, in any unit."""

    section: str
    row: str
    number: int
    x: float
    y: float
    category: str
    facts: SeatFacts = UNKNOWN


@dataclass(slots=True)
class _Row:
    section: str
    name: str
    seats: list[FreeSeat]

    @property
    def depth(self) -> float:
        return fmean(seat.y for seat in self.seats)

    def goes_on_in(self, other: "_Row", row_gap: float) -> bool:
        """Whether the other block continues this row: same name and depth, other numbers."""
        numbers = {seat.number for seat in self.seats}
        near = abs(self.depth - other.depth) < row_gap * 0.75
        return self.name == other.name and near and not numbers & {seat.number for seat in other.seats}


def on_grid(seats: Iterable[FreeSeat]) -> PlanDrawing:
    """The plan with these seats; it may still break the rules of a plan, which `problems_of` says."""
    rows = _rows(seats)
    if not rows:
        return drawn([])
    seat_gap, row_gap = _seat_gap(rows), _row_gap(rows)
    left = min(seat.x for row in rows for seat in row.seats)
    placed: list[SeatDrawing] = []
    top = 0
    for block in _blocks(rows, row_gap):
        depths = _depths(block, top, row_gap)
        for row, y in zip(block, depths, strict=True):
            placed += _placed(row, y, left, seat_gap)
        top = depths[-1] + 1
    return drawn(placed)


def _rows(seats: Iterable[FreeSeat]) -> list[_Row]:
    found: defaultdict[tuple[str, str], list[FreeSeat]] = defaultdict(list)
    for seat in seats:
        found[seat.section, seat.row].append(seat)
    return [_Row(section, name, sorted(row, key=lambda seat: seat.x)) for (section, name), row in found.items()]


def _seat_gap(rows: Sequence[_Row]) -> float:
    """The usual distance between neighboring seats."""
    gaps = [right.x - left.x for row in rows for left, right in pairwise(row.seats) if right.x > left.x]
    return median(gaps) if gaps else 1.0


def _row_gap(rows: Sequence[_Row]) -> float:
    by_section = groupby(sorted(rows, key=lambda row: (row.section, row.depth)), key=lambda row: row.section)
    gaps = [
        back.depth - front.depth
        for _, section in by_section
        for front, back in pairwise(list(section))
        if back.depth > front.depth
    ]
    return median(gaps) if gaps else 1.0


def _blocks(rows: list[_Row], row_gap: float) -> list[list[_Row]]:
    """Group rows into blocks by section, from the screen to the back."""
    sections: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        sections[row.section].append(row)
    ordered = sorted(sections.values(), key=lambda block: min(row.depth for row in block))
    blocks: list[list[_Row]] = []
    for block in (sorted(block, key=lambda row: row.depth) for block in ordered):
        joined = _joined(blocks[-1], block, row_gap) if blocks else None
        if joined is None:
            blocks.append(block)
        else:
            blocks[-1] = joined
    return blocks


def _joined(first: list[_Row], second: list[_Row], row_gap: float) -> list[_Row] | None:
    """Two blocks side by side as one section, if every row that stands beside another goes on there; else None."""
    if min(row.depth for row in second) > first[-1].depth + row_gap / 2:
        return None
    name = f"{first[0].section} / {second[0].section}"[:LONGEST_SECTION_NAME].strip(" /")
    rest, rows = list(second), []
    for row in first:
        mate = next((other for other in rest if row.goes_on_in(other, row_gap)), None)
        if mate is not None:
            rest.remove(mate)
        seats = sorted([*row.seats, *(mate.seats if mate else [])], key=lambda seat: seat.x)
        rows.append(_Row(name, row.name, seats))
    names = {row.name for row in rows}
    if any(row.name in names for row in rest):
        return None
    return sorted([*rows, *(_Row(name, row.name, row.seats) for row in rest)], key=lambda row: row.depth)


def _depths(block: list[_Row], top: int, row_gap: float) -> list[int]:
    """Place rows on the grid, as far apart as in the file, one row on each line."""
    depths: list[int] = []
    for row in block:
        asked = top + round((row.depth - block[0].depth) / row_gap)
        depths.append(max(asked, depths[-1] + 1) if depths else top)
    return depths


def _placed(row: _Row, y: int, left: float, seat_gap: float) -> list[SeatDrawing]:
    """Place the seats of a row in half seat widths, without overlaps."""
    seats: list[SeatDrawing] = []
    for seat in row.seats:
        x = round((seat.x - left) / seat_gap * SEAT_WIDTH)
        x = max(x, seats[-1].x + SEAT_WIDTH) if seats else x
        seats.append(SeatDrawing("", row.name, seat.number, row.section, x, y, seat.category, facts=seat.facts))
    return _with_sofas(seats)


def _with_sofas(seats: list[SeatDrawing]) -> list[SeatDrawing]:
    """Sofa seats that touch become sofas of two, the last of three where one is over; a lonely one is a seat."""
    run: list[int] = []
    for at, seat in enumerate([*seats, None]):
        touches = seat is not None and (not run or _goes_on(seats[run[-1]], seat))
        if seat is not None and is_sofa(seat.category) and touches:
            run.append(at)
            continue
        _join(seats, run)
        run = [at] if seat is not None and is_sofa(seat.category) else []
    return seats


def _goes_on(left: SeatDrawing, right: SeatDrawing) -> bool:
    return right.x == left.x + SEAT_WIDTH and right.category == left.category


def _join(seats: list[SeatDrawing], run: list[int]) -> None:
    if len(run) == 1:
        seats[run[0]] = replace(seats[run[0]], category=STANDARD)
        return
    for start in range(0, len(run) - len(run) % 2, 2):
        is_last = start + 3 >= len(run)
        for at in run[start:] if is_last else run[start : start + 2]:
            seats[at] = replace(seats[at], unit=f"{seats[at].y}x{run[start]}")
