"""The database's clock: moments of seats, payment sessions and leases are written and judged by it, in SQL."""

import math
import time
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import DateTimeField, DurationField, Func, Value
from django.db.models.expressions import Combinable, CombinedExpression
from django.utils.translation import ngettext

# From then on a web server's clock is wrong: the provider's signatures are as old as that at most.
CLOCKS_DIFFER_SECONDS = 300


# PostgreSQL's clock_timestamp(): the moment it is read, unlike now(), which is the start of the transaction.
ClockTimestamp = partial(Func, template="clock_timestamp()", output_field=DateTimeField())


def from_now(seconds: float) -> CombinedExpression:
    """SQL: the database's time plus some seconds, which may be negative."""
    return CombinedExpression(
        ClockTimestamp(),
        Combinable.ADD,
        Value(timedelta(seconds=seconds), output_field=DurationField()),
        output_field=DateTimeField(),
    )


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row: Any = cursor.fetchone()
    return row[0]


def seconds_until(moment: datetime) -> int:
    """Seconds until a moment by the database's clock, rounded up; at least 1."""
    return max(1, math.ceil((moment - database_now()).total_seconds()))


def minutes_text(seconds: int) -> str:
    number = math.ceil(seconds / 60)
    return ngettext("a minute", "%(number)s minutes", number) % {"number": number}


def seconds_text(seconds: int) -> str:
    return ngettext("%(number)s second", "%(number)s seconds", seconds) % {"number": seconds}


def web_clock_ahead() -> float:
    """Seconds by which this machine's clock is ahead of the database's; negative if behind."""
    return time.time() - database_now().timestamp()


class ZonedMoment(datetime):
    """A moment that templates print in its own zone, as one page may show several theaters."""

    convert_to_local_time = False


def in_zone(moment: datetime, zone: ZoneInfo) -> ZonedMoment:
    local = moment.astimezone(zone)
    return ZonedMoment.combine(local.date(), local.timetz())
