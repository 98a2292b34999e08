"""The PINs that are refused because people guess them first. Uses no database or request."""

from datetime import date
from itertools import pairwise

LENGTH = 6
FEWEST_DIFFERENT = 3
CENTURIES = ("19", "20")


def is_pin(text: str) -> bool:
    return len(text) == LENGTH and text.isascii() and text.isdecimal()


def is_easy_to_guess(pin: str) -> bool:
    """Whether a PIN has few digits, steps, repeats, mirrors or a date: about one of eleven PINs."""
    return (
        len(set(pin)) < FEWEST_DIFFERENT
        or _goes_in_steps(pin)
        or _repeats(pin)
        or _is_date(pin)
        or _is_year_and_month(pin)
    )


def _goes_in_steps(pin: str) -> bool:
    """Whether digits go in steps: 123456, 654321, 890123, 246802, or in pairs: 112233."""
    return _is_steady(pin) or (_is_doubled(pin) and _is_steady(pin[::2]))


def _is_steady(digits: str) -> bool:
    return len({(int(after) - int(before)) % 10 for before, after in pairwise(digits)}) == 1


def _is_doubled(pin: str) -> bool:
    return pin[::2] == pin[1::2]


def _repeats(pin: str) -> bool:
    """Whether the second half repeats or mirrors the first: 123123, 123321."""
    return pin[:3] == pin[3:] or pin[:3] == pin[:2:-1]


def _is_date(pin: str) -> bool:
    """Whether it is day, month and two-digit year in a usual order."""
    first, second, third = int(pin[:2]), int(pin[2:4]), int(pin[4:])
    return any(
        _is_day(year=year, month=month, day=day)
        for day, month, year in ((first, second, third), (second, first, third), (third, second, first))
    )


def _is_day(*, year: int, month: int, day: int) -> bool:
    try:
        date(2000 + year, month, day)
    except ValueError:
        return False
    return True


def _is_year_and_month(pin: str) -> bool:
    """Whether it is a year and month: 198507. Backwards, 071985, it is a date as well: July 19 of 85."""
    return pin.startswith(CENTURIES) and 1 <= int(pin[4:]) <= 12
