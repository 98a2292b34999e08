"""The showtimes of a movie: those of the visitor's theater by day, and which other theaters show it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from core.clock import in_zone
from core.money import format_from_price
from core.texts.local_formats import zone_name
from houses.business_days import business_day
from houses.models import Theater
from theaters.listings.public_showtimes import PublicShowtime, coming_showtimes, described
from theaters.listings.showtime_facets import fitting_showtimes
from theaters.models import Movie, Showtime, read_programs
from theaters.prices.lowest_prices import lowest_prices
from theaters.program_facts import beside_movie
from theaters.selectors import Chip, chip, night_note
from theaters.states import ShowtimeStatus

# At most this number of showtimes stands in the page as structured data.
MOST_FOR_MACHINES = 60


@dataclass(frozen=True)
class TheaterGroup:
    theater_name: str
    theater_url: str
    chips: list[Chip]


@dataclass(frozen=True)
class MovieDay:
    on: date
    groups: list[TheaterGroup]


@dataclass(frozen=True)
class OtherTheater:
    """Another theater that shows the movie. The moment is in that theater's zone."""

    name: str
    city: str
    url: str
    starts_at: datetime
    night: str
    zone: str
    showtime_count: int


@dataclass(frozen=True)
class MovieShowtimes:
    theater: Theater | None
    zone: str
    from_price: str
    days: list[MovieDay]
    elsewhere: list[OtherTheater]
    for_machines: list[PublicShowtime]


def movie_showtimes(
    movie: Movie, *, theater: Theater | None, usual: Theater | None, needed: frozenset[str] = frozenset(), now: datetime
) -> MovieShowtimes:
    """All showtimes that can still be bought, in one query and those of the prices.

    If the visitor has chosen no theater: those of the usual theater, if it shows the movie, else of the one that shows
    it first. `needed`: what the visitor saved as needed; the showtimes that have it are marked.
    """
    coming = list(coming_showtimes(now=now).showing(movie))
    read_programs(coming)
    by_theater: dict[Theater, list[Showtime]] = {}
    for showtime in coming:
        if showtime.status == ShowtimeStatus.CANCELED:
            continue
        by_theater.setdefault(showtime.auditorium.theater, []).append(showtime)
    mine = theater or (usual if usual in by_theater else next(iter(by_theater), None))
    shows = by_theater.pop(mine, []) if mine else []
    amounts = lowest_prices(shows, now=now)
    return MovieShowtimes(
        theater=mine,
        zone=zone_name(in_zone(shows[0].starts_at, mine.zone)) if mine and shows else "",
        from_price=format_from_price(min(amounts.values()), mine.currency) if mine and amounts else "",
        days=_days(mine, shows, needed, now=now) if mine else [],
        elsewhere=sorted((_elsewhere(movie, *entry) for entry in by_theater.items()), key=lambda other: other.name),
        for_machines=described(coming[:MOST_FOR_MACHINES], now=now),
    )


def _days(theater: Theater, showtimes: list[Showtime], needed: frozenset[str], *, now: datetime) -> list[MovieDay]:
    fitting = fitting_showtimes(theater, showtimes, needed)
    by_day = groupby(showtimes, key=lambda showtime: business_day(theater, showtime.starts_at))
    return [
        MovieDay(
            on,
            [
                TheaterGroup(
                    theater.shown_name,
                    theater.get_absolute_url(),
                    [
                        replace(chip(s, theater, note=beside_movie(s), now=now), fits_needs=s.pk in fitting)
                        for s in shows
                    ],
                )
            ],
        )
        for on, shows in by_day
    ]


def _elsewhere(movie: Movie, theater: Theater, showtimes: list[Showtime]) -> OtherTheater:
    starts_at = in_zone(showtimes[0].starts_at, theater.zone)
    return OtherTheater(
        name=theater.shown_name,
        city=theater.shown_city,
        url=f"{movie.get_absolute_url()}?theater={theater.slug}",
        starts_at=starts_at,
        night=night_note(starts_at, business_day(theater, showtimes[0].starts_at)),
        zone=zone_name(starts_at),
        showtime_count=len(showtimes),
    )
