"""Reads whole numbers that browsers send, which may be any text."""

# The keys of rows have no more.
MOST_DIGITS = 17


def posted_number(text: str, *, most_digits: int = MOST_DIGITS) -> int | None:
    """None for anything but a few plain digits: ² counts as a digit, and thousands of them are a number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= most_digits else None
