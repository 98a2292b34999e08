"""One rule: what must always be true, and the query that finds where it is not."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Invariant:
    """Its query gives one column: rows such as `booking KX7M-4QPD` or `ticket 12`, a kind and its name."""

    name: str
    says: str
    query: str


@dataclass(frozen=True)
class Finding:
    name: str
    says: str
    rows: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        return not self.rows
