"""Setting a title: where its lines break and how large they stand in a box."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Literal

from theaters.posters import letters
from theaters.posters.letters import CAP, Weight

type Align = Literal["left", "center", "right"]
type Rise = Literal["top", "middle", "bottom"]

DESCENT = 0.2
MOST_WORDS_TRIED = 11
TIED_TO_THE_NEXT = frozenset("a an and at by dr. from in mr. mrs. of on or st. the to with".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Style:
    """How a title wants to stand. A block sets every line to the full width, like wood type."""

    align: Align = "left"
    rise: Rise = "top"
    most: float = 72
    lines: int = 4
    leading: float = 0.92
    tracking: float = 0
    caps: bool = True
    block: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    x: float
    y: float
    size: float
    width: float


def set_in_box(title: str, box: Box, style: Style) -> list[Line]:
    """The best breaking of a title, placed; it never leaves its box."""
    words = title.upper() if style.caps else title
    candidates = list(breakings(words, style.lines))
    if style.block:
        rows = max((_block(lines, box, style) for lines in candidates), key=_quality_of_block)
    else:
        rows = max((_even(lines, box, style) for lines in candidates), key=_quality_of_even)
    return _placed(rows, box, style)


def fitted(text: str, space: float, most: float, *, weight: Weight = "medium", tracking: float = 0) -> float:
    """The size at which a line fits its space."""
    return min(most, space / max(letters.width(text, weight=weight, tracking=tracking), 0.01))


def breakings(text: str, most_lines: int) -> Iterator[tuple[str, ...]]:
    """The ways to break a title into at most `most` lines; only even ones when there are too many ways."""
    words = text.split() or [""]
    for count in range(1, min(most_lines, len(words)) + 1):
        if len(words) > MOST_WORDS_TRIED:
            yield tuple(_evenly(words, count))
            continue
        for cuts in combinations(range(1, len(words)), count - 1):
            yield tuple(" ".join(words[start:end]) for start, end in pairwise((0, *cuts, len(words))))


def _evenly(words: Sequence[str], count: int) -> Iterator[str]:
    goal = (sum(map(len, words)) + len(words)) / count
    row: list[str] = []
    taken, done = 0, 0
    for word in words:
        row.append(word)
        taken += len(word) + 1
        if taken >= goal * (done + 1) and done < count - 1:
            yield " ".join(row)
            row, done = [], done + 1
    if row:
        yield " ".join(row)


def _hanging(lines: Iterable[str]) -> int:
    """How many lines end with a word that belongs to the next one."""
    return sum(text.split()[-1].lower() in TIED_TO_THE_NEXT for text in list(lines)[:-1])


type _Rows = list[tuple[str, float]]


def _even(lines: tuple[str, ...], box: Box, style: Style) -> _Rows:
    widest = max(letters.width(text, tracking=style.tracking) for text in lines) or 1
    below = 0 if style.caps else DESCENT
    size = min(style.most, box.width / widest, box.height / (CAP + below + (len(lines) - 1) * style.leading))
    return [(text, size) for text in lines]


def _block(lines: tuple[str, ...], box: Box, style: Style) -> _Rows:
    sizes = [box.width / (letters.width(text, tracking=style.tracking) or 1) for text in lines]
    tall = sum(sizes) * CAP + _gaps(sizes) + (0 if style.caps else DESCENT * sizes[-1])
    shrink = min(1, box.height / tall, style.most / max(sizes))
    return [(text, size * shrink) for text, size in zip(lines, sizes, strict=True)]


def _gaps(sizes: list[float]) -> float:
    """Air between the lines of a block: even, and in proportion to the letters."""
    return (len(sizes) - 1) * 0.16 * sum(sizes) / len(sizes)


def _quality_of_even(rows: _Rows) -> float:
    widths = [letters.width(text) for text, _ in rows]
    ragged = 1 - min(widths) / (max(widths) or 1)
    return rows[0][1] * (1 - 0.14 * _hanging(text for text, _ in rows)) * (1 - 0.06 * ragged) * 0.97 ** len(rows)


def _quality_of_block(rows: _Rows) -> float:
    sizes = [size for _, size in rows]
    uneven = max(sizes) / max(min(sizes), 1)
    lines = [text for text, _ in rows]
    lonely = sum(text.lower() in TIED_TO_THE_NEXT for text in lines)
    filled = letters.width(rows[0][0]) * sizes[0]
    return sum(sizes) ** 0.5 * filled * 0.8 ** _hanging(lines) * 0.6**lonely / max(1, uneven / 2.4)


def _placed(rows: _Rows, box: Box, style: Style) -> list[Line]:
    sizes = [size for _, size in rows]
    gap = _gaps(sizes) if style.block else 0
    steps = [CAP * size + gap if style.block else style.leading * size for size in sizes[1:]]
    below = 0 if style.caps else DESCENT * sizes[-1]
    tall = CAP * sizes[0] + sum(steps) + below
    y = box.y + {"top": 0, "middle": (box.height - tall) / 2, "bottom": box.height - tall}[style.rise]
    placed = []
    for (text, size), step in zip(rows, [CAP * sizes[0], *steps], strict=True):
        y += step
        ink = letters.width(text, tracking=style.tracking) * size
        x = box.x + {"left": 0, "center": (box.width - ink) / 2, "right": box.width - ink}[style.align]
        placed.append(Line(text, x, y, size, ink))
    return placed
