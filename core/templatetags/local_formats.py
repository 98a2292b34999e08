"""Moments and lists in templates: {{ starts_at|day }}, {{ seats|and_list }}. See core/texts/local_formats.py."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django import template

from core.texts import local_formats
from core.texts.local_formats import DayStyle, format_clock, format_day, format_exact_clock, format_moment

register = template.Library()


@register.filter(expects_localtime=True)
def day(moment: date | None, style: DayStyle = "day_and_year") -> str:
    """{{ starts_at|day }} or {{ starts_at|day:"short_day" }}: the styles are those of core/texts/local_formats.py."""
    return "" if moment is None else format_day(moment, style)


@register.filter(expects_localtime=True)
def clock(moment: datetime | time | None) -> str:
    return "" if moment is None else format_clock(moment)


@register.filter(expects_localtime=True)
def exact_clock(moment: datetime | None) -> str:
    return "" if moment is None else format_exact_clock(moment)


@register.filter(expects_localtime=True)
def moment(value: datetime | None, style: DayStyle = "day_and_year") -> str:
    return "" if value is None else format_moment(value, style)


@register.filter
def written_moment(text: str | None) -> str:
    """A moment by ISO 8601 as people read it, with its zone; "" for none."""
    if not text:
        return ""
    value = datetime.fromisoformat(text)
    return f"{format_moment(value)} {local_formats.zone_name(value)}"


@register.filter
def and_list(items: Iterable[object] | None) -> str:
    return local_formats.and_list(items or ())
