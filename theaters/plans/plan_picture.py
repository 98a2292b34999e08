"""A seating plan as an SVG picture for staff: only shapes and classes, because colors come from the stylesheet."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Protocol

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from theaters.seat_categories import Categories, is_companion, is_for_some, is_wheelchair, looks_of
from theaters.seat_facts import SeatFacts

HALF_SEAT, ROW, SEAT = 7, 16, 12
MARGIN, SCREEN, HEADING = 30, 34, 20


class Chair(Protocol):
    """The attributes that seats and drawn seats share."""

    @property
    def label(self) -> str: ...
    @property
    def row(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def section(self) -> str: ...
    @property
    def x(self) -> int: ...
    @property
    def y(self) -> int: ...
    @property
    def category(self) -> str: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def facts(self) -> SeatFacts: ...


@dataclass(frozen=True)
class CategoryCount:
    looks: str
    label: str
    count: int


def category_counts(seats: Sequence[Chair], categories: Categories) -> list[CategoryCount]:
    """Count the seats of each category, for the legend of the picture."""
    counts = Counter(seat.category for seat in seats)
    return [CategoryCount(looks_of(one.code), one.name, counts[one.code]) for one in categories.in_order(counts)]


def plan_picture(
    seats: Sequence[Chair], categories: Categories, *, parties: Mapping[str, str] = MappingProxyType({})
) -> SafeString:
    """Draw seats, given in reading order; each has its label as a tooltip. `parties`: the text on taken seats, by
    label.
    """
    rows = [list(row) for _, row in groupby(seats, key=lambda seat: seat.y)]
    parts: list[SafeString] = []
    below = SCREEN
    section = ""
    for row in rows:
        if row[0].section != section:
            section = row[0].section
            below += HEADING
            parts.append(_text(MARGIN, below + row[0].y * ROW - 6, section, "section-name"))
        parts.extend(_row(row, below + row[0].y * ROW, _width(seats), categories, parties))
    height = below + (rows[-1][0].y + 1 if rows else 0) * ROW + 6
    width = _width(seats)
    return format_html(
        '<svg class="plan" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-label="{2} seats in {3} rows">'
        '<path class="screen" d="M{4} 20Q{5} 4 {6} 20"/>{7}</svg>',
        width,
        height,
        len(seats),
        len(rows),
        MARGIN,
        width // 2,
        width - MARGIN,
        mark_safe("".join(parts)),  # noqa: S308  (every part was escaped when made)
    )


def _width(seats: Sequence[Chair]) -> int:
    return 2 * MARGIN + (max((seat.x for seat in seats), default=0) + 2) * HALF_SEAT


def _row(
    row: list[Chair], top: int, width: int, categories: Categories, parties: Mapping[str, str]
) -> Iterator[SafeString]:
    for edge in (MARGIN // 2, width - MARGIN // 2):
        yield _text(edge, top + SEAT - 2, row[0].row, "row-name")
    for unit, group in groupby(row, key=lambda seat: seat.unit or seat.label):
        mates = list(group)
        spoken = f"{' and '.join(seat.label for seat in mates) if unit else ''}, {categories.name(mates[0].category)}"
        sign = categories.of(mates[0].category).sign or _usual_sign(mates[0].category)
        yield _chair(mates, top, spoken=spoken, sign=sign, given=parties.get(mates[0].label, ""))


def _usual_sign(category: str) -> str:
    return "W" if is_wheelchair(category) else "C" if is_companion(category) else ""


def _chair(mates: list[Chair], top: int, *, spoken: str, sign: str, given: str) -> SafeString:
    """Draw a chair, or a sofa as one piece."""
    first = mates[0]
    left = MARGIN + first.x * HALF_SEAT + 1
    length = (mates[-1].x - first.x) * HALF_SEAT + SEAT
    shown, looks = given or sign, looks_of(first.category)
    return format_html(
        '<g class="chair {}"><title>{}</title><rect x="{}" y="{}" width="{}" height="{}" rx="{}"/>{}</g>',
        f"{looks} given" if given else looks,
        spoken,
        left,
        top,
        length,
        SEAT,
        6 if is_for_some(first.category) else 3,
        _text(left + SEAT // 2, top + SEAT - 3, shown, "sign") if shown else "",
    )


def _text(x: int, y: int, words: str, kind: str) -> SafeString:
    return format_html('<text class="{}" x="{}" y="{}">{}</text>', kind, x, y, words)
