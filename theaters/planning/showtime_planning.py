"""Planning many showtimes at once: previewed as often as you like, then saved all together or not at all."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from django.db import IntegrityError, transaction

from core.texts.translated_texts import Translations
from houses.business_days import business_day, day_bounds
from houses.models import Theater
from theaters.models import Auditorium, Movie, PriceList, SeatingPlan, Showtime, read_programs
from theaters.plans.plans import current_plans
from theaters.prices.price_check import missing_prices
from theaters.schedule.price_list_choice import NoSingleList, choose_list
from theaters.schedule.programs import NO_PROGRAM, Program, give_program, program_of, write_parts
from theaters.schedule.scheduling import (
    LISTED,
    SchedulingRefused,
    ShowtimeListing,
    archived_sentence,
    closing_sentence,
    give_listing,
    in_words,
    refuse_after_closing,
    refuse_archived,
)
from theaters.schedule.wall_clock import DoubledTime, ImpossibleTime, wall_moment
from theaters.states import ShowtimeStatus
from theaters.versions import PLAIN, Version

MOST_LINES = 400
ROUND_MINUTES = 5
WEEK = timedelta(days=7)
# No showtime runs longer, so one that began earlier cannot overlap.
LONGEST = timedelta(days=2)


@dataclass(frozen=True)
class RequestedShowtime:
    """A requested showtime: a business day and a local time.

    Without a price list it gets the one that is valid then.
    """

    movie: Movie
    auditorium: Auditorium
    price_list: PriceList | None
    day: date
    at: time
    version: Version = PLAIN
    note: str = ""
    program: Program = NO_PROGRAM
    listing: ShowtimeListing = LISTED
    translations: Translations = field(default_factory=dict, hash=False)

    @property
    def title(self) -> str:
        return self.program.title or self.movie.title

    @property
    def running_minutes(self) -> int:
        return self.program.minutes or self.movie.running_minutes

    @property
    def movies(self) -> list[Movie]:
        """All movies of the showtime, the leading one too."""
        return self.program.movies or [self.movie]

    @property
    def key(self) -> str:
        """The name of this line in the page's form."""
        shown = "-".join(re.sub(r"[^\w.]+", "_", fact) for fact in astuple(self.version))
        return f"{self.movie.pk}-{shown}-{self.auditorium.pk}-{self.day:%Y%m%d}-{self.at:%H%M}"


@dataclass(frozen=True)
class PlannedShowtime:
    """A checked line of the plan: when it would run, and which conflicts it has."""

    entry: RequestedShowtime
    plan: SeatingPlan | None = None
    price_list: PriceList | None = None
    starts_at: datetime | None = None
    occupied_until: datetime | None = None
    problems: tuple[str, ...] = ()
    question: str = ""
    moments: tuple[datetime, datetime] | None = None
    missing: str = ""

    @property
    def can_be_saved(self) -> bool:
        return not self.problems and not self.question

    @property
    def key(self) -> str:
        return self.entry.key

    def showtime(self) -> Showtime:
        entry = self.entry
        assert self.starts_at is not None and self.plan is not None and self.price_list is not None
        planned = Showtime(
            movie=entry.movie,
            auditorium=entry.auditorium,
            plan=self.plan,
            price_list=self.price_list,
            is_list_by_hand=entry.price_list is not None,
            starts_at=self.starts_at,
            note=entry.note,
            translations=entry.translations,
        )
        give_listing(planned, entry.listing)
        planned.version = entry.version
        give_program(planned, entry.program)
        planned.set_times()
        return planned


def repeated_times(*, movie: Movie, auditorium: Auditorium, first: time, last: time, every: int | None) -> list[time]:
    """Start times from `first` to `last`, also past midnight: `every` minutes apart, or as soon as the auditorium is
    clean.
    """
    length = auditorium.preroll_minutes + movie.running_minutes + auditorium.turnaround_minutes
    step = every or -(-length // ROUND_MINUTES) * ROUND_MINUTES
    begin = first.hour * 60 + first.minute
    end = last.hour * 60 + last.minute
    if end < begin:
        end += 24 * 60
    return [time(minute // 60 % 24, minute % 60) for minute in range(begin, end + 1, step)]


def week_of(*, theater: Theater, first: date, to: date) -> Iterator[RequestedShowtime]:
    """The showtimes of seven days as entries for other days, at the same local times, even if clocks change in between."""
    start, end = day_bounds(theater, first)[0], day_bounds(theater, first + WEEK - timedelta(days=1))[1]
    showtimes = (
        Showtime.objects.with_names()
        .select_related("price_list", "series")
        .filter(auditorium__theater=theater, starts_at__gte=start, starts_at__lt=end)
        .exclude(status=ShowtimeStatus.CANCELED)
        .order_by("starts_at", "pk")
    )
    found = list(showtimes)
    read_programs(found)
    for showtime in found:
        local = showtime.starts_at.astimezone(theater.zone)
        yield RequestedShowtime(
            movie=showtime.movie,
            auditorium=showtime.auditorium,
            price_list=showtime.price_list if showtime.is_list_by_hand else None,
            day=business_day(theater, showtime.starts_at) + (to - first),
            at=local.time(),
            version=showtime.version,
            note=showtime.note,
            program=program_of(showtime),
            listing=ShowtimeListing(showtime.series, showtime.closed_for, showtime.is_closed),
            translations=showtime.translations,
        )


def checked_plan(
    *,
    theater: Theater,
    entries: Sequence[RequestedShowtime],
    answers: dict[str, int],
    left_out: set[str],
    now: datetime,
) -> list[PlannedShowtime]:
    """Each entry with its conflicts. `answers` says which moment is meant where clocks show a time twice; entries in
    `left_out` conflict with nothing.
    """
    plans = current_plans(entry.auditorium for entry in entries)
    lines = [_timed(theater, entry, plans.get(entry.auditorium.pk), answers.get(entry.key), now) for entry in entries]
    lines = _with_movies(lines)
    lines = _against_others(theater, lines, left_out)
    lists = list(theater.price_lists.all())
    lines = [_with_list(theater, line, lists) for line in lines]
    prices: dict[tuple[int, int], str] = {}
    for number, line in enumerate(lines):
        if line.plan is not None and line.price_list is not None:
            pair = (line.price_list.pk, line.plan.pk)
            if pair not in prices:
                prices[pair] = missing_prices(price_list=line.price_list, plan=line.plan)
            lines[number] = replace(line, missing=prices[pair])
    return sorted(lines, key=lambda line: (line.entry.day, line.entry.auditorium.name, line.starts_at or now))


def _timed(
    theater: Theater, entry: RequestedShowtime, plan: SeatingPlan | None, which: int | None, now: datetime
) -> PlannedShowtime:
    line = PlannedShowtime(entry, plan)
    # A showtime after midnight belongs to the evening before.
    on = entry.day + timedelta(days=1) if entry.at < theater.business_day_starts_at else entry.day
    try:
        starts_at = wall_moment(theater=theater, on=on, at=entry.at.replace(fold=0))
    except ImpossibleTime as refusal:
        return replace(line, problems=(str(refusal),))
    except DoubledTime as doubled:
        line = replace(line, moments=doubled.moments)
        if which is None:
            return replace(line, question=str(doubled))
        starts_at = doubled.moments[which].astimezone(UTC)
    problems = []
    if plan is None:
        problems.append(f"{entry.auditorium} has no published seating plan yet.")
    if starts_at < now:
        problems.append("This moment has passed.")
    if sentence := closing_sentence(theater, starts_at):
        problems.append(sentence)
    minutes = entry.auditorium.preroll_minutes + entry.running_minutes + entry.auditorium.turnaround_minutes
    return replace(
        line, starts_at=starts_at, occupied_until=starts_at + timedelta(minutes=minutes), problems=tuple(problems)
    )


def _with_movies(lines: list[PlannedShowtime]) -> list[PlannedShowtime]:
    """Add the problems of movies: an archived movie, or a version that its movie no longer has, as in a copied week."""
    wanted = {movie.pk for line in lines for movie in line.entry.movies}
    movies = Movie.objects.prefetch_related("versions").in_bulk(wanted)
    offered = {pk: movie.offered() for pk, movie in movies.items()}
    return [_with_movies_of(line, movies, offered) for line in lines]


def _with_movies_of(
    line: PlannedShowtime, movies: dict[int, Movie], offered: dict[int, list[Version]]
) -> PlannedShowtime:
    entry = line.entry
    shown = [(part.movie.pk, part.version) for part in entry.program.parts if part.movie is not None]
    found = [
        _movie_problem(movies[pk], version, offered[pk]) for pk, version in shown or [(entry.movie.pk, entry.version)]
    ]
    return replace(line, problems=(*line.problems, *dict.fromkeys(filter(None, found))))


def _movie_problem(movie: Movie, version: Version, offered: list[Version]) -> str:
    if movie.archived_at is not None:
        return archived_sentence(movie)
    if version in offered:
        return ""
    return f"{movie.title} does not come as {version} any more, but in {in_words(offered)}."


def _with_list(theater: Theater, line: PlannedShowtime, lists: list[PriceList]) -> PlannedShowtime:
    if line.entry.price_list is not None or line.starts_at is None:
        return replace(line, price_list=line.entry.price_list)
    try:
        return replace(line, price_list=choose_list(lists, theater=theater, starts_at=line.starts_at))
    except NoSingleList as refusal:
        return replace(line, problems=(*line.problems, str(refusal)))


def _against_others(theater: Theater, lines: list[PlannedShowtime], left_out: set[str]) -> list[PlannedShowtime]:
    """Find overlaps with planned showtimes, and of the lines with one another."""
    timed = [line for line in lines if line.starts_at and line.occupied_until]
    found: dict[int, list[str]] = {}
    for line, planned in _overlaps_planned(timed):
        words = _sentence(theater, planned.title, planned.starts_at, planned.occupied_until)
        found.setdefault(id(line), []).append(words)
    wanted = [line for line in timed if line.key not in left_out]
    for line, twin in _overlaps_each_other(wanted):
        for one, other in ((line, twin), (twin, line)):
            assert other.starts_at and other.occupied_until
            words = _sentence(theater, other.entry.title, other.starts_at, other.occupied_until)
            found.setdefault(id(one), []).append(f"In this plan: {words}")
    return [replace(line, problems=(*line.problems, *dict.fromkeys(found.get(id(line), ())))) for line in lines]


def _overlaps_planned(lines: list[PlannedShowtime]) -> Iterator[tuple[PlannedShowtime, Showtime]]:
    if not lines:
        return
    starts = [line.starts_at for line in lines if line.starts_at]
    planned = (
        Showtime.objects.select_related("movie")
        .filter(
            auditorium__in={line.entry.auditorium.pk for line in lines},
            starts_at__gt=min(starts) - LONGEST,
            starts_at__lt=max(starts) + LONGEST,
        )
        .exclude(status=ShowtimeStatus.CANCELED)
        .order_by("starts_at")
    )
    by_auditorium: dict[int, list[Showtime]] = {}
    for showtime in planned:
        by_auditorium.setdefault(showtime.auditorium_id, []).append(showtime)
    for line in lines:
        for showtime in by_auditorium.get(line.entry.auditorium.pk, ()):
            assert line.starts_at and line.occupied_until
            if showtime.starts_at < line.occupied_until and line.starts_at < showtime.occupied_until:
                yield line, showtime


def _overlaps_each_other(lines: list[PlannedShowtime]) -> Iterator[tuple[PlannedShowtime, PlannedShowtime]]:
    """Pair each line with the earlier line of its auditorium that ends last, if they overlap."""
    longest: dict[int, PlannedShowtime] = {}
    for line in sorted(lines, key=lambda one: (one.starts_at is None, one.starts_at)):
        assert line.starts_at and line.occupied_until
        before = longest.get(line.entry.auditorium.pk)
        if before is not None and before.occupied_until and line.starts_at < before.occupied_until:
            yield before, line
        if before is None or not before.occupied_until or before.occupied_until < line.occupied_until:
            longest[line.entry.auditorium.pk] = line


def _sentence(theater: Theater, title: str, starts_at: datetime, until: datetime) -> str:
    start, end = starts_at.astimezone(theater.zone), until.astimezone(theater.zone)
    return f"{title} is there from {start:%a %d %b, %H:%M} until {end:%H:%M}, cleaning included."


def save_drafts(*, lines: Sequence[PlannedShowtime]) -> list[Showtime]:
    """Save all drafts or none. Raises SchedulingRefused with the first conflict."""
    if not lines:
        raise SchedulingRefused("There is nothing to save: every line is left out.")
    for line in lines:
        if not line.can_be_saved:
            reason = " ".join(line.problems) or line.question
            raise SchedulingRefused(f"{line.entry.title}, {line.entry.day:%a %d %b}, {line.entry.at:%H:%M}: {reason}")
    try:
        with transaction.atomic():
            refuse_archived(movie.pk for line in lines for movie in line.entry.movies)
            planned = [line.showtime() for line in lines]
            refuse_after_closing(planned)
            drafts = Showtime.objects.bulk_create(planned)
            write_parts((draft, line.entry.program) for draft, line in zip(drafts, lines, strict=True))
            return drafts
    except IntegrityError:
        raise SchedulingRefused(
            "Somebody planned another showtime in one of these auditoriums meanwhile. Nothing was saved; look again."
        ) from None
