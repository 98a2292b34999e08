"""Puts the demo world into the database, through the services that staff use. It may run again: then it adds only what
is missing.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from accounts.models import User
from dev.demo import crowd, history
from dev.demo.films import Film, films
from dev.demo.german import german_texts
from dev.demo.program import Slot, day_program
from dev.demo.promo_codes import ensure_promo_codes
from dev.demo.staff import ensure_counter_operator
from dev.demo.theaters import THEATERS, DemoTheater, build
from houses.business_days import business_day, day_bounds, local_moment
from houses.models import Theater
from reservations.opening.showtime_opening import open_for_sale
from theaters.age_limits import limits_of
from theaters.models import Auditorium, Movie, MovieRating, MovieVersion, Showtime
from theaters.schedule.scheduling import SchedulingRefused, schedule

DAYS = 14
# Past days with sales, so that today can be compared with last week, and coming ones; on past days only the last
# showtime of each auditorium.
PAST_DAYS, SOLD_AHEAD = 8, 1
SHOWS_OF_THE_PAST = 1
ONE_AT_A_TIME = 7_236_001


@dataclass(frozen=True, slots=True)
class Loaded:
    movies: int
    showtimes: int
    booked_seats: int


@dataclass(frozen=True, slots=True)
class Stage:
    """A theater with its auditoriums, movies and prices."""

    demo_theater: DemoTheater
    theater: Theater
    auditoriums: dict[str, Auditorium]
    operator: User
    movies: dict[str, Movie]


def load(
    *, now: datetime, demo_theaters: Sequence[DemoTheater] = THEATERS, days: int = DAYS, past: int = PAST_DAYS
) -> Loaded:
    """Films, theaters, fourteen days of showtimes from today, and the days before; today is the theater's own.

    With a past come its sales, and those of today and tomorrow.
    """
    with _one_at_a_time():
        new_movies = _load_films()
        ensure_promo_codes()
        showtimes = booked = 0
        for demo_theater in demo_theaters:
            stage = _stage(demo_theater, now)
            today = business_day(stage.theater, now)
            for ahead in range(-past, days):
                slots = _slots(stage, today + timedelta(days=ahead), is_past=ahead < 0)
                made, seats = _load_day(stage, slots, now, has_sold=past > 0 and ahead <= SOLD_AHEAD)
                showtimes += made
                booked += seats
    return Loaded(movies=new_movies, showtimes=showtimes, booked_seats=booked)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """A lock, because two loads at once would both add the same days."""
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
    """What the theaters show of a film, also of one that was there before versions were."""
    movies = dict(Movie.objects.values_list("slug", "pk"))
    countries = [str(demo.theater["country"]) for demo in THEATERS]
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
    return {"translations": german_texts("movies", film.slug)} | {name: getattr(film, name) for name in names}


def _stage(demo_theater: DemoTheater, now: datetime) -> Stage:
    with transaction.atomic():
        theater = build(demo_theater, now=now)
    return Stage(
        demo_theater=demo_theater,
        theater=theater,
        auditoriums={auditorium.name: auditorium for auditorium in theater.auditoriums.select_related("theater")},
        operator=ensure_counter_operator(theater),
        movies={movie.slug: movie for movie in Movie.objects.filter(slug__in=[film.slug for film in films()])},
    )


def _slots(stage: Stage, on: date, *, is_past: bool) -> list[Slot]:
    """Where nothing is planned yet on this day: an auditorium's day is all there or not at all. Of the past the last shows."""
    start, end = day_bounds(stage.theater, on)
    planned = Showtime.objects.filter(auditorium__theater=stage.theater, starts_at__gte=start, starts_at__lt=end)
    busy = set(planned.values_list("auditorium__name", flat=True))
    by_auditorium: dict[str, list[Slot]] = defaultdict(list)
    for slot in day_program(stage.demo_theater, on):
        if slot.auditorium not in busy:
            by_auditorium[slot.auditorium].append(slot)
    return [slot for slots in by_auditorium.values() for slot in (slots[-SHOWS_OF_THE_PAST:] if is_past else slots)]


def _load_day(stage: Stage, slots: list[Slot], now: datetime, *, has_sold: bool) -> tuple[int, int]:
    made = booked = 0
    quiet = []
    with transaction.atomic():
        for slot in slots:
            showtime = _load_slot(stage, slot)
            if showtime is None:
                continue
            made += 1
            if slot.crowd and showtime.sales_close_at > now:
                booked += _fill(stage, showtime, slot, now)
            else:
                quiet.append(showtime)
        if has_sold:
            booked += history.fill(quiet, operator=stage.operator, now=now)
    return made, booked


def _load_slot(stage: Stage, slot: Slot) -> Showtime | None:
    try:
        showtime = schedule(
            movie=stage.movies[slot.film.slug],
            auditorium=stage.auditoriums[slot.auditorium],
            starts_at=local_moment(stage.theater, slot.on, slot.at),
            version=slot.film.version(stage.theater.country, is_reel=slot.is_reel),
            note=slot.note,
            translations={"de": {"note": slot.note_in_german}} if slot.note else {},
        )
    except SchedulingRefused:
        # A manager's own showtime of the day before still runs: theirs comes first.
        return None
    return open_for_sale(showtime_id=showtime.pk, actor="demo")


def _fill(stage: Stage, showtime: Showtime, slot: Slot, now: datetime) -> int:
    taken = crowd.fill(showtime, share=slot.crowd, operator=stage.operator, now=now)
    showtime.seats_taken = taken
    showtime.fullness_at = now
    showtime.save(update_fields=["seats_taken", "fullness_at"])
    return taken
