"""Whole numbers that browsers send are read in one way, and no other code accepts odd digits."""

import pytest

from core.web.posted_numbers import posted_number
from dev.refusal_list import product_files
from dev.state import CHECKOUT

OURS = {"core/actors.py"}  # reads only what we wrote ourselves


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("007", 7),
        ("0", 0),
        ("9" * 17, int("9" * 17)),
        *[(text, None) for text in ("", " 7", "-1", "+1", "1.5", "²", "٣", "1_000", "9" * 18, "9" * 5000)],
    ],
)
def test_a_few_plain_digits_are_a_number(text, number):
    assert posted_number(text) == number


def test_digits_are_asked_for_together_with_their_kind_and_number():
    """`"²".isdigit()` is true, and Python refuses to read more than 4,300 digits as a number: both would give a 500."""
    loose = set()
    for path in product_files():
        for line in path.read_text().splitlines():
            asks = "int" in line and (".isdigit" in line or ".isdecimal" in line)
            if asks and not (".isascii()" in line and "len(" in line):
                loose.add(path.relative_to(CHECKOUT).as_posix())
    assert loose == OURS
