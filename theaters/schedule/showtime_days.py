"""Whether a showtime is on the days and at the times that a price list or a price rule is for."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from houses.business_days import business_day
from houses.models import Theater
from theaters.models.showtime_days import ShowtimeDays
from theaters.schedule.public_holidays import holiday_on
from theaters.states import HolidayUse, Weekday

DAY_SECONDS = 24 * 60 * 60


@dataclass(frozen=True)
class ShowtimeStart:
    """The start of a showtime, as business day and local time."""

    on: date
    at: time
    day_starts: time
    holiday: str = ""
    """The name of the public holiday that the day is."""
    is_eve: bool = False


def start_of(theater: Theater, starts_at: datetime) -> ShowtimeStart:
    """Return the start; a 00:30 show belongs to the evening before, its weekday and date."""
    at = starts_at.astimezone(theater.zone).time()
    on = business_day(theater, starts_at)
    is_eve = bool(holiday_on(theater, on + timedelta(days=1)))
    return ShowtimeStart(on, at, theater.business_day_starts_at, holiday_on(theater, on), is_eve)


def fits_days(days: ShowtimeDays, start: ShowtimeStart) -> bool:
    """Whether a start is within these days; empty fields match all."""
    if not _fits_holidays(days, start):
        return False
    if days.weekdays and start.on.isoweekday() not in days.weekdays:
        return False
    if start.on < (days.first_on or date.min) or start.on > (days.last_on or date.max):
        return False
    second = into_the_day(start.at, start.day_starts)
    begins = into_the_day(days.from_time or start.day_starts, start.day_starts)
    ends = into_the_day(days.until_time or start.day_starts, start.day_starts) or DAY_SECONDS
    return begins <= second < ends


def _fits_holidays(days: ShowtimeDays, start: ShowtimeStart) -> bool:
    """Whether holidays fit. The last of several holidays is not an eve; the first is an eve and a holiday."""
    is_holiday = bool(start.holiday)
    return {
        "": True,
        HolidayUse.ON: is_holiday,
        HolidayUse.EVE: start.is_eve,
        HolidayUse.BOTH: is_holiday or start.is_eve,
        HolidayUse.NOT: not is_holiday,
        HolidayUse.NEITHER: not is_holiday and not start.is_eve,
    }[days.holidays]


def into_the_day(at: time, day_starts: time) -> int:
    """Seconds since the business day began, so 00:30 comes after 23:00."""
    seconds = at.hour * 3600 + at.minute * 60 + at.second
    return (seconds - day_starts.hour * 3600 - day_starts.minute * 60 - day_starts.second) % DAY_SECONDS


def days_text(days: ShowtimeDays) -> str:
    """Say days and times: Fri, Sat from 17:00 until 31 Mar 2027; '' for always."""
    words = [", ".join(Weekday(number).label[:3] for number in sorted(days.weekdays))]
    words += [HolidayUse(days.holidays).label.lower()] if days.holidays else []
    words += [f"from {days.from_time:%H:%M}"] if days.from_time else []
    words += [f"before {days.until_time:%H:%M}"] if days.until_time else []
    words += [f"since {days.first_on:%d %b %Y}"] if days.first_on else []
    words += [f"until {days.last_on:%d %b %Y}"] if days.last_on else []
    return " ".join(filter(None, words))
