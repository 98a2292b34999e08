"""Whole numbers of browsers, and that no other way to read them lets odd digits through."""

import pytest

from core.web.posted_numbers import posted_number
from dev.refusal_list import product_files
from dev.state import CHECKOUT

OURS = {"core/actors.py"}  # reads what we wrote ourselves


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
    """`"²".isdigit()` is true, and Python turns no more than 4,300 digits into a number: both would be a 500."""
    loose = set()
    for path in product_files():
        for line in path.read_text().splitlines():
            asks = "int" in line and (".isdigit" in line or ".isdecimal" in line)
            if asks and not (".isascii()" in line and "len(" in line):
                loose.add(path.relative_to(CHECKOUT).as_posix())
    assert loose == OURS
