"""Writes a plan as text. Reading the text again gives the same plan."""

from itertools import pairwise

from theaters.plans.plan_drawing import SEAT_WIDTH, PlanDrawing, SeatDrawing, rows_of
from theaters.plans.plan_runs import as_runs
from theaters.plans.plan_text import CATEGORY_OF, DIRECTION_LINES, LEFT_TO_RIGHT, RIGHT_TO_LEFT
from theaters.plans.plan_text_facts import area_fact_lines, fact_lines

LETTER_OF = {category: letter for letter, category in reversed(CATEGORY_OF.items())}
SOFA_FOR_THREE = "t"
# A row that leaves out more numbers at its end has its numbers written above it.
MOST_LEFT_OUT = 8


def render_plan(drawing: PlanDrawing) -> str:
    """Draw a plan as text. For plans that keep the rules (plan_rules.py)."""
    rows = rows_of(drawing.seats)
    names = max((len(row[0].row) for row in rows), default=0)
    sizes = _unit_sizes(drawing)
    margin = max((_missing_before(row) * SEAT_WIDTH - row[0].x for row in rows), default=0)
    margin = max(0, margin + margin % SEAT_WIDTH)
    lines: list[str] = []
    section, direction, next_y = "", LEFT_TO_RIGHT, 0
    for row, facts in zip(rows, fact_lines(rows), strict=True):
        lines += [""] * (row[0].y - next_y)
        next_y = row[0].y + 1
        if row[0].section != section:
            section = row[0].section
            lines.append(f"[{section}]")
        lines += facts
        runs = _direction(row, direction)
        if runs is None:
            lines.append("numbered " + " ".join(as_runs([seat.number for seat in row])))
        elif runs != direction:
            direction = runs
            lines.extend(words for words, value in DIRECTION_LINES.items() if value == runs)
        lines.append(f"{row[0].row:<{names}}  {_cells_as_text(row, sizes, margin=margin, direction=runs)}")
    for area in drawing.areas:
        premium = " premium" if area.category == "PREMIUM" else ""
        lines += [f"[{area.name}]", *area_fact_lines(area.facts), f"unreserved {area.capacity}{premium}"]
    return "\n".join(lines) + "\n" if lines else ""


def _unit_sizes(drawing: PlanDrawing) -> dict[str | None, int]:
    sizes: dict[str | None, int] = {}
    for seat in drawing.seats:
        sizes[seat.unit] = sizes.get(seat.unit, 0) + 1
    return sizes


def _direction(row: list[SeatDrawing], now: int) -> int | None:
    """The direction in which the numbers of a row run, or None if dots and x cannot express them; a row that may run
    either way runs like the one before.
    """
    fits = [direction for direction in (LEFT_TO_RIGHT, RIGHT_TO_LEFT) if _fits(row, direction)]
    if now in fits:
        return now
    return fits[0] if fits else None


def _fits(row: list[SeatDrawing], direction: int) -> bool:
    """Whether each missing number fits into the gap before its seat, and few are missing at the end of the row."""
    first = row[0] if direction == LEFT_TO_RIGHT else row[-1]
    if first.number - 1 > MOST_LEFT_OUT:
        return False
    return all(
        0 <= (right.number - left.number) * direction - 1 <= (right.x - left.x - SEAT_WIDTH) // SEAT_WIDTH
        for left, right in pairwise(row)
    )


def _missing_before(row: list[SeatDrawing]) -> int:
    """How many numbers are skipped before the leftmost seat of a row that counts to the right."""
    return row[0].number - 1 if _fits(row, LEFT_TO_RIGHT) else 0


def _cells_as_text(row: list[SeatDrawing], sizes: dict[str | None, int], *, margin: int, direction: int | None) -> str:
    text = ""
    end = -margin
    number = 0 if direction == LEFT_TO_RIGHT else None
    for seat in row:
        columns, half = divmod(seat.x - end, SEAT_WIDTH)
        kept = 0 if number is None or direction is None else abs(seat.number - number) - 1
        letter = SOFA_FOR_THREE if seat.unit and sizes[seat.unit] == 3 else LETTER_OF[seat.category]
        # Dots, not spaces, so that an aisle can be seen and no editor strips it.
        text += ("x" * kept).rjust(columns, ".") + ":" * half + letter
        end, number = seat.x + SEAT_WIDTH, seat.number
    if direction == RIGHT_TO_LEFT:
        text += "x" * (row[-1].number - 1)
    return text
