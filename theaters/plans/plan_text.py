"""Seating plans drawn as text: what a manager types is what the map shows.

    # Lines that begin with # are notes.
    [Stalls]
    A    .oooo..oooo.   A
    B    ppppp..ppppp   B
    C    :pppp..pppp    C

    D    ss.ttt..ttt    D
    numbered 7 5 3 1 2 4 6 8
    E    wc.oooo.cw     E

    [Balcony]
    numbered right to left
    BA   oooooooooooo

A row is a line that begins with its name (capital letters and digits), which may stand at its end as well. Columns count
from the edge of the text, so what stands one above the other is one behind the other. A column is one seat wide:

    o  standard        p  premium        ss  a sofa for two        ttt  a sofa for three
    w  wheelchair space        c  companion seat
    . or a space  air  :  half a seat of air                       x  air that keeps a seat number

Seats are numbered from 1 along their row; air takes no number, x does. Numbers of its own stand above a row. An empty
line is a row of air. A section with the line "unreserved 80" has 80 places without numbers, and
no rows. Facts of seats (steps, hearing loop …) stand above the rows that have them: plan_text_facts.py. All of it: docs/plans.md.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from core.refusals import Refusal
from theaters.plans.plan_drawing import (
    HIGHEST_NUMBER,
    MOST_SEATS,
    SEAT_WIDTH,
    AreaDrawing,
    PlanDrawing,
    SeatDrawing,
    drawn,
)
from theaters.plans.plan_runs import spelled_out
from theaters.plans.plan_text_facts import ABOUT_FACTS, FactLineError, FactReader, read_fact
from theaters.plans.plan_text_facts import LINE as FACT_LINE
from theaters.seat_labels import LONGEST_SECTION_NAME, seat_label

LONGEST_LINE = 300
LONGEST_NUMBERS = 2_000

CATEGORY_OF = {"o": "STANDARD", "p": "PREMIUM", "s": "SOFA", "t": "SOFA", "w": "WHEELCHAIR", "c": "COMPANION"}
# How many seats one sofa has, by the letter of its seats.
SOFAS = {"s": 2, "t": 3}
LEFT_TO_RIGHT, RIGHT_TO_LEFT = 1, -1
DIRECTION_LINES = {"numbered left to right": LEFT_TO_RIGHT, "numbered right to left": RIGHT_TO_LEFT}

ROW_LINE = re.compile(r"(?P<row>[A-Z0-9]{1,4})(?![A-Za-z0-9])(?P<cells>.*?)(?:\s(?P<again>[A-Z0-9]{1,4}))?\s*")
SECTION_LINE = re.compile(r"\[(?P<name>[^\[\]]*)\]\s*")
AREA_LINE = re.compile(r"unreserved (?P<places>[0-9]{1,4})(?: (?P<category>standard|premium))?")
NUMBERS_LINE = re.compile(r"numbered(?P<numbers>(?: [0-9]{1,3}(?:-[0-9]{1,3})?)+)")


class PlanTextError(Refusal):
    """The text cannot be read, with sentences that say how to repair it."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(f"Line {line}: {sentence}")
        self.line = line


@dataclass(frozen=True, slots=True)
class _Cell:
    letter: str
    x: int


@dataclass(slots=True)
class _Reader:
    """The state of the parser between lines."""

    sections: dict[str, int] = field(default_factory=dict)
    rows: dict[tuple[str, str], int] = field(default_factory=dict)
    seats: list[SeatDrawing] = field(default_factory=list)
    section: str = ""
    section_rows: int = 0
    direction: int = LEFT_TO_RIGHT
    numbers: list[int] = field(default_factory=list)
    y: int = 0
    sofas: int = 0
    areas: list[AreaDrawing] = field(default_factory=list)
    facts: FactReader = field(default_factory=FactReader)


def parse_plan(text: str) -> PlanDrawing:
    """Read a plan from text. Raises PlanTextError with the line and a sentence for its author."""
    reader = _Reader()
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        _read_line(reader, number, line.rstrip())
    last = max(1, len(text.splitlines()))
    if not reader.seats and not reader.areas:
        raise PlanTextError(last, "There are no seats yet. Draw a row like this: A  oooo..oooo")
    _refuse_empty_section(reader, last)
    _refuse_lines_of_nothing(reader, last)
    return drawn(reader.seats, reader.areas)


def _read_line(reader: _Reader, number: int, line: str) -> None:
    if line.lstrip().startswith("#"):
        return
    said = " ".join(line.lower().split())
    if not line:
        # Empty lines between the screen and the first row are ignored: y counts from the first row.
        reader.y += 1 if reader.seats else 0
    elif len(line) > (LONGEST_NUMBERS if said.startswith(("numbered", "seats")) else LONGEST_LINE):
        raise PlanTextError(number, f"This line is longer than {LONGEST_LINE} letters; no auditorium is that wide.")
    elif "\t" in line:
        raise PlanTextError(
            number, "There is a tab in this line. Use spaces, so that seats stand where they are drawn."
        )
    elif line.startswith("["):
        _begin_section(reader, number, line)
    elif said in DIRECTION_LINES:
        _refuse_numbers_of_nothing(reader, number)
        reader.direction = DIRECTION_LINES[said]
    elif match := AREA_LINE.fullmatch(said):
        _read_area(reader, number, match)
    elif match := NUMBERS_LINE.fullmatch(said):
        _refuse_numbers_of_nothing(reader, number)
        reader.numbers = _spelled_out(number, match["numbers"].split())
    else:
        _read_row_or_fact(reader, number, line)


def _read_row_or_fact(reader: _Reader, number: int, line: str) -> None:
    """Read a row or a fact. A row may be named NOTE, so capital words are rows if possible."""
    if match := ROW_LINE.fullmatch(line):
        _read_row(reader, number, match)
    elif ABOUT_FACTS.match(line):
        _read_fact(reader, number, " ".join(line.split()))
    else:
        raise PlanTextError(
            number,
            "A row begins with one to four capital letters or digits and a space, at the very left: A  oooo..oooo",
        )


def _read_fact(reader: _Reader, number: int, line: str) -> None:
    match = FACT_LINE.fullmatch(line)
    assert match is not None
    numbers = _spelled_out(number, match["seats"].split()) if match["seats"] else None
    try:
        reader.facts.read(*read_fact(match["fact"]), numbers)
    except FactLineError as slip:
        raise PlanTextError(number, str(slip)) from None


def _read_area(reader: _Reader, number: int, match: re.Match[str]) -> None:
    """Turn the current section into an area, which has no rows."""
    _refuse_lines_of_nothing(reader, number)
    if not reader.section:
        raise PlanTextError(number, "Unreserved places need a name in brackets above them: [Balcony]")
    if reader.section_rows:
        raise PlanTextError(number, f"The section {reader.section} has rows, or places already. Begin another section.")
    category = (match["category"] or "standard").upper()
    reader.areas.append(AreaDrawing(reader.section, int(match["places"]), category, reader.facts.here))
    reader.section_rows += 1


def _spelled_out(line: int, words: list[str]) -> list[int]:
    """Read numbers of at most three digits."""
    numbers = list(spelled_out(words))
    if 0 in numbers:
        raise PlanTextError(line, f"Seats are numbered from 1 to {HIGHEST_NUMBER}.")
    return numbers


def _refuse_numbers_of_nothing(reader: _Reader, number: int) -> None:
    if reader.numbers:
        raise PlanTextError(number, "Numbers stand right above the row that has them, and here no row follows.")


def _refuse_lines_of_nothing(reader: _Reader, number: int) -> None:
    """Refuse lines about the next row when no row follows."""
    _refuse_numbers_of_nothing(reader, number)
    if reader.facts.own:
        raise PlanTextError(number, "Facts of single seats stand right above their row, and here no row follows.")


def _begin_section(reader: _Reader, number: int, line: str) -> None:
    match = SECTION_LINE.fullmatch(line)
    name = " ".join(match["name"].split()) if match else ""
    if not name or len(name) > LONGEST_SECTION_NAME:
        raise PlanTextError(
            number, f"A section is a name of up to {LONGEST_SECTION_NAME} letters in brackets: [Balcony]"
        )
    if name in reader.sections:
        raise PlanTextError(number, f"The section {name} was begun in line {reader.sections[name]} already.")
    _refuse_empty_section(reader, number)
    _refuse_lines_of_nothing(reader, number)
    reader.sections[name] = number
    reader.section, reader.section_rows, reader.facts = name, 0, FactReader()


def _refuse_empty_section(reader: _Reader, number: int) -> None:
    if reader.section and not reader.section_rows:
        raise PlanTextError(number, f"The section {reader.section} has no rows. Draw one below it, or take it out.")


def _read_row(reader: _Reader, number: int, match: re.Match[str]) -> None:
    row = match["row"]
    if reader.section and any(area.name == reader.section for area in reader.areas):
        raise PlanTextError(number, f"{reader.section} has unreserved places. Begin another section for rows.")
    if (reader.section, row) in reader.rows:
        other = reader.rows[reader.section, row]
        where = f" in {reader.section}" if reader.section else ""
        raise PlanTextError(number, f"There are two rows {row}{where}; the other is in line {other}.")
    if match["again"] not in (None, row):
        raise PlanTextError(number, f"This row begins as {row} and ends as {match['again']}.")
    cells = list(_cells(number, row, match["cells"], match.start("cells")))
    if not any(cell.letter in CATEGORY_OF for cell in cells):
        raise PlanTextError(number, f"Row {row} has no seats. Leave the line empty where nobody sits.")
    units = _sofa_units(reader, number, row, cells)
    numbers = _numbers(reader, number, row, cells)
    seats = [
        _seat(reader, row, cell, seat_number, unit)
        for cell, seat_number, unit in zip(cells, numbers, units, strict=True)
        if cell.letter in CATEGORY_OF
    ]
    try:
        facts = reader.facts.facts_of([seat.number for seat in seats])
    except FactLineError as slip:
        raise PlanTextError(number, f"Row {row}: {slip}") from None
    reader.seats += [replace(seat, facts=one) for seat, one in zip(seats, facts, strict=True)]
    if len(reader.seats) > MOST_SEATS:
        raise PlanTextError(number, f"A plan holds at most {MOST_SEATS:,} seats.")
    reader.rows[reader.section, row] = number
    reader.section_rows += 1
    reader.y += 1


def _seat(reader: _Reader, row: str, cell: _Cell, number: int, unit: str | None) -> SeatDrawing:
    return SeatDrawing(
        label=seat_label(row, number),
        row=row,
        number=number,
        section=reader.section,
        x=cell.x,
        y=reader.y,
        category=CATEGORY_OF[cell.letter],
        unit=unit,
    )


def _cells(number: int, row: str, text: str, column: int) -> Iterator[_Cell]:
    """Every cell that is a seat or skips a number, with its position."""
    x = column * SEAT_WIDTH
    for letter in text:
        if letter in CATEGORY_OF or letter == "x":
            yield _Cell(letter, x)
        elif letter.lower() in CATEGORY_OF:
            raise PlanTextError(number, f"Row {row}: seats are small letters, so write {letter.lower()}, not {letter}.")
        elif letter not in " .:":
            raise PlanTextError(
                number, f"Row {row}: “{letter}” is not a seat. Use o, p, s, t, w or c, and a dot for an aisle."
            )
        x += 1 if letter == ":" else SEAT_WIDTH


def _numbers(reader: _Reader, line: int, row: str, cells: list[_Cell]) -> list[int]:
    """Number the seats along the row, or take the numbers of the line above."""
    own, reader.numbers = reader.numbers, []
    if not own:
        numbers = list(range(1, len(cells) + 1))
        return numbers if reader.direction == LEFT_TO_RIGHT else numbers[::-1]
    if any(cell.letter == "x" for cell in cells):
        raise PlanTextError(line, f"Row {row} has numbers of its own, so no x is needed: use a dot.")
    if len(own) != len(cells):
        raise PlanTextError(line, f"Row {row} has {len(cells)} seats, and {len(own)} numbers stand above it.")
    if len(set(own)) < len(own):
        raise PlanTextError(line, f"Row {row}: a number stands twice above it.")
    return own


def _sofa_units(reader: _Reader, number: int, row: str, cells: list[_Cell]) -> list[str | None]:
    """Pair neighbors as sofas, from the left; an incomplete sofa is an error."""
    units: list[str | None] = [None] * len(cells)
    place = 0
    while place < len(cells):
        length = SOFAS.get(cells[place].letter, 0)
        if length:
            if not _is_one_piece(cells[place : place + length], length):
                raise PlanTextError(number, f"Row {row}: {_sofa_sentence(cells[place].letter)}")
            reader.sofas += 1
            units[place : place + length] = [f"S{reader.sofas}"] * length
        place += length or 1
    return units


def _sofa_sentence(letter: str) -> str:
    if letter == "s":
        return "a sofa is two s side by side, and one of them stands alone here."
    return "a sofa for three is ttt side by side, and a part of one stands here."


def _is_one_piece(cells: list[_Cell], length: int) -> bool:
    first = cells[0]
    return [(cell.letter, cell.x) for cell in cells] == [
        (first.letter, first.x + SEAT_WIDTH * at) for at in range(length)
    ]
