"""When a sweep stops because a provider is away: its time-outs are not for every row."""

from dataclasses import dataclass

MOST_IN_DOUBT = 2


@dataclass
class Silence:
    """Counts the rows in a row of which a provider does not tell. One alone may be the fault of that row, and the others are
    looked at; after the second the provider is away."""

    in_a_row: int = 0

    def is_away(self, *, after_doubt: bool) -> bool:
        """Count another answer or silence, and tell whether the sweep should stop. Call once for each row."""
        self.in_a_row = self.in_a_row + 1 if after_doubt else 0
        return self.in_a_row >= MOST_IN_DOUBT
