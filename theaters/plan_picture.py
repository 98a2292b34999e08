"""A seating plan as an SVG picture for people who plan: shapes and classes alone, colors come from the stylesheet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Protocol

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from theaters.states import SeatCategory

HALF_SEAT, ROW, SEAT = 7, 16, 12
MARGIN, SCREEN, HEADING = 30, 34, 20
LABELS = dict(SeatCategory.choices)
SIGNS = {SeatCategory.WHEELCHAIR: "W", SeatCategory.COMPANION: "C"}


class Chair(Protocol):
    """What a seat and the drawing of a seat have in common."""

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


@dataclass(frozen=True)
class CategoryCount:
    category: str
    label: str
    count: int


def category_counts(seats: Sequence[Chair]) -> list[CategoryCount]:
    """How many seats of each category, as a legend to the picture."""
    entries = [
        CategoryCount(category.lower(), category.label, sum(seat.category == category for seat in seats))
        for category in SeatCategory
    ]
    return [entry for entry in entries if entry.count]


def plan_picture(seats: Sequence[Chair], *, parties: Mapping[str, str] = MappingProxyType({})) -> SafeString:
    """Seats in reading order; hovering a seat tells its label. `parties`: what stands on the seats that somebody has."""
    rows = [list(row) for _, row in groupby(seats, key=lambda seat: seat.y)]
    parts: list[SafeString] = []
    below = SCREEN
    section = ""
    for row in rows:
        if row[0].section != section:
            section = row[0].section
            below += HEADING
            parts.append(_text(MARGIN, below + row[0].y * ROW - 6, section, "section-name"))
        parts.extend(_row(row, below + row[0].y * ROW, _width(seats), parties))
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


def _row(row: list[Chair], top: int, width: int, parties: Mapping[str, str]) -> Iterator[SafeString]:
    for edge in (MARGIN // 2, width - MARGIN // 2):
        yield _text(edge, top + SEAT - 2, row[0].row, "row-name")
    for unit, group in groupby(row, key=lambda seat: seat.unit or seat.label):
        mates = list(group)
        yield _chair(mates, top, spoken=" and ".join(seat.label for seat in mates) if unit else "", parties=parties)


def _chair(mates: list[Chair], top: int, *, spoken: str, parties: Mapping[str, str]) -> SafeString:
    """One chair, or a sofa: its seats are one piece of furniture."""
    first = mates[0]
    left = MARGIN + first.x * HALF_SEAT + 1
    length = (mates[-1].x - first.x) * HALF_SEAT + SEAT
    own_sign, given = SIGNS.get(SeatCategory(first.category), ""), parties.get(first.label, "")
    sign = given or own_sign
    return format_html(
        '<g class="chair {}"><title>{}, {}</title><rect x="{}" y="{}" width="{}" height="{}" rx="{}"/>{}</g>',
        f"{first.category.lower()} given" if given else first.category.lower(),
        spoken,
        LABELS[first.category],
        left,
        top,
        length,
        SEAT,
        6 if own_sign else 3,
        _text(left + SEAT // 2, top + SEAT - 3, sign, "sign") if sign else "",
    )


def _text(x: int, y: int, words: str, kind: str) -> SafeString:
    return format_html('<text class="{}" x="{}" y="{}">{}</text>', kind, x, y, words)
