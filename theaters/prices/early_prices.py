"""The prices of a showtime at a moment: who chooses seats early enough has those of an early version.

A hold keeps the version it began with, so what was shown is charged. In SQL: reservations/seats/price_sql.py.
"""

from dataclasses import dataclass
from datetime import datetime

from core.caches.process_cache import ProcessCache
from theaters.early_ends import EarlyEnd
from theaters.models import PriceVersion, Showtime

# Cached for good, because a price version never changes and comes with its early ones.
_early_versions: ProcessCache[int, tuple[tuple[EarlyEnd, int], ...]] = ProcessCache(
    seconds=float("inf"), most=2000, has_sentences=False
)


@dataclass(frozen=True)
class PricesByMoment:
    """The version that a showtime is pinned to, and the early ones: until when, and id; the earliest first."""

    standard_id: int | None
    early: tuple[tuple[datetime, int], ...]

    def version_at(self, now: datetime) -> int | None:
        """The id of the price version for somebody who chooses seats now."""
        return next((version_id for ends_at, version_id in self.early if now <= ends_at), self.standard_id)


def prices_by_moment(showtime: Showtime) -> PricesByMoment:
    """The price versions of a showtime. One query for each standard version."""
    standard_id = showtime.price_version_id
    if standard_id is None:
        return PricesByMoment(None, ())
    versions = _early_versions.get(standard_id, lambda: _read_early_versions(standard_id))
    if not versions:
        return PricesByMoment(standard_id, ())
    zone = showtime.auditorium.theater.zone
    early = tuple((end.moment(showtime.starts_at, zone), version_id) for end, version_id in versions)
    return PricesByMoment(standard_id, early)


def _read_early_versions(standard_id: int) -> tuple[tuple[EarlyEnd, int], ...]:
    versions = PriceVersion.objects.filter(standard=standard_id).order_by("number")
    found = versions.values_list("hours_before", "ends_at", "pk")
    return tuple((EarlyEnd(hours, at), version_id) for hours, at, version_id in found)
