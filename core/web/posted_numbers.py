"""Reads whole numbers that browsers send, which may be any text."""

# The keys of rows have no more.
MOST_DIGITS = 17


def posted_number(text: str, *, most_digits: int = MOST_DIGITS) -> int | None:
    """Read a number of a few plain digits; None for anything else, as ² is a digit for Python, too."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= most_digits else None
