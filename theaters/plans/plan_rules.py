"""Rules that a plan must keep to be published, and warnings about odd ones."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from theaters.plans.plan_drawing import (
    HIGHEST_NUMBER,
    MOST_SEATS,
    SEAT_WIDTH,
    TALLEST,
    WIDEST,
    SeatDrawing,
    rows_in_several_sections,
    rows_of,
)
from theaters.seat_categories import is_companion, is_sofa, is_wheelchair
from theaters.seat_labels import LONGEST_SECTION_NAME, SECTION_NAME

ROW_NAME = re.compile(r"[A-Z0-9]{1,4}")
SOFA_SIZES = (2, 3)
MANY_SEATS = 1_000
MOST_TOLD = 20

Rows = list[list[SeatDrawing]]


def problems_of(seats: Iterable[SeatDrawing]) -> list[str]:
    """List why this plan cannot be published, at most about twenty sentences; [] when it can."""
    rows = rows_of(seats)
    if not rows:
        return ["There are no seats yet."]
    found = [*_size(rows), *_names(rows), *_sections(rows)]
    for row in rows:
        found += [*_numbers(row), *_overlaps(row)]
    found += _sofas(rows)
    return found[:MOST_TOLD]


def warnings_of(seats: Iterable[SeatDrawing]) -> list[str]:
    """List what is odd but allowed, a sentence for each."""
    rows = rows_of(seats)
    return [*_many(rows), *_lonely_companions(rows)]


def _size(rows: Rows) -> Iterator[str]:
    everybody = [seat for row in rows for seat in row]
    if len(everybody) > MOST_SEATS:
        yield f"A plan holds at most {MOST_SEATS:,} seats; this one has {len(everybody):,}."
    width = max(seat.x for seat in everybody) - min(seat.x for seat in everybody) + SEAT_WIDTH
    if width > WIDEST:
        yield f"This plan is {(width + 1) // 2} seats wide, aisles included; {WIDEST // 2} is the most a map can show."
    height = rows[-1][0].y - rows[0][0].y + 1
    if height > TALLEST:
        yield f"This plan is {height} rows deep, empty ones included; {TALLEST} is the most a map can show."


def _names(rows: Rows) -> Iterator[str]:
    for row in rows:
        if not ROW_NAME.fullmatch(row[0].row):
            yield f"“{row[0].row}” is no name for a row: use one to four capital letters or digits."
    for (section, name), count in Counter((row[0].section, row[0].row) for row in rows).items():
        if count > 1:
            where = f" in {section}" if section else ""
            yield f"There are {count} rows {name}{where}. Give each row a name of its own."
    for name in sorted(rows_in_several_sections(seat for row in rows for seat in row)):
        if any(row[0].row == name and not row[0].section for row in rows):
            yield f"Several sections have a row {name}, and one of them has no name. Name it, so that tickets can say which."


def _sections(rows: Rows) -> Iterator[str]:
    names = [row[0].section for row in rows]
    begun = [name for before, name in pairwise(["", *names]) if name != before]
    for name, count in Counter(begun).items():
        if not name:
            yield "A row without a section stands behind one that has one. Give it a section too."
        elif count > 1:
            yield f"The section {name} is in {count} parts. Its rows stand one behind the other."
        if len(name) > LONGEST_SECTION_NAME or name != " ".join(name.split()) or not SECTION_NAME.fullmatch(name):
            yield f"A section's name has up to {LONGEST_SECTION_NAME} letters and no brackets."


def _numbers(row: list[SeatDrawing]) -> Iterator[str]:
    name = row[0].row
    for number, count in Counter(seat.number for seat in row).items():
        if count > 1:
            yield f"Row {name} has {count} seats with the number {number}."
        if not 1 <= number <= HIGHEST_NUMBER:
            yield f"Row {name}: seats are numbered from 1 to {HIGHEST_NUMBER}."


def _overlaps(row: list[SeatDrawing]) -> Iterator[str]:
    for left, right in pairwise(row):
        if right.x - left.x < SEAT_WIDTH:
            yield f"Row {left.row}: seats {left.number} and {right.number} stand on each other."


def _sofas(rows: Rows) -> Iterator[str]:
    units: defaultdict[str, list[SeatDrawing]] = defaultdict(list)
    for row in rows:
        for seat in row:
            if seat.unit:
                units[seat.unit].append(seat)
            elif is_sofa(seat.category):
                yield f"Row {seat.row}, seat {seat.number} is a sofa for one. A sofa joins two or three seats."
    for mates in units.values():
        if sentence := _sofa_problem(mates):
            yield sentence


def _sofa_problem(mates: list[SeatDrawing]) -> str:
    first = mates[0]
    where = f"The sofa of row {first.row}, seat {first.number}"
    if any(seat.category != first.category for seat in mates) or not is_sofa(first.category):
        return f"{where} holds a seat of another category."
    if len(mates) not in SOFA_SIZES:
        return f"{where} is too short or too long ({len(mates)}): it joins two or three seats."
    if any((right.y, right.x) != (left.y, left.x + SEAT_WIDTH) for left, right in pairwise(mates)):
        return f"{where} is not in one piece: its seats stand side by side."
    return ""


def _many(rows: Rows) -> Iterator[str]:
    count = sum(map(len, rows))
    if count > MANY_SEATS:
        yield f"This plan has {count:,} seats; above {MANY_SEATS:,} the editor and the map become slow on old devices."


def _lonely_companions(rows: Rows) -> Iterator[str]:
    """Warn of companion seats without a wheelchair space beside them."""
    for row in rows:
        spaces = [seat.x for seat in row if is_wheelchair(seat.category)]
        for seat in row:
            if is_companion(seat.category) and not any(abs(seat.x - x) == SEAT_WIDTH for x in spaces):
                yield f"Row {seat.row}, seat {seat.number} is a companion seat without a wheelchair space beside it."
