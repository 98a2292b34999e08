"""Stops a sweep when a provider is away, so that it does not wait for a time-out with each row."""

from dataclasses import dataclass

MOST_IN_DOUBT = 2


@dataclass
class Silence:
    """Counts consecutive rows for which the provider gave no answer. The first may be the fault of that row, so the
    sweep goes on; after the second the provider counts as away.
    """

    in_a_row: int = 0

    def is_away(self, *, after_doubt: bool) -> bool:
        """Count another answer or silence, and tell whether the sweep should stop. Call once for each row."""
        self.in_a_row = self.in_a_row + 1 if after_doubt else 0
        return self.in_a_row >= MOST_IN_DOUBT
