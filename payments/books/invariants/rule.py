"""The type of an invariant: a sentence that must always be true, and the query that finds rows that break it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Invariant:
    """A rule. Its query gives one column of names such as `booking KX7M-4QPD` or `ticket 12`."""

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


def listed(statuses: Iterable[str]) -> str:
    """Statuses as SQL writes them between brackets, so that a query cannot drift from states.py."""
    return ", ".join(f"'{status}'" for status in sorted(statuses))


def allowed_moves(what: str, table: Mapping[Any, Iterable[Any]]) -> str:
    """A table of states.py as rows of VALUES: what, from, to."""
    return ", ".join(f"('{what}', '{old}', '{new}')" for old, steps in table.items() for new in sorted(steps))
