"""The amounts of cash that a customer is likely to hand over."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

NOTES = {
    "GBP": (5, 10, 20, 50),
    "USD": (1, 5, 10, 20, 50, 100),
    "EUR": (5, 10, 20, 50, 100),
    "JPY": (1000, 5000, 10000),
    "CHF": (10, 20, 50, 100, 200),
}
MOST_SHOWN = 4


def likely_cash(total: Decimal, currency: str) -> tuple[Decimal, ...]:
    """The next round amounts above the total, smallest first: 30, 40 and 50 for £29."""
    return tuple(sorted(set(_rounded_up(total, currency))))[:MOST_SHOWN] if total else ()


def _notes_about(total: Decimal) -> tuple[int, ...]:
    """Notes of the total's size, 1, 2 and 5 with noughts, as nearly every currency has them."""
    size: int = 10 ** max(total.adjusted() - 1, 0)
    return tuple(size * times for times in (5, 10, 20, 50, 100))


def _rounded_up(total: Decimal, currency: str) -> Iterator[Decimal]:
    for note in NOTES.get(currency) or _notes_about(total):
        amount = (total / note).to_integral_value(rounding=ROUND_CEILING) * note
        if amount > total:
            yield amount
