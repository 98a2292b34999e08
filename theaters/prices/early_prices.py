"""The prices of a showtime at a moment: who chooses seats early enough has those of an early version.

A hold keeps the version it began with, so what was shown is charged. In SQL: reservations/seats/price_sql.py.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from theaters.early_ends import EarlyEnd
from theaters.models import PriceVersion, Showtime


@dataclass(frozen=True)
class PricesByMoment:
    """The version that a showtime is pinned to, and the early ones: until when, and id; the earliest first."""

    standard_id: int | None
    early: tuple[tuple[datetime, int], ...]

    def version_at(self, now: datetime) -> int | None:
        """The id of the price version for somebody who chooses seats now."""
        return next((version_id for ends_at, version_id in self.early if now <= ends_at), self.standard_id)


def prices_by_moment(showtime: Showtime) -> PricesByMoment:
    """The price versions of a showtime. No query if it was loaded `with_early_versions`."""
    read: Any = showtime
    if hasattr(read, "early_hours"):
        found = list(zip(read.early_hours, read.early_ends, read.early_ids, strict=True))
    else:
        versions = PriceVersion.objects.filter(standard=showtime.price_version_id).exclude(standard=None)
        found = list(versions.order_by("number").values_list("hours_before", "ends_at", "pk"))
    if not found:
        return PricesByMoment(showtime.price_version_id, ())
    zone = showtime.auditorium.theater.zone
    early = ((EarlyEnd(hours, at).moment(showtime.starts_at, zone), version_id) for hours, at, version_id in found)
    return PricesByMoment(showtime.price_version_id, tuple(early))
