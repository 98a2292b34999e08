"""The end of an early bird: a time before the start, or a moment. In SQL: reservations/seats/price_sql.py."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LAST_MINUTE = time(23, 59)
# An early bird lasts to the end of the minute that customers read.
WHOLE_MINUTE = timedelta(seconds=59)


@dataclass(frozen=True)
class EarlyEnd:
    """`at` is a moment; without it, `hours` before the start: whole days by local time, the rest as hours."""

    hours: int = 0
    at: datetime | None = None

    def moment(self, starts_at: datetime, zone: ZoneInfo) -> datetime:
        if self.at is not None:
            return self.at
        days, hours = divmod(self.hours, 24)
        local = starts_at.astimezone(zone).replace(tzinfo=None) - timedelta(days=days)
        return latest_moment(local, zone) - timedelta(hours=hours)


def until_clock(on: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the end of this minute of local time."""
    return latest_moment(datetime.combine(on, at), zone) + WHOLE_MINUTE


def latest_moment(local: datetime, zone: ZoneInfo) -> datetime:
    """A local time as a moment: the later one where clocks skip it or show it twice, as in PostgreSQL."""
    return max(local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
