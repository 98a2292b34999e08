"""What is not one movie on sale: a double program, an evening of shorts, a series, a closed show, a private hire. Once."""

from datetime import datetime, time, timedelta

from django.db import transaction

from houses.business_days import business_day, local_moment
from houses.models import Theater
from reservations.services.showtime_opening import open_for_sale
from theaters.models import Auditorium, Movie, ProgramItem, Series
from theaters.services.programs import ProgramPart, checked_program, set_program
from theaters.services.scheduling import SchedulingRefused, ShowtimeListing, schedule
from theaters.states import MovieKind

# In the morning, before the first showtime of a weekday.
AT = time(9, 30)
DAYS_AHEAD = range(1, 14)
SHORTS = (
    ("The Haunted Castle", "the-haunted-castle", 1897, "Georges Méliès", 3),
    ("The Great Train Robbery", "the-great-train-robbery", 1903, "Edwin S. Porter", 12),
    ("The Cameraman’s Revenge", "the-cameramans-revenge", 1912, "Władysław Starewicz", 13),
    ("One Week", "one-week", 1920, "Buster Keaton", 25),
    ("Manhatta", "manhatta", 1921, "Paul Strand", 11),
)


@transaction.atomic
def load_events(theater: Theater, *, now: datetime) -> int:
    """Returns how many showtimes were added: none when the theater has a program already."""
    if ProgramItem.objects.filter(showtime__auditorium__theater=theater).exists():
        return 0
    series, _ = Series.objects.get_or_create(
        house=theater.house,
        slug="silent-mornings",
        defaults={"name": "Silent mornings", "text": "Coffee, a piano, and pictures that *never* said a word."},
    )
    for title, slug, year, director, minutes in SHORTS:
        facts = {"title": title, "year": year, "director": director, "running_minutes": minutes}
        Movie.objects.get_or_create(slug=slug, defaults={**facts, "kind": MovieKind.SHORT})
    shorts = [_part(movie) for movie in Movie.objects.filter(slug__in=[short[1] for short in SHORTS])]
    pair = [_part(movie) for movie in Movie.objects.filter(slug__in=["sherlock-jr", "the-kid"]).order_by("year")]
    talk = ProgramPart(text="Talk with the pianist", minutes=20)
    made = [
        _show(theater, pair, "", ShowtimeListing(series), now),
        _show(theater, [*shorts, talk], "Shorts before noon", ShowtimeListing(series), now),
        _show(theater, pair[:1], "", ShowtimeListing(is_closed=True), now),
        _show(theater, pair[1:], "", ShowtimeListing(closed_for="Birthday party"), now),
    ]
    Movie.objects.filter(slug="haxan", coming_season="").update(coming_season="Winter 2027")
    return sum(made)


def _part(movie: Movie) -> ProgramPart:
    return ProgramPart(movie, movie.offered()[0])


def _show(theater: Theater, parts: list[ProgramPart], title: str, listing: ShowtimeListing, now: datetime) -> bool:
    """In the first morning and auditorium with room for it; False when there is none."""
    today = business_day(theater, now)
    mornings = (local_moment(theater, today + timedelta(days=ahead), AT) for ahead in DAYS_AHEAD)
    rooms = list(theater.auditoriums.order_by("pk"))
    return any(_placed(auditorium, at, parts, title, listing) for at in mornings for auditorium in rooms)


def _placed(
    auditorium: Auditorium, starts_at: datetime, parts: list[ProgramPart], title: str, listing: ShowtimeListing
) -> bool:
    leading = next(part for part in parts if part.movie is not None)
    assert leading.movie is not None
    try:
        with transaction.atomic():
            draft = schedule(
                movie=leading.movie,
                auditorium=auditorium,
                starts_at=starts_at,
                version=leading.version,
                listing=listing,
            )
            set_program(showtime_id=draft.pk, program=checked_program(title=title, parts=parts))
            if not listing.closed_for:
                open_for_sale(showtime_id=draft.pk, actor="demo")
    except SchedulingRefused:
        return False
    return True
