"""The program of a showtime in words: its parts, their versions, and the line that names them on papers and in feeds."""

from dataclasses import dataclass

from django.utils.translation import gettext

from core.texts.directions import side_by_side
from theaters.models import Movie, Showtime
from theaters.states import MovieKind
from theaters.versions import PLAIN, Version


@dataclass(frozen=True)
class PartFacts:
    """A part of a program; `url` is '' for a text, which has no page."""

    title: str
    minutes: int
    version: str
    url: str

    @property
    def text(self) -> str:
        """The part in words: Alien (117 min)."""
        return gettext("%(title)s (%(minutes)s min)") % {"title": self.title, "minutes": self.minutes}


def parts_of(showtime: Showtime) -> tuple[PartFacts, ...]:
    """The parts of a program; () for a single movie. One query unless it was prefetched."""
    return tuple(
        PartFacts(
            title=item.shown_title,
            minutes=item.minutes,
            version=shown_version(item.movie, item.version) if item.movie is not None else "",
            url=item.movie.get_absolute_url() if item.movie is not None else "",
        )
        for item in showtime.program
    )


def has_movie(showtime: Showtime) -> bool:
    """Whether anything of the program is a movie to see; no for a talk or a concert alone."""
    shown = [item.movie for item in showtime.program if item.movie is not None] or [showtime.movie]
    return any(movie.kind != MovieKind.EVENT for movie in shown)


def is_without_version(movie: Movie, version: Version) -> bool:
    """Whether nothing is said of the version: a talk or a concert is not 2D. One that is shown in 3D or dubbed is."""
    return movie.kind == MovieKind.EVENT and version == PLAIN


def shown_version(movie: Movie, version: Version) -> str:
    return "" if is_without_version(movie, version) else version.in_words


def version_text(showtime: Showtime) -> str:
    """The version; for a program the versions of its movies, each once. '' for a talk or concert alone."""
    shown = [shown_version(item.movie, item.version) for item in showtime.program if item.movie is not None]
    return " / ".join(dict.fromkeys(filter(None, shown or [shown_version(showtime.movie, showtime.version)])))


def program_line(showtime: Showtime) -> str:
    """The program in a line: Alien (117 min), Talk (30 min); '' for a single movie."""
    return side_by_side(part.text for part in parts_of(showtime))


def beside_movie(showtime: Showtime) -> str:
    """The line beside a showtime in a list of its movie: of which program it is a part, and its note; else the texts of
    the program.
    """
    if showtime.program_title:
        within = gettext("part of “%(program)s”") % {"program": showtime.shown_title}
        return side_by_side((within, showtime.shown_note))
    texts = (item.shown_title for item in showtime.program if item.movie_id is None)
    return showtime.shown_note or side_by_side(texts)
