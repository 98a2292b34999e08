"""Moments for tests that pass at any hour, on any day.

A show hangs on a local evening. Where it must begin soon, or have begun, the theater's business day is put around this moment,
so that neither 05:00 nor midnight lies between.
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
    """The business day of this moment; without a theater one in London whose days start at 05:00."""
    if theater is None:
        theater = Theater(timezone="Europe/London", business_day_starts_at=DAY_STARTS_AT)
    return business_day(theater, timezone.now())


def evening(days: int = 1, *, theater: Theater | None = None, at: time = time(20)) -> datetime:
    """20:00 by the theater's clocks, so many business days from now: at least 14 hours ahead, unless `days` is 0 or less."""
    zone, starts_at = (LONDON, DAY_STARTS_AT) if theater is None else (theater.zone, theater.business_day_starts_at)
    # Of a day that starts in the afternoon, what is earlier by the clock is on the next date.
    days += at < starts_at
    return datetime.combine(today(theater) + timedelta(days=days), at, tzinfo=zone)


def put_day_around_now(theater: Theater) -> None:
    """Its business day began eleven hours ago: what is half a day away, on either side, is today as well."""
    theater.business_day_starts_at = (timezone.now() - timedelta(hours=11)).astimezone(theater.zone).time()
    theater.save(update_fields=["business_day_starts_at"])


def begins_in(showtime: Showtime, **time_left: float) -> None:
    """It begins so long from now (negative: it began), today by the theater's business day: begins_in(showtime, minutes=30)."""
    put_day_around_now(showtime.auditorium.theater)
    showtime.starts_at = timezone.now() + timedelta(**time_left)
    showtime.set_times()
    showtime.save()
