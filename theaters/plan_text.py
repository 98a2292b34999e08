"""Seating plans drawn as text: what a manager types is what the map shows.

    # Lines that begin with # are notes.
    [Stalls]
    A    .oooo..oooo.   A
    B    ppppp..ppppp   B
    C    :pppp..pppp    C

    D    ssss....ssss   D
    E    wc.oooooo.cw   E

    [Balcony]
    numbered right to left
    BA   oooooooooooo

A row is a line that begins with its letters, which may stand at its end as well. Columns count from the edge of
the text, so what stands one above the other is one behind the other. A column is one seat wide:

    o  standard        p  premium        ss  a sofa for two        w  wheelchair space        c  companion seat
    . or a space  air  :  half a seat of air                       x  air that keeps a seat number

Seats are numbered from 1 along their row; air takes no number, x does. An empty line is a row of air.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise

SEAT_WIDTH = 2
MOST_SEATS = 3_000
LONGEST_SECTION_NAME = 40
LONGEST_LINE = 300

CATEGORY_OF = {"o": "STANDARD", "p": "PREMIUM", "s": "SOFA", "w": "WHEELCHAIR", "c": "COMPANION"}
LETTER_OF = {category: letter for letter, category in CATEGORY_OF.items()}
LEFT_TO_RIGHT, RIGHT_TO_LEFT = 1, -1
DIRECTION_LINES = {"numbered left to right": LEFT_TO_RIGHT, "numbered right to left": RIGHT_TO_LEFT}

ROW_LINE = re.compile(r"(?P<row>[A-Z]{1,3})(?![A-Za-z])(?P<cells>.*?)(?:\s(?P<again>[A-Z]{1,3}))?\s*")
SECTION_LINE = re.compile(r"\[(?P<name>[^\[\]]*)\]\s*")


class PlanTextError(ValueError):
    """A drawing that cannot be read, told so that whoever drew it can mend it."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(f"Line {line}: {sentence}")
        self.line = line
        self.sentence = sentence


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


@dataclass(frozen=True, slots=True)
class PlanDrawing:
    """Seats in reading order; x in half seat widths from the leftmost seat, y in rows from the screen."""

    seats: tuple[SeatDrawing, ...]
    sections: tuple[str, ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Cell:
    letter: str
    x: int


@dataclass(slots=True)
class _Reader:
    """What has to be remembered from one line of the text to the next."""

    sections: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    seats: list[SeatDrawing] = field(default_factory=list)
    section: str = ""
    section_rows: int = 0
    direction: int = LEFT_TO_RIGHT
    y: int = 0
    sofas: int = 0


def parse_plan(text: str) -> PlanDrawing:
    """Read a drawing. Raises PlanTextError with the line and a sentence for the one who drew it."""
    reader = _Reader()
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        _read_line(reader, number, line.rstrip())
    last = max(1, len(text.splitlines()))
    if not reader.seats:
        raise PlanTextError(last, "There are no seats yet. Draw a row like this: A  oooo..oooo")
    _refuse_empty_section(reader, last)
    left = min(seat.x for seat in reader.seats)
    seats = tuple(_moved_left(seat, left) for seat in reader.seats)
    return PlanDrawing(
        seats=seats,
        sections=tuple(reader.sections),
        width=max(seat.x for seat in seats) + SEAT_WIDTH,
        height=seats[-1].y + 1,
    )


def render_plan(drawing: PlanDrawing) -> str:
    """Draw a plan as text again; reading the text gives the same plan."""
    rows = [list(seats) for _, seats in groupby(drawing.seats, key=lambda seat: seat.row)]
    names = max((len(row[0].row) for row in rows), default=0)
    margin = max((_missing_before(row) * SEAT_WIDTH - row[0].x for row in rows), default=0)
    margin = max(0, margin + margin % SEAT_WIDTH)
    lines: list[str] = []
    section, direction, next_y = "", LEFT_TO_RIGHT, 0
    for row in rows:
        lines += [""] * (row[0].y - next_y)
        next_y = row[0].y + 1
        if row[0].section != section:
            section = row[0].section
            lines.append(f"[{section}]")
        if (runs := _direction(row) or direction) != direction:
            direction = runs
            lines.extend(words for words, value in DIRECTION_LINES.items() if value == runs)
        lines.append(f"{row[0].row:<{names}}  {_cells_as_text(row, margin=margin, direction=direction)}")
    return "\n".join(lines) + "\n" if lines else ""


def _read_line(reader: _Reader, number: int, line: str) -> None:
    if line.lstrip().startswith("#"):
        return
    if not line:
        # Air between the screen and the first row says nothing: y counts from the first row.
        reader.y += 1 if reader.seats else 0
    elif len(line) > LONGEST_LINE:
        raise PlanTextError(number, f"This line is longer than {LONGEST_LINE} letters; no auditorium is that wide.")
    elif "\t" in line:
        raise PlanTextError(
            number, "There is a tab in this line. Use spaces, so that seats stand where they are drawn."
        )
    elif line.startswith("["):
        _begin_section(reader, number, line)
    elif " ".join(line.lower().split()) in DIRECTION_LINES:
        reader.direction = DIRECTION_LINES[" ".join(line.lower().split())]
    elif match := ROW_LINE.fullmatch(line):
        _read_row(reader, number, match)
    else:
        raise PlanTextError(
            number, "A row begins with one to three capital letters and a space, at the very left: A  oooo..oooo"
        )


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
    reader.sections[name] = number
    reader.section, reader.section_rows = name, 0


def _refuse_empty_section(reader: _Reader, number: int) -> None:
    if reader.section and not reader.section_rows:
        raise PlanTextError(number, f"The section {reader.section} has no rows. Draw one below it, or take it out.")


def _read_row(reader: _Reader, number: int, match: re.Match[str]) -> None:
    row = match["row"]
    if row in reader.rows:
        raise PlanTextError(number, f"There are two rows {row}; the other is in line {reader.rows[row]}.")
    if match["again"] not in (None, row):
        raise PlanTextError(number, f"This row begins as {row} and ends as {match['again']}.")
    cells = list(_cells(number, row, match["cells"], match.start("cells")))
    units = _sofa_units(reader, number, row, cells)
    numbers = _numbers(cells, reader.direction)
    for cell, seat_number, unit in zip(cells, numbers, units, strict=True):
        if cell.letter in CATEGORY_OF:
            reader.seats.append(_seat(reader, row, cell, seat_number, unit))
    if not any(cell.letter in CATEGORY_OF for cell in cells):
        raise PlanTextError(number, f"Row {row} has no seats. Leave the line empty where nobody sits.")
    if len(reader.seats) > MOST_SEATS:
        raise PlanTextError(number, f"A plan holds at most {MOST_SEATS:,} seats.")
    reader.rows[row] = number
    reader.section_rows += 1
    reader.y += 1


def _seat(reader: _Reader, row: str, cell: _Cell, number: int, unit: str | None) -> SeatDrawing:
    return SeatDrawing(
        label=f"{row}{number}",
        row=row,
        number=number,
        section=reader.section,
        x=cell.x,
        y=reader.y,
        category=CATEGORY_OF[cell.letter],
        unit=unit,
    )


def _cells(number: int, row: str, text: str, column: int) -> Iterator[_Cell]:
    """Every cell that is a seat or keeps a number, with its place."""
    x = column * SEAT_WIDTH
    for letter in text:
        if letter in CATEGORY_OF or letter == "x":
            yield _Cell(letter, x)
        elif letter.lower() in CATEGORY_OF:
            raise PlanTextError(number, f"Row {row}: seats are small letters, so write {letter.lower()}, not {letter}.")
        elif letter not in " .:":
            raise PlanTextError(
                number, f"Row {row}: “{letter}” is not a seat. Use o, p, s, w or c, and a dot for an aisle."
            )
        x += 1 if letter == ":" else SEAT_WIDTH


def _numbers(cells: list[_Cell], direction: int) -> list[int]:
    numbers = list(range(1, len(cells) + 1))
    return numbers if direction == LEFT_TO_RIGHT else numbers[::-1]


def _sofa_units(reader: _Reader, number: int, row: str, cells: list[_Cell]) -> list[str | None]:
    """Neighboring halves pair up from the left; half a sofa is a slip of the pen."""
    units: list[str | None] = [None] * len(cells)
    place = 0
    while place < len(cells):
        if cells[place].letter == "s":
            if not _is_pair(cells, place):
                raise PlanTextError(
                    number, f"Row {row}: a sofa is two s side by side, and one of them stands alone here."
                )
            reader.sofas += 1
            units[place] = units[place + 1] = f"S{reader.sofas}"
            place += 1
        place += 1
    return units


def _is_pair(cells: list[_Cell], place: int) -> bool:
    if place + 1 == len(cells):
        return False
    left, right = cells[place], cells[place + 1]
    return right.letter == "s" and right.x - left.x == SEAT_WIDTH


def _moved_left(seat: SeatDrawing, by: int) -> SeatDrawing:
    return SeatDrawing(seat.label, seat.row, seat.number, seat.section, seat.x - by, seat.y, seat.category, seat.unit)


def _direction(row: list[SeatDrawing]) -> int | None:
    """Which way the numbers of a row run; a row of one seat runs either way."""
    steps = {LEFT_TO_RIGHT if left.number < right.number else RIGHT_TO_LEFT for left, right in pairwise(row)}
    if len(steps) > 1:
        raise ValueError(f"the numbers of row {row[0].row} run both ways")
    return steps.pop() if steps else None


def _missing_before(row: list[SeatDrawing]) -> int:
    """How many numbers a row leaves out before its leftmost seat."""
    return 0 if _direction(row) == RIGHT_TO_LEFT else row[0].number - 1


def _cells_as_text(row: list[SeatDrawing], *, margin: int, direction: int) -> str:
    text = ""
    end = -margin
    number = 0 if direction == LEFT_TO_RIGHT else None
    for seat in row:
        columns, half = divmod(seat.x - end, SEAT_WIDTH)
        kept = 0 if number is None else abs(seat.number - number) - 1
        text += ("x" * kept).rjust(columns) + ":" * half + LETTER_OF[seat.category]
        end, number = seat.x + SEAT_WIDTH, seat.number
    if direction == RIGHT_TO_LEFT:
        text += "x" * (row[-1].number - 1)
    return text
