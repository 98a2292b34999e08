"""Rows that wait for a worker: due at a moment, claimed by a lease, tried later and later, given up.

All moments are the database's clock. A lease moves the moment on, so a row whose worker died is due again when the lease is
over. A row that another transaction has locked is not waited for: it stays due.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import F, Q

from core.clock import ClockTimestamp, from_now


@dataclass(frozen=True)
class BackOff:
    """Seconds to wait after the n-th try: `first`, doubled each time, `slowest` at most."""

    first: int
    slowest: int

    def seconds(self, tries: int) -> int:
        # Beyond 32 doublings every first second is longer than any slowest.
        return min(self.slowest, self.first * 2 ** min(max(0, tries), 32))


class DueQuerySet(models.QuerySet[Any]):
    """A kind of row names its columns, and which of its rows still wait."""

    moment: ClassVar[str] = "try_at"
    tries: ClassVar[str] = "attempts"  # empty: tries are not counted here
    waiting: ClassVar[Q]

    def due(self) -> Self:
        return self.filter(self.waiting, **{f"{self.moment}__lte": ClockTimestamp()})

    def due_first(self, most: int) -> list[int]:
        """The keys of those that are due for the longest."""
        return list(self.due().order_by(self.moment, "pk").values_list("pk", flat=True)[:most])

    def claim(self, pk: int, *, seconds: float, **changes: Any) -> bool:
        """Lease a due row for some seconds and count the try. False when it is not due, or locked by somebody."""
        counted = {self.tries: F(self.tries) + 1} if self.tries else {}
        with transaction.atomic():
            mine = self.due().filter(pk=pk).order_by().select_for_update(skip_locked=True, no_key=True, of=("self",))
            leased = self.filter(pk__in=mine.values("pk")).update(
                **{self.moment: from_now(seconds)}, **counted, **changes
            )
        return bool(leased)

    def put_off(self, pk: int, *, seconds: float, **changes: Any) -> None:
        """Due again in so many seconds, if it still waits."""
        self.filter(self.waiting, pk=pk).update(**{self.moment: from_now(seconds)}, **changes)
