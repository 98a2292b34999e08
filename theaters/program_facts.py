"""The program of a showtime in words: its parts, their versions, and the line that names them on papers and in feeds."""

from dataclasses import dataclass

from django.utils.translation import gettext

from core.texts.directions import side_by_side
from theaters.models import Showtime


@dataclass(frozen=True)
class PartFacts:
    """A part of a program; a text has no page of its own."""

    title: str
    minutes: int
    version: str
    url: str

    @property
    def text(self) -> str:
        """Alien (117 min)."""
        return gettext("%(title)s (%(minutes)s min)") % {"title": self.title, "minutes": self.minutes}


def parts_of(showtime: Showtime) -> tuple[PartFacts, ...]:
    """None for a showtime of its movie alone. One query for a program that was not read yet."""
    return tuple(
        PartFacts(
            title=item.shown_title,
            minutes=item.minutes,
            version=item.version.in_words if item.movie is not None else "",
            url=item.movie.get_absolute_url() if item.movie is not None else "",
        )
        for item in showtime.program
    )


def version_text(showtime: Showtime) -> str:
    """The version; of a program each that its movies are shown in, once."""
    shown = [item.version.in_words for item in showtime.program if item.movie_id is not None]
    return " / ".join(dict.fromkeys(shown or [showtime.version.in_words]))


def program_line(showtime: Showtime) -> str:
    """Alien (117 min), Talk with the director (30 min); "" without a program."""
    return side_by_side(part.text for part in parts_of(showtime))


def beside_movie(showtime: Showtime) -> str:
    """What stands at a showtime in a list under its movie: its note, the program's title, or the texts of the program."""
    texts = (item.shown_title for item in showtime.program if item.movie_id is None)
    return showtime.shown_note or (showtime.program_title and showtime.shown_title) or side_by_side(texts)
