"""Which letters our documents can print, and what replaces the others."""

import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path
from typing import Any

from core.texts.directions import BEGIN, END, balanced

FONTS = Path(__file__).resolve().parent / "fonts"
MISSING = "\u25a1"
# Joiners that some scripts need, the soft hyphen, and marks that keep two directions of writing apart.
INVISIBLE_LETTERS = frozenset("\u200c\u200d\u00ad\u200e\u200f" + BEGIN + END)
# Among them are control characters that would reverse the text beside a name.
DROPPED = frozenset({"Cc", "Cf", "Cs"})


def printable(value: Any) -> Any:
    """Return the data with each text normalized (NFC), on one line, and a box for each letter no font of ours has."""
    if isinstance(value, str):
        return "".join(map(_printed, unicodedata.normalize("NFC", balanced(value))))
    if isinstance(value, dict):
        return {key: printable(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [printable(entry) for entry in value]
    return value


def lacks_letters(value: Any) -> bool:
    """Whether the data has a letter that none of our fonts has."""
    if isinstance(value, str):
        return any(_printed(letter) == MISSING != letter for letter in unicodedata.normalize("NFC", value))
    if isinstance(value, dict):
        return any(map(lacks_letters, value.values()))
    return isinstance(value, list | tuple) and any(map(lacks_letters, value))


def _printed(letter: str) -> str:
    if letter in INVISIBLE_LETTERS:
        return letter
    if letter.isspace():
        return " "
    if unicodedata.category(letter) in DROPPED or letter in VARIATION_SELECTORS:
        return ""
    return letter if _is_covered(ord(letter)) else MISSING


VARIATION_SELECTORS = frozenset(chr(code) for code in [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])


def _is_covered(code: int) -> bool:
    starts, ends = _covered()
    place = bisect_right(starts, code) - 1
    return place >= 0 and code <= ends[place]


@cache
def _covered() -> tuple[list[int], list[int]]:
    """The first and last letter of each range in fonts/letters.txt."""
    runs = [line.split() for line in (FONTS / "letters.txt").read_text().splitlines()]
    return [int(start, 16) for start, _ in runs], [int(end, 16) for _, end in runs]
