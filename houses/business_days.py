"""A theater's day: it starts at 05:00 local time (or when the theater says), so a 00:30 show belongs to the evening before."""

from datetime import UTC, date, datetime, time, timedelta

from houses.models import Theater


def local_moment(theater: Theater, on: date, at: time) -> datetime:
    """A wall-clock time as a moment. A time that clocks skip is read as if they had not changed yet."""
    return datetime.combine(on, at, tzinfo=theater.zone)


def day_bounds(theater: Theater, on: date) -> tuple[datetime, datetime]:
    """The start of a business day and of the next one, 23 to 25 hours apart."""
    start = theater.business_day_starts_at
    return local_moment(theater, on, start), local_moment(theater, on + timedelta(days=1), start)


def business_day(theater: Theater, moment: datetime) -> date:
    """The day whose bounds a moment lies in; compared as moments, because the local clock shows some times twice."""
    on = moment.astimezone(theater.zone).date()
    begins = local_moment(theater, on, theater.business_day_starts_at)
    return on if moment.astimezone(UTC) >= begins.astimezone(UTC) else on - timedelta(days=1)


def has_closed(theater: Theater, moment: datetime) -> bool:
    """Whether the theater's last day is over."""
    return theater.closes_on is not None and business_day(theater, moment) > theater.closes_on
