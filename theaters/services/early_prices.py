"""The prices of a showtime at a moment: who chooses seats early enough has those of an early version.

A hold keeps the version it began with, so what was shown is charged. In SQL: reservations/seats/price_sql.py.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from theaters.models import PriceVersion, Showtime


@dataclass(frozen=True)
class PricesByMoment:
    """The version that a showtime is pinned to, and the early ones: hours before the start and id, the earliest first."""

    standard_id: int | None
    starts_at: datetime
    early: tuple[tuple[int, int], ...]

    def version_at(self, now: datetime) -> int | None:
        """The id of the version that counts for who chooses seats now."""
        ahead = (self.starts_at - now).total_seconds()
        return next((version_id for hours, version_id in self.early if hours * 3600 <= ahead), self.standard_id)


def prices_by_moment(showtime: Showtime) -> PricesByMoment:
    """No query for a showtime that came `with_early_versions`."""
    read: Any = showtime
    if hasattr(read, "early_hours"):
        early = tuple(zip(read.early_hours, read.early_ids, strict=True))
    else:
        versions = PriceVersion.objects.filter(standard=showtime.price_version_id).exclude(standard=None)
        early = tuple(versions.order_by("-hours_before").values_list("hours_before", "pk"))
    return PricesByMoment(showtime.price_version_id, showtime.starts_at, early)
