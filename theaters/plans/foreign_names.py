"""Names of rows and seats of other programs, as ours: a row has one to four capital letters or digits, a seat a number.

Names that differ in the file differ here.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import count

from anyascii import anyascii

from theaters.plans.plan_drawing import HIGHEST_NUMBER
from theaters.plans.plan_rules import ROW_NAME

_LONGEST_ROW = 4
_LONGEST_TOLD = 40
_MOST_READ = 100
_ROW_WORDS = re.compile(r"\b(?:row|reihe|rang|rij|fila)\b", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+")
# Begins the key of a row without a name, which no written name does.
NAMELESS = " "


def row_key(value: object) -> str:
    """What tells a row from the others of its section: its name without case and blanks around; '' for none."""
    text = " ".join(str(value if value is not None else "").upper().split())
    key = "".join(sign for sign in text if sign.isprintable())
    return key if plain_row(key) else ""


def plain_row(key: str) -> str:
    """A for the key ROW A; '' for a row without a name."""
    return "" if key.startswith(NAMELESS) else " ".join(_ROW_WORDS.sub(" ", key).split())


def row_names(keys: Iterable[str]) -> dict[str, str]:
    """A name of ours for each key. Names that are as ours stay; rows without a name are counted."""
    keys = list(dict.fromkeys(keys))
    names = {key: key for key in keys if ROW_NAME.fullmatch(key)}
    taken = set(names)
    for key in sorted(keys, key=lambda key: not ROW_NAME.fullmatch(plain_row(key))):
        if key not in names:
            names[key] = next(name for name in _row_candidates(key) if name not in taken)
            taken.add(names[key])
    return names


def row_remarks(names: dict[str, str]) -> list[str]:
    return [
        f"A row without a name is row {name} here." if key.startswith(NAMELESS)
        else f"Row “{key[:_LONGEST_TOLD]}” is row {name} here."
        for key, name in names.items()
        if name not in {key, plain_row(key)}
    ]  # fmt: skip


def _row_candidates(key: str) -> Iterator[str]:
    """Names of ours, the best first: ROW A is A, PARKETT 12 is P12; with a number behind it where all are taken."""
    if not key.startswith(NAMELESS):
        for name in (plain_row(key), key):
            yield from _latin_names(name)
        letters = "".join(_latin_words(plain_row(key)))
        if letters:
            yield from (f"{letters[: _LONGEST_ROW - len(str(number))]}{number}" for number in range(2, 1000))
    yield from map(str, count(1))


def _latin_names(name: str) -> Iterator[str]:
    words = _latin_words(name)
    if words:
        whole = "".join(words)
        short = "".join(word[0] for word in words[:-1]) + words[-1]
        yield from (found for found in (whole, short) if len(found) <= _LONGEST_ROW)
        yield whole[:_LONGEST_ROW]


def _latin_words(name: str) -> list[str]:
    return [
        found
        for word in re.split(r"[\W_]+", name[:_MOST_READ])
        if (found := re.sub(r"[^A-Z0-9]", "", anyascii(word).upper()))
    ]


def seat_number(written: object, at: int) -> int:
    """The digits of a seat's number; its position in the row, `at`, when it has none that a seat may have."""
    digits = _NUMBER.search(anyascii(str(written if written is not None else ""))[:100])
    number = int(digits[0]) if digits else at
    return number if 1 <= number <= HIGHEST_NUMBER else at


def is_number(written: str, number: int) -> bool:
    """Whether a seat is called by this number and nothing else; a seat without a number is counted, and is."""
    return not written or anyascii(written).removesuffix(".0").lstrip("0") == str(number)
