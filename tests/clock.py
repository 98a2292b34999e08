"""Moments for tests that pass at any hour of any day.

Showtimes stand on a local evening. If one has to start soon, or to have started, the theater's business day is moved around the
present, so that neither its start nor midnight lies between.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from houses.business_days import business_day
from houses.models import Theater
from theaters.models import Showtime

LONDON = ZoneInfo("Europe/London")
DAY_STARTS_AT = time(5)


def today(theater: Theater | None = None) -> date:
    """The business day of this moment; without a theater, that of one in London whose days start at 05:00."""
    if theater is None:
        theater = Theater(timezone="Europe/London", business_day_starts_at=DAY_STARTS_AT)
    return business_day(theater, timezone.now())


def evening(days: int = 1, *, theater: Theater | None = None, at: time = time(20)) -> datetime:
    """20:00 local time at the theater, `days` business days from now. At least 14 hours ahead, unless `days` is 0 or less."""
    zone, starts_at = (LONDON, DAY_STARTS_AT) if theater is None else (theater.zone, theater.business_day_starts_at)
    # If the day starts in the afternoon, an earlier time by the clock belongs to the next date.
    days += at < starts_at
    return datetime.combine(today(theater) + timedelta(days=days), at, tzinfo=zone)


def put_day_around_now(theater: Theater) -> None:
    """Let the theater's business day begin eleven hours ago, so that moments up to half a day away are on the same day."""
    theater.business_day_starts_at = (timezone.now() - timedelta(hours=11)).astimezone(theater.zone).time()
    theater.save(update_fields=["business_day_starts_at"])


def begins_in(showtime: Showtime, **time_left: float) -> None:
    """Move the start of a showtime to this long from now (negative: ago), on today's business day: begins_in(showtime,
    minutes=30).
    """
    put_day_around_now(showtime.auditorium.theater)
    showtime.starts_at = timezone.now() + timedelta(**time_left)
    showtime.set_times()
    showtime.save()
