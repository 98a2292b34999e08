"""Search for series and programs, beside movies and people (search.py)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.clock import in_zone
from core.texts.translated_texts import translations_of
from houses.business_days import business_day
from theaters.models import Series, Showtime
from theaters.search_words import search_words
from theaters.selectors import night_note, of_this_house

MOST_FOUND = 6
# A house has some dozens; of more only the newest are looked through.
MOST_READ = 500

type Fits = Callable[[list[str]], bool]


@dataclass(frozen=True)
class FoundSeries:
    name: str
    url: str


@dataclass(frozen=True)
class FoundProgram:
    """A program with a title of its own, and its next showtime. The moment is in the theater's zone."""

    title: str
    url: str
    starts_at: datetime
    night: str
    theater_name: str


def found_series(fits: Fits) -> list[FoundSeries]:
    """Find series by a name in any language; results have the name in the reader's."""
    rows = Series.objects.filter(of_this_house()).order_by("-pk").only("name", "translations", "slug")[:MOST_READ]
    found = [series for series in rows if any(fits(search_words(name)) for name in _names(series))]
    named = sorted((series.shown_name, series.get_absolute_url()) for series in found)
    return [FoundSeries(name, url) for name, url in named[:MOST_FOUND]]


def _names(series: Series) -> list[str]:
    return [series.name, *translations_of(series, "name")]


def found_programs(fits: Fits, *, now: datetime) -> list[FoundProgram]:
    """Find programs by title, each title once. Closed showtimes are left out, as in every list."""
    ahead = Showtime.objects.listed().filter(of_this_house("auditorium__theater__"), sales_close_at__gt=now)
    titled = ahead.exclude(program_title="").select_related("auditorium__theater")
    rows = titled.order_by("program_title", "starts_at", "pk").distinct("program_title")[:MOST_READ]
    found = [_program(showtime) for showtime in rows if any(fits(search_words(title)) for title in _titles(showtime))]
    return sorted(found, key=lambda program: (program.starts_at, program.title))[:MOST_FOUND]


def _titles(showtime: Showtime) -> list[str]:
    return [showtime.program_title, *translations_of(showtime, "program_title")]


def _program(showtime: Showtime) -> FoundProgram:
    theater = showtime.auditorium.theater
    starts_at = in_zone(showtime.starts_at, theater.zone)
    return FoundProgram(
        title=showtime.shown_title,
        url=showtime.get_absolute_url(),
        starts_at=starts_at,
        night=night_note(starts_at, business_day(theater, showtime.starts_at)),
        theater_name=theater.shown_name,
    )
