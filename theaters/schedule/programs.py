"""The program of a showtime: its parts in order, what it is called, and how long it is. Only a draft's program changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from core.texts.translated_texts import Translations
from theaters import locks
from theaters.models import Movie, ProgramItem, Showtime
from theaters.models.programs import LONGEST_PART_MINUTES
from theaters.schedule.scheduling import SchedulingRefused, chosen_version, overlap_sentence, refuse_archived
from theaters.states import ShowtimeStatus
from theaters.versions import PLAIN, Version

MOST_PARTS = 20
LONGEST_PROGRAM_MINUTES = 2 * LONGEST_PART_MINUTES - 120
TITLE_SIGNS = 200


@dataclass(frozen=True)
class ProgramPart:
    """A movie in a version, or a text. Without minutes, a movie takes its running time."""

    movie: Movie | None = None
    version: Version = PLAIN
    text: str = ""
    minutes: int | None = None
    translations: Translations = field(default_factory=dict, hash=False)

    @property
    def length(self) -> int:
        return self.minutes or (self.movie.running_minutes if self.movie else 0)


@dataclass(frozen=True)
class Program:
    """The program of a showtime; without parts it is its movie alone."""

    title: str = ""
    parts: tuple[ProgramPart, ...] = ()

    @property
    def minutes(self) -> int | None:
        return sum(part.length for part in self.parts) if self.parts else None

    @property
    def movies(self) -> list[Movie]:
        return [part.movie for part in self.parts if part.movie is not None]


NO_PROGRAM = Program()


def checked_program(*, title: str, parts: Sequence[ProgramPart]) -> Program:
    """Check parts and make a program of them; NO_PROGRAM for one movie in its own length. Raises SchedulingRefused."""
    title = " ".join(title.split())
    movies = [part.movie for part in parts if part.movie is not None]
    _refuse_parts(parts, movies)
    if len(title) > TITLE_SIGNS:
        raise SchedulingRefused(gettext("The title of the program is too long."))
    if not title and len(movies) > 1:
        title = " + ".join(movie.title for movie in movies)
        if len(movies) > 2 or len(title) > TITLE_SIGNS:
            raise SchedulingRefused(gettext("Give a program of several movies a title."))
    (first, *others) = parts
    if not others and not title and first.movie is not None and first.length == first.movie.running_minutes:
        return NO_PROGRAM
    return Program(title, tuple(parts))


def _refuse_parts(parts: Sequence[ProgramPart], movies: list[Movie]) -> None:
    if not movies:
        raise SchedulingRefused(
            gettext("A program needs at least one movie. A talk or a concert alone is a movie of the kind “event”.")
        )
    if len(parts) > MOST_PARTS:
        raise SchedulingRefused(gettext("A program has %(number)s parts at most.") % {"number": MOST_PARTS})
    for part in parts:
        if not 1 <= part.length <= LONGEST_PART_MINUTES:
            raise SchedulingRefused(gettext("Say how many minutes each part lasts."))
        if part.movie is not None:
            chosen_version(part.movie, part.version)
    if sum(part.length for part in parts) > LONGEST_PROGRAM_MINUTES:
        raise SchedulingRefused(gettext("This program is too long for one showtime."))


def program_of(showtime: Showtime) -> Program:
    """The showtime's program with its planned minutes, to plan it again."""
    parts = (
        ProgramPart(item.movie, item.version, item.text, item.minutes, item.translations) for item in showtime.program
    )
    return Program(showtime.program_title, tuple(parts))


def give_program(showtime: Showtime, program: Program) -> None:
    """Set the columns of a showtime that come from its program. Saves nothing; call `write_parts` after the row is
    saved.
    """
    showtime.program_title, showtime.program_minutes = program.title, program.minutes
    if program.movies:
        leading = next(part for part in program.parts if part.movie is not None)
        assert leading.movie is not None
        showtime.movie, showtime.version = leading.movie, leading.version


def write_parts(programs: Iterable[tuple[Showtime, Program]]) -> None:
    """Write the parts of new showtimes, inside the caller's transaction."""
    ProgramItem.objects.bulk_create(
        _item(showtime, position, part)
        for showtime, program in programs
        for position, part in enumerate(program.parts, start=1)
    )


def _item(showtime: Showtime, position: int, part: ProgramPart) -> ProgramItem:
    item = ProgramItem(
        showtime=showtime, position=position, movie=part.movie, text=part.text.strip(), minutes=part.length,
        translations=part.translations,
    )  # fmt: skip
    item.version = part.version
    return item


def set_program(*, showtime_id: int, program: Program) -> Showtime:
    """Replace the program of a draft; its movie is then the first of the program.

    Raises SchedulingRefused: not a draft any more, a movie is archived, or another showtime is in the way.
    """
    with transaction.atomic():
        showtime = locks.showtime_to_change(showtime_id)
        if showtime.status != ShowtimeStatus.DRAFT:
            raise SchedulingRefused(
                gettext("Only the program of a draft can be changed; what is on sale stays as it is.")
            )
        refuse_archived(movie.pk for movie in program.movies)
        give_program(showtime, program)
        showtime.set_times()
        try:
            with transaction.atomic():
                showtime.save()
        except IntegrityError:
            raise SchedulingRefused(overlap_sentence(showtime) or gettext("Another showtime is there now.")) from None
        showtime.program_items.all().delete()
        write_parts([(showtime, program)])
    return showtime
