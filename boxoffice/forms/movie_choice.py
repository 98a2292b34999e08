"""A form field to choose a movie, or one version of a movie that has several."""

from typing import Any, NamedTuple

from django import forms

from core.texts.lazy_text import gettext_lazy as _
from theaters.models import Movie, ProgramItem, Showtime
from theaters.versions import Version

NONE = ("", _("Choose …"))


NO_MOVIE = ("", _("No movie"))


class MovieChoice(NamedTuple):
    movie: Movie
    version: Version


class MovieChoiceField(forms.ChoiceField):
    """Choose a movie and its version in one list, where a movie with several versions is a group; no script is needed.

    The choices are read when `offer` is called, once for a page.
    """

    default_error_messages = {"invalid_choice": "This version is not offered any more. Choose again."}

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.known: dict[str, MovieChoice] = {}

    @staticmethod
    def key(movie: Movie, version: Version) -> str:
        return f"{movie.pk}:{version.text}"

    def offer(self, *, also: Showtime | ProgramItem | None = None, movies: list[Movie] | None = None) -> None:
        """Offer all movies in use, or these; `also` adds the choice that a showtime or a part has now."""
        choices: list[tuple[str, Any]] = [NONE if self.required else NO_MOVIE]
        self.known = {}
        offered = offered_movies() if movies is None else movies
        if also is not None and also.movie is not None and also.movie not in offered:
            offered = [also.movie, *offered]
        for movie in offered:
            versions = movie.offered()
            if also is not None and also.movie_id == movie.pk and also.version not in versions:
                versions.append(also.version)
            pairs = [(self.key(movie, version), MovieChoice(movie, version)) for version in versions]
            self.known |= dict(pairs)
            if len(pairs) == 1:
                choices.append((pairs[0][0], str(movie)))
            else:
                choices.append((str(movie), [(key, f"{movie.title}, {one.version}") for key, one in pairs]))
        self.choices = choices

    def to_python(self, value: Any) -> Any:
        """Read a choice; a bare number is a movie with one version, as in links and older pages."""
        text = super().to_python(value)
        alone = [key for key in self.known if key.partition(":")[0] == text]
        return alone[0] if len(alone) == 1 else text

    def clean(self, value: Any) -> Any:
        key = super().clean(value)
        return self.known[key] if key else None


def offered_movies() -> list[Movie]:
    """The movies in use, to share between several fields of a page. Two queries."""
    return list(Movie.objects.in_use().prefetch_related("versions"))
