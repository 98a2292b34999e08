"""Which status may follow which: one table per kind of row, and the one way to change a status by it."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model, TextChoices


class IllegalMove(Exception):
    """This change of status is not allowed: a bug, never a customer's mistake."""


class StatusTable[Status: TextChoices](dict[Status, frozenset[Status]]):
    """Per status those that may follow it. Every status of the kind has its line, the last ones an empty one."""

    def __init__(self, kind: type[Status], following: Mapping[Status, set[Status]]) -> None:
        super().__init__({status: frozenset(following.get(status, ())) for status in kind})
        self.kind = kind

    def allows(self, old: str, new: str) -> bool:
        return self.kind(new) in self[self.kind(old)]

    def require(self, old: str, new: str) -> None:
        """Check that a change is allowed. Raises IllegalMove."""
        if not self.allows(old, new):
            raise IllegalMove(f"{self.kind.__name__}: {old} → {new}")

    def move(self, row: Model, to: Status, **fields: Any) -> Status:
        """Save a locked row with its new status and the fields that go with it; returns the old status. Raises IllegalMove."""
        status: Any = getattr(row, "status")  # noqa: B009  (each model has its own)
        old = self.kind(status)
        self.require(old, to)
        for name, value in {"status": to, **fields}.items():
            setattr(row, name, value)
        row.save(update_fields=["status", *fields])
        return old
