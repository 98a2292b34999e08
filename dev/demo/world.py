"""Puts the demo world into the database, through the services the staff use. Again and again: only what is missing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from dev.demo import crowd
from dev.demo.films import Film, films
from dev.demo.houses import HOUSES, PRESALE, House, build
from dev.demo.program import Slot, day_program
from dev.demo.promo_codes import ensure_promo_codes
from reservations.services.opening import open_for_sale
from theaters.age_limits import limits_of
from theaters.days import business_day, day_bounds, local_moment
from theaters.models import Auditorium, Movie, MovieRating, MovieVersion, PriceList, Showtime, Theater
from theaters.services.price_versions import pin_prices
from theaters.services.scheduling import SchedulingRefused, schedule, set_price_list

DAYS = 14
ONE_AT_A_TIME = 7_236_001


@dataclass(frozen=True, slots=True)
class Loaded:
    movies: int
    showtimes: int
    booked_seats: int


@dataclass(frozen=True, slots=True)
class Stage:
    """A theater with what its days are made of."""

    house: House
    theater: Theater
    rooms: dict[str, Auditorium]
    presale: PriceList
    movies: dict[str, Movie]


def load(*, now: datetime, houses: Sequence[House] = HOUSES, days: int = DAYS) -> Loaded:
    """Films, theaters and fourteen days of showtimes from today; today is the theater's own."""
    with _one_at_a_time():
        new_movies = _load_films()
        ensure_promo_codes()
        showtimes = booked = 0
        for house in houses:
            stage = _stage(house, now)
            today = business_day(stage.theater, now)
            for ahead in range(days):
                made, seats = _load_day(stage, today + timedelta(days=ahead), now)
                showtimes += made
                booked += seats
    return Loaded(movies=new_movies, showtimes=showtimes, booked_seats=booked)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two loads at once would each find the same days missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])


def _load_films() -> int:
    known = set(Movie.objects.values_list("slug", flat=True))
    missing = [film for film in films() if film.slug not in known]
    for film in missing:
        with transaction.atomic():
            movie = Movie.objects.create(**_movie_fields(film))
            MovieRating.objects.bulk_create(
                _rating(movie, country=country, label=label) for country, label in film.ratings.items()
            )
    _offer_versions()
    return len(missing)


def _offer_versions() -> None:
    """Whatever the houses show of a film, also of one that was there before versions were."""
    movies = dict(Movie.objects.values_list("slug", "pk"))
    countries = [str(house.theater["country"]) for house in HOUSES]
    wanted = {
        (movies[film.slug], film.version(country, is_reel=is_reel))
        for film in films()
        for country in countries
        for is_reel in (False, True)
    }
    MovieVersion.objects.bulk_create(
        (MovieVersion(movie_id=movie, **asdict(version)) for movie, version in sorted(wanted)), ignore_conflicts=True
    )


def _rating(movie: Movie, *, country: str, label: str) -> MovieRating:
    min_age, accompanied_below = limits_of(country, label)
    return MovieRating(movie=movie, country=country, label=label, min_age=min_age, accompanied_below=accompanied_below)


def _movie_fields(film: Film) -> dict[str, object]:
    names = (
        "title", "slug", "original_title", "tagline", "synopsis", "year", "director", "cast", "running_minutes",
        "countries", "languages", "genres", "palette", "poster_layout",
    )  # fmt: skip
    return {name: getattr(film, name) for name in names}


def _stage(house: House, now: datetime) -> Stage:
    with transaction.atomic():
        theater = build(house, now=now)
    return Stage(
        house=house,
        theater=theater,
        rooms={room.name: room for room in theater.auditoriums.select_related("theater")},
        presale=theater.price_lists.get(name=PRESALE),
        movies={movie.slug: movie for movie in Movie.objects.filter(slug__in=[film.slug for film in films()])},
    )


def _load_day(stage: Stage, on: date, now: datetime) -> tuple[int, int]:
    """Fill the rooms where nothing is planned yet on this day. A room's day is all there or not at all."""
    start, end = day_bounds(stage.theater, on)
    planned = Showtime.objects.filter(auditorium__theater=stage.theater, starts_at__gte=start, starts_at__lt=end)
    busy = set(planned.values_list("auditorium__name", flat=True))
    made = booked = 0
    with transaction.atomic():
        for slot in day_program(stage.house, on):
            showtime = None if slot.room in busy else _load_slot(stage, slot)
            if showtime is not None:
                made += 1
                booked += _fill(stage, showtime, slot, now)
    return made, booked


def _load_slot(stage: Stage, slot: Slot) -> Showtime | None:
    try:
        showtime = schedule(
            movie=stage.movies[slot.film.slug],
            auditorium=stage.rooms[slot.room],
            price_list=stage.presale if slot.crowd else None,
            starts_at=local_moment(stage.theater, slot.on, slot.at),
            version=slot.film.version(stage.theater.country, is_reel=slot.is_reel),
            note=slot.note,
        )
    except SchedulingRefused:
        # A manager's own showtime of the day before still runs: theirs comes first.
        return None
    return open_for_sale(showtime_id=showtime.pk, actor="demo")


def _fill(stage: Stage, showtime: Showtime, slot: Slot, now: datetime) -> int:
    """The presale, then the usual prices for what is left."""
    if not slot.crowd:
        return 0
    taken = crowd.fill(showtime, share=slot.crowd, now=now) if showtime.sales_close_at > now else 0
    set_price_list(showtime, by_hand=None)
    pin_prices(showtime)
    showtime.seats_taken = taken
    showtime.fullness_at = now
    showtime.save(update_fields=["is_list_by_hand", "seats_taken", "fullness_at"])
    return taken
