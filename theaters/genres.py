"""Genres of movies in the reader's language. Staff write what they like; these are the usual ones, in English."""

from functools import cache

from core.texts.languages import SOURCE, speaking
from core.texts.lazy_text import pgettext_lazy

_USUAL = (
    pgettext_lazy("genre", "Action"), pgettext_lazy("genre", "Adventure"), pgettext_lazy("genre", "Animation"),
    pgettext_lazy("genre", "Biography"), pgettext_lazy("genre", "Comedy"), pgettext_lazy("genre", "Crime"),
    pgettext_lazy("genre", "Documentary"), pgettext_lazy("genre", "Drama"), pgettext_lazy("genre", "Experimental"),
    pgettext_lazy("genre", "Family"), pgettext_lazy("genre", "Fantasy"), pgettext_lazy("genre", "Film noir"),
    pgettext_lazy("genre", "History"), pgettext_lazy("genre", "Horror"), pgettext_lazy("genre", "Music"),
    pgettext_lazy("genre", "Musical"), pgettext_lazy("genre", "Mystery"), pgettext_lazy("genre", "Romance"),
    pgettext_lazy("genre", "Science fiction"), pgettext_lazy("genre", "Short film"),
    pgettext_lazy("genre", "Silent film"), pgettext_lazy("genre", "Sport"), pgettext_lazy("genre", "Thriller"),
    pgettext_lazy("genre", "War"), pgettext_lazy("genre", "Western"),
)  # fmt: skip
_ALSO = {"sci-fi": "science fiction", "film-noir": "film noir", "short": "short film", "sports": "sport"}


def genre_in_words(name: str) -> str:
    """Translate a genre: Comedy is Komödie in German. An unknown genre stays as it is."""
    words = " ".join(name.casefold().split())
    return str(_by_name().get(_ALSO.get(words, words), name))


@cache
def _by_name() -> dict[str, str]:
    with speaking(SOURCE):
        names = [str(genre).casefold() for genre in _USUAL]
    return dict(zip(names, _USUAL, strict=True))
