"""Rows that wait for a worker: due at a moment, claimed by a lease, tried again after growing pauses until somebody
gives them up.

All moments are the database's clock. A lease moves the moment into the future, so a row whose worker died is due again
when the lease is over. A row that another transaction has locked is passed over: it stays due.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from core.clock import ClockTimestamp, from_now

# After this many doublings of a second every pause has its longest length.
MOST_DOUBLINGS = 20


@dataclass(frozen=True)
class BackOff:
    """Seconds to wait before the next try: `first` at the beginning, doubled with each try, at most `longest`."""

    first: int
    longest: int

    def seconds(self, tries: int) -> int:
        return int(min(self.longest, self.first * 2 ** min(max(0, tries), MOST_DOUBLINGS)))


@dataclass(frozen=True)
class Waiting:
    """How one kind of row waits: which rows still do, the column of their moment, and the column that counts tries, if any."""

    rows: Q
    moment: str = "try_at"
    tries: str = ""

    def due[Rows: QuerySet[Any]](self, rows: Rows) -> Rows:
        return rows.filter(self.rows, **{f"{self.moment}__lte": ClockTimestamp()})

    def longest_due(self, rows: QuerySet[Any], *, most: int) -> list[int]:
        """The primary keys of due rows, those due longest first."""
        return list(self.due(rows).order_by(self.moment, "pk").values_list("pk", flat=True)[:most])

    def claim(self, rows: QuerySet[Any], pk: int, *, seconds: float) -> bool:
        """Lease one of them for some seconds, and count the try. False when it is not due, or locked by somebody."""
        counted = {self.tries: F(self.tries) + 1} if self.tries else {}
        with transaction.atomic():
            free = self.due(rows).filter(pk=pk).order_by().select_for_update(skip_locked=True, no_key=True)
            claimed = rows.model._default_manager.filter(pk__in=free.values("pk")).update(
                **{self.moment: from_now(seconds)}, **counted
            )
        return bool(claimed)

    def put_off(self, rows: QuerySet[Any], pk: int, *, seconds: float, **changes: Any) -> None:
        """Make the row due again after `seconds`, if it still waits."""
        rows.filter(self.rows, pk=pk).update(**{self.moment: from_now(seconds)}, **changes)
