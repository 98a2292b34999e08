"""Moments, dates and lists as people read them: in the current language, by the customs of the theater's country.

British: Friday 27 November 2026, 19:30. American: Friday, November 27, 2026, 7:30 PM. German: Freitag, 27. November 2026.
The country is that of the moment's own zone, so moments come in the theater's zone (core.clock.in_zone); that of a day or a
time of day is the current zone's.
Amounts of money are written by core/money.py.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from babel import Locale, numbers
from babel.core import get_global
from babel.dates import format_date, format_time, get_timezone_gmt, get_timezone_name
from babel.lists import format_list
from django.utils import timezone

from core.texts.directions import isolated
from core.texts.languages import SOURCE, current_language, locale_for

DayStyle = Literal[
    "day", "day_and_year", "short_day", "short_day_and_year", "date", "short_date", "weekday", "short_weekday", "month",
    "short_month", "month_day", "short_month_day", "short_weekday_and_number",
]  # fmt: skip
# Names of CLDR's skeletons, and whether names of days and months are written out.
SKELETONS: dict[str, tuple[str, bool]] = {
    "day": ("MMMEd", True),
    "day_and_year": ("yMMMEd", True),
    "short_day": ("MMMEd", False),
    "short_day_and_year": ("yMMMEd", False),
    "date": ("yMMMd", True),
    "short_date": ("yMMMd", False),
    "month_day": ("MMMd", True),
    "short_month_day": ("MMMd", False),
    "short_weekday_and_number": ("Ed", False),
}
# Names that stand alone, in CLDR's letters.
NAMES = {"weekday": "cccc", "short_weekday": "ccc", "month": "LLLL", "short_month": "LLL"}
# Countries with English formats of their own; for others, such as Japan, English is written as in Britain.
ENGLISH_OF_THEIR_OWN = frozenset({"US", "CA", "PH", "AU", "NZ", "IE", "IN", "ZA", "SG", "HK"})
ENGLISH_LIKE_BRITISH = "GB"
NARROW_SPACE, SPACE_THAT_HOLDS = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"


def format_day(day: date, style: DayStyle = "day_and_year") -> str:
    """Friday 27 November 2026 (day_and_year), Friday 27 November (day), 27 November 2026 (date), Fri 27 Nov (short_day)."""
    locale = _locale_at(day)
    return format_date(day, _day_pattern(str(locale), style), locale=locale)


def format_clock(moment: datetime | time) -> str:
    """Format a time: 19:30, or 7:30 PM where people write it so."""
    locale = _locale_at(moment)
    at = moment.time() if isinstance(moment, datetime) else moment
    return format_time(at, _clock_pattern(str(locale)), locale=locale).replace(NARROW_SPACE, SPACE_THAT_HOLDS)


def format_exact_clock(moment: datetime) -> str:
    """Format a time with seconds: 19:30:05, or 7:30:05 PM."""
    text = format_time(moment.time(), "medium", locale=_locale_at(moment))
    return text.replace(NARROW_SPACE, SPACE_THAT_HOLDS)


def format_moment(moment: datetime, style: DayStyle = "day_and_year") -> str:
    """Format a moment: Friday 27 November 2026, 19:30."""
    return f"{format_day(moment, style)}, {format_clock(moment)}"


def zone_name(moment: datetime) -> str:
    """The zone of a moment, for readers elsewhere: GMT, MEZ, GMT+09:00."""
    locale = _locale_at(moment)
    name = get_timezone_name(moment, width="short", locale=locale)
    return name if name.isalpha() else get_timezone_gmt(moment, locale=locale).removesuffix("+00:00")


def format_number(number: Decimal) -> str:
    """Format a number with its decimals: 1,234.50, in German 1.234,50."""
    decimals = max(0, -int(number.as_tuple().exponent))
    return numbers.format_decimal(number, f"#,##0.{'0' * decimals}" if decimals else "#,##0", locale=locale_for(""))


def format_percent(rate: Decimal) -> str:
    """Format a rate as a percentage with its decimals: 20%, in German 20 %."""
    return numbers.format_percent(rate, locale=locale_for(""), decimal_quantization=False)


def and_list(items: Iterable[object]) -> str:
    """Join words: C7, C8 and C9."""
    words = [isolated(str(item)) for item in items]
    return format_list(words, locale=locale_for(ENGLISH_LIKE_BRITISH)) if words else ""


def _locale_at(moment: date | time) -> Locale:
    zone = moment.tzinfo if isinstance(moment, datetime) else timezone.get_current_timezone()
    territory = get_global("zone_territories").get(str(zone), "")
    if current_language() == SOURCE and territory not in ENGLISH_OF_THEIR_OWN:
        territory = ENGLISH_LIKE_BRITISH
    return locale_for(territory)


@lru_cache(maxsize=256)
def _day_pattern(locale_name: str, style: DayStyle) -> str:
    locale = Locale.parse(locale_name)
    if style in NAMES:
        return NAMES[style]
    skeleton, is_long = SKELETONS[style]
    pattern: str = locale.datetime_skeletons[skeleton].pattern
    if is_long:
        pattern = re.sub("E+", "EEEE", re.sub("M+", "MMMM", pattern))
    if locale_name == "en_GB":
        pattern = pattern.replace(",", "")  # Friday 27 November 2026, as British papers write it
    return pattern


@lru_cache(maxsize=256)
def _clock_pattern(locale_name: str) -> str:
    return Locale.parse(locale_name).time_formats["short"].pattern
