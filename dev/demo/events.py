"""Showtimes that are more than a movie on numbered seats: programs, a series, a closed show, a private hire, a day
without seat numbers. Created once.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db import transaction

from dev.demo.german import german_texts, in_german
from dev.demo.theaters import PLANS
from houses.business_days import business_day, local_moment
from houses.models import Theater
from reservations.opening.showtime_opening import open_for_sale
from theaters.models import Auditorium, Movie, ProgramItem, Series
from theaters.plans.plans import lay_out
from theaters.schedule.programs import ProgramPart, checked_program, set_program
from theaters.schedule.scheduling import SchedulingRefused, ShowtimeListing, schedule
from theaters.states import MovieKind

# In the morning, before the first showtime of a weekday.
AT = time(9, 30)
DAYS_AHEAD = range(1, 14)
# Name and slug of the theater's auditoriums with unnumbered places: in the first some places have numbers, in the
# second none.
UNRESERVED = (("Yard", "london-yard"), ("Foyer", "london-foyer"))
FESTIVAL_DAY = timedelta(days=2)
SHORTS = (
    ("The Haunted Castle", "the-haunted-castle", 1897, "Georges Méliès", 3),
    ("The Great Train Robbery", "the-great-train-robbery", 1903, "Edwin S. Porter", 12),
    ("The Cameraman’s Revenge", "the-cameramans-revenge", 1912, "Władysław Starewicz", 13),
    ("One Week", "one-week", 1920, "Buster Keaton", 25),
    ("Manhatta", "manhatta", 1921, "Paul Strand", 11),
)
# Movies that come soon: a day or a season, and a tagline.
COMING = (
    {
        "title": "Faust", "slug": "faust", "year": 1926, "director": "F. W. Murnau", "running_minutes": 106,
        "tagline": "Never shake hands with a shadow.",
        "synopsis": "An old scholar, a town with the plague, and a stranger who offers help for one day, free of charge. "
        "Smoke, wings as wide as a town, and the most expensive bargain of the silent years.",
        "palette": ["#1b1420", "#b6472b", "#f0d9a8"], "genres": ["Fantasy", "Horror"],
    },
    {
        "title": "The Lodger", "slug": "the-lodger", "year": 1927, "director": "Alfred Hitchcock", "running_minutes": 92,
        "tagline": "The best room in the house is taken.",
        "synopsis": "Every Tuesday fog comes up the river and a fair-haired woman is found dead. A quiet man rents the upper "
        "floor and walks about at night; downstairs the lamp swings with his steps.",
        "palette": ["#14202b", "#d9b44a", "#e8e2d2"], "genres": ["Thriller"],
    },
)  # fmt: skip
COMING_IN_DAYS = 40
COMING_SEASON = "Spring"
TALK = "Talk with the pianist"


@transaction.atomic
def load_events(theater: Theater, *, now: datetime) -> int:
    """Returns how many showtimes were added: none when the theater has a program already."""
    if ProgramItem.objects.filter(showtime__auditorium__theater=theater).exists():
        return 0
    series, _ = Series.objects.get_or_create(
        house=theater.house,
        slug="silent-mornings",
        defaults={
            "name": "Silent mornings",
            "text": "Coffee, a piano, and pictures that *never* said a word.",
            "translations": german_texts("series", "silent-mornings"),
        },
    )
    for title, slug, year, director, minutes in SHORTS:
        facts = {"title": title, "year": year, "director": director, "running_minutes": minutes}
        _movie(slug, {**facts, "kind": MovieKind.SHORT})
    shorts = [_part(movie) for movie in Movie.objects.filter(slug__in=[short[1] for short in SHORTS])]
    pair = [_part(movie) for movie in Movie.objects.filter(slug__in=["sherlock-jr", "the-kid"]).order_by("year")]
    talk = ProgramPart(text=TALK, minutes=20, translations={"de": {"text": in_german(TALK)}})
    made = [
        *_without_numbers(theater, shorts, pair[:1], now),
        _show(theater, pair, "", ShowtimeListing(series), now),
        _show(theater, [*shorts, talk], "Shorts before noon", ShowtimeListing(series), now),
        _show(theater, pair[:1], "", ShowtimeListing(is_closed=True), now),
        _show(theater, pair[1:], "", ShowtimeListing(closed_for="Birthday party"), now),
    ]
    _announce(business_day(theater, now))
    return sum(made)


def _announce(today: date) -> None:
    first, second = COMING
    day = {"coming_on": today + timedelta(days=COMING_IN_DAYS)}
    _movie(str(first["slug"]), {**first, **day})
    _movie(str(second["slug"]), {**second, "coming_season": COMING_SEASON})


def _movie(slug: str, facts: dict[str, object]) -> None:
    translations = german_texts("movies", slug)
    Movie.objects.get_or_create(slug=slug, defaults={**facts, "translations": translations})


def _without_numbers(
    theater: Theater, shorts: list[ProgramPart], feature: list[ProgramPart], now: datetime
) -> Iterator[bool]:
    """A festival day in the foyer, and in the evening a movie in the yard."""
    yard, foyer = (_auditorium(theater, name, plan, now) for name, plan in UNRESERVED)
    on = business_day(theater, now) + FESTIVAL_DAY
    shows = (
        (foyer, time(14), "Festival day: the first reel", shorts[:2]),
        (foyer, time(16), "Festival day: the second reel", shorts[2:]),
        (foyer, time(18), "Festival day: all of them", shorts),
        (yard, time(21), "", feature),
    )
    for auditorium, at, title, parts in shows:
        yield _placed(auditorium, local_moment(theater, on, at), parts, title, ShowtimeListing())


def _auditorium(theater: Theater, name: str, plan: str, now: datetime) -> Auditorium:
    auditorium = Auditorium.objects.create(
        theater=theater,
        name=name,
        translations={"de": {"name": in_german(name)}},
        preroll_minutes=5,
        turnaround_minutes=15,
    )
    lay_out(auditorium=auditorium, text=(PLANS / f"{plan}.txt").read_text(), now=now)
    return auditorium


def _part(movie: Movie) -> ProgramPart:
    return ProgramPart(movie, movie.offered()[0])


def _show(theater: Theater, parts: list[ProgramPart], title: str, listing: ShowtimeListing, now: datetime) -> bool:
    """In the first morning and auditorium with room for it; False when there is none."""
    today = business_day(theater, now)
    mornings = (local_moment(theater, today + timedelta(days=ahead), AT) for ahead in DAYS_AHEAD)
    rooms = list(theater.auditoriums.exclude(name__in=dict(UNRESERVED)).order_by("pk"))
    return any(_placed(auditorium, at, parts, title, listing) for at in mornings for auditorium in rooms)


def _placed(
    auditorium: Auditorium, starts_at: datetime, parts: list[ProgramPart], title: str, listing: ShowtimeListing
) -> bool:
    leading = next(part for part in parts if part.movie is not None)
    assert leading.movie is not None
    program = checked_program(title=title, parts=parts)
    try:
        with transaction.atomic():
            draft = schedule(
                movie=leading.movie,
                auditorium=auditorium,
                starts_at=starts_at,
                version=leading.version,
                listing=listing,
                translations={"de": {"program_title": in_german(program.title)}} if program.title else {},
            )
            set_program(showtime_id=draft.pk, program=program)
            if not listing.closed_for:
                open_for_sale(showtime_id=draft.pk, actor="demo")
    except SchedulingRefused:
        return False
    return True
