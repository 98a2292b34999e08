"""Ranges of a theater's business days, and queries of what happened in them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from core.money import CURRENCIES, decimals
from houses.business_days import day_bounds
from houses.models import Theater

COINLESS = [code for code in CURRENCIES if decimals(code) == 0]
THOUSANDTHS = [code for code in CURRENCIES if decimals(code) == 3]
# SQL for the decimals of a currency.
PLACES = "CASE WHEN {0} = ANY(%(coinless)s) THEN 0 WHEN {0} = ANY(%(thousandths)s) THEN 3 ELSE 2 END"

# A program with a title of its own is one row under that title: its tickets are counted once, for none of its movies.
SHOWN_TITLE = "coalesce(nullif(showtime.program_title, ''), movie.title)"
SHOWN_MOVIE = (f"{SHOWN_TITLE} || ' ' || movie.id", SHOWN_TITLE)


@dataclass(frozen=True)
class DayRange:
    """Business days of one theater, both included; `until` leaves out what came at that moment or later."""

    theater: Theater
    first: date
    last: date
    until: datetime | None = None

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        end = day_bounds(self.theater, self.last)[1]
        return day_bounds(self.theater, self.first)[0], min(end, self.until) if self.until else end


def day_of(moment: str) -> str:
    """SQL for the number of a moment's day in its span, from 1: the same bounds as everywhere, also when clocks change."""
    return f"width_bucket({moment}, %(days)s::timestamptz[])"


def rows(sql: str, span: DayRange, **values: Any) -> list[Any]:
    """Run a query. Its parameters: theater, zone, start, end, days, coinless, thousandths and the given values."""
    start, end = span.bounds
    named: dict[str, Any] = {
        "theater": span.theater.pk,
        "zone": span.theater.timezone,
        "start": start,
        "end": end,
        "days": [day_bounds(span.theater, day)[0] for day in span.days],
        "coinless": COINLESS,
        "thousandths": THOUSANDTHS,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, named | values)
        return cursor.fetchall()
