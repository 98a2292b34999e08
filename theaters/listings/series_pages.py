"""The pages of a series and of the movies that are coming soon."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from django.db.models import Exists, OuterRef

from core.house_facts import current_house
from houses.business_days import business_day
from houses.models import Theater
from theaters.listings.showtime_facets import fitting_showtimes
from theaters.models import Movie, Series, Showtime, read_programs
from theaters.program_facts import beside_movie
from theaters.selectors import Chip, MovieFacts, announced_by, chip, movie_facts, of_this_house

MOST_SHOWTIMES = 200
MOST_MOVIES = 60


@dataclass(frozen=True)
class SeriesShowtime:
    title: str
    movie_url: str
    poster_url: str
    chip: Chip


@dataclass(frozen=True)
class SeriesDay:
    on: date
    showtimes: list[SeriesShowtime]


@dataclass(frozen=True)
class SeriesTheater:
    theater: Theater
    days: list[SeriesDay]


def series_program(series: Series, *, needed: frozenset[str] = frozenset(), now: datetime) -> list[SeriesTheater]:
    """The showtimes of a series that can still be bought, by theater and day. One query, and one more where it shows
    programs. `needed`: what the visitor saved as needed; the showtimes that have it are marked.
    """
    showtimes = list(
        Showtime.objects.listed()
        .filter(of_this_house("auditorium__theater__"), series=series, sales_close_at__gt=now)
        .select_related("movie", "auditorium__theater")
        .order_by("auditorium__theater__name", "auditorium__theater_id", "starts_at", "pk")[:MOST_SHOWTIMES]
    )
    read_programs(showtimes)
    by_theater = groupby(showtimes, key=lambda showtime: showtime.auditorium.theater)
    return [SeriesTheater(theater, _days(theater, list(shows), needed, now=now)) for theater, shows in by_theater]


def _days(theater: Theater, showtimes: list[Showtime], needed: frozenset[str], *, now: datetime) -> list[SeriesDay]:
    fitting = fitting_showtimes(theater, showtimes, needed)
    by_day = groupby(showtimes, key=lambda showtime: business_day(theater, showtime.starts_at))
    return [SeriesDay(on, [_showtime(show, theater, fitting, now=now) for show in shows]) for on, shows in by_day]


def _showtime(showtime: Showtime, theater: Theater, fitting: frozenset[int], *, now: datetime) -> SeriesShowtime:
    facts = movie_facts(showtime.movie, rating="")
    note = showtime.shown_note if showtime.program_title else beside_movie(showtime)
    shown = replace(chip(showtime, theater, note=note, now=now), fits_needs=showtime.pk in fitting)
    return SeriesShowtime(showtime.shown_title, facts.url, facts.poster_url, shown)


def coming_movies(*, now: datetime, today: date) -> list[MovieFacts]:
    """Movies with a day or a season ahead that are not on sale in this house yet: the soonest first, then the seasons."""
    on_sale = Showtime.objects.listed().filter(of_this_house("auditorium__theater__"), sales_close_at__gt=now)
    found = (
        Movie.objects.in_use()
        .filter(announced_by(current_house().id, today=today))
        .exclude(Exists(on_sale.filter(movie=OuterRef("pk"))))
        .exclude(Exists(on_sale.filter(program_items__movie=OuterRef("pk"))))
        .order_by("coming_on", "title", "pk")[:MOST_MOVIES]
    )
    return [movie_facts(movie, rating="") for movie in found]
