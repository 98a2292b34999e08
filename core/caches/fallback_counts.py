"""Counts of limits while Redis is away: each process counts for itself, so that nobody guesses without a limit."""

from django.core.cache.backends.locmem import LocMemCache

MOST_COUNTS = 10_000

local_counts = LocMemCache("counts-while-redis-is-away", {"OPTIONS": {"MAX_ENTRIES": MOST_COUNTS}})


def count_here(key: str, amount: int, seconds: int) -> int:
    """Add `amount` to a count in this process; returns the new count."""
    local_counts.add(key, 0, seconds)
    try:
        return int(local_counts.incr(key, amount))
    except ValueError:  # it ended between the two calls
        return amount
