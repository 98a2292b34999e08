"""Movies, people, series and programs by what somebody types: the beginning of words first, then words that are much alike."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Left
from django.utils.http import urlencode

from core.clock import in_zone
from houses.business_days import business_day
from theaters.listings.search_series import FoundProgram, FoundSeries, found_programs, found_series
from theaters.models import Movie, ProgramItem, Showtime
from theaters.models.movies import LETTERS_OF_BEGIN
from theaters.search_words import query_words, search_words
from theaters.selectors import MovieFacts, movie_facts, night_note

MOST_MOVIES = 24
MOST_PEOPLE = 6
# The share of a misspelled word's groups of three letters that a word must have.
LIKENESS = 0.5
# The same as pg_trgm counts it, where a wrong letter in the middle of a short word costs more: "keeton" has 0.4 of Keaton.
LIKENESS_OF_DATABASE = 0.38
# Words that short are looked for at the beginning of words alone.
SHORT_WORD = 3
# Up to this many letters, a word with two letters changed about, one too many, missing or wrong has hardly a group of three
# letters left: the words that it may stand for are tried.
SHORT_MISSPELLED = 6
# How much alike such a word is: more when all its letters are there.
SLIPPED, SWAPPED = 0.6, 0.8


@dataclass(frozen=True)
class NextShowtime:
    """The next showtime of a movie; the moment is in the theater's zone."""

    starts_at: datetime
    night: str
    theater_name: str


@dataclass(frozen=True)
class FoundMovie:
    movie: MovieFacts
    next_showtime: NextShowtime | None


@dataclass(frozen=True)
class FoundPerson:
    name: str
    url: str


@dataclass(frozen=True)
class SearchPage:
    query: str
    is_asked: bool
    movies: list[FoundMovie]
    people: list[FoundPerson]
    series: list[FoundSeries]
    programs: list[FoundProgram]
    has_more: bool

    @property
    def count(self) -> int:
        return len(self.people) + len(self.series) + len(self.programs) + len(self.movies)

    @property
    def has_events(self) -> bool:
        return any(found.movie.is_event for found in self.movies)


def search(query: str, *, base_url: str, now: datetime) -> SearchPage:
    """Search, if there is a letter or digit. Five statements, and up to eight more for misspelled words."""
    words = query_words(query)
    begun = _begun(words) if words else []
    movies = begun or (_misspelled(words) if words else [])
    fits = partial(_fits, words=words, misspelled=not begun)
    shown = movies[:MOST_MOVIES]
    nexts = _next_showtimes(shown, now=now)
    found = [FoundMovie(movie_facts(movie, rating=""), nexts.get(movie.pk)) for movie in shown]
    # Of misspelled words, what is most alike stands first.
    places = {} if begun else {movie.slug: -_likeness(movie.search_text.split(), words) for movie in shown}
    return SearchPage(
        query=query.strip(),
        is_asked=bool(words),
        # Of equally good matches, movies that can be booked come first.
        movies=sorted(
            found,
            key=lambda hit: (
                _rank(hit.movie, words),
                places.get(hit.movie.slug, 0),
                hit.next_showtime is None,
                hit.movie.title,
            ),
        ),
        people=[
            FoundPerson(name, f"{base_url}?{urlencode({'q': name})}")
            for name in _people(shown, words, misspelled=not begun)
        ],
        series=found_series(fits) if words else [],
        programs=found_programs(fits, now=now) if words else [],
        has_more=len(movies) > MOST_MOVIES,
    )


def title_query(words: list[str]) -> QuerySet[Movie]:
    """Match movies whose title begins with these words."""
    begin = f" {' '.join(words)}"[:LETTERS_OF_BEGIN]
    return _movies().annotate(begin=Left("search_text", LETTERS_OF_BEGIN)).filter(begin__startswith=begin)


def begun_query(words: list[str]) -> QuerySet[Movie]:
    """Match movies with all of these words; short words must begin a word."""
    wanted = Q()
    for word in words:
        wanted &= Q(search_text__contains=word if len(word) > SHORT_WORD else f" {word}")
    return _movies().filter(wanted)


def alike_query(words: list[str]) -> QuerySet[Movie]:
    """Match movies with a word similar to each of these, the most similar first."""
    wanted = Q()
    likeness: Any = Value(0.0)
    for word in words:
        wanted &= Q(search_text__trigram_word_similar=word)
        likeness += TrigramWordSimilarity(word, "search_text")
    return _movies().filter(wanted).order_by(likeness.desc(), "pk")


def slipped_query(words: list[str]) -> QuerySet[Movie]:
    """Match movies with a word for each of these that is it but for one slip of the finger; long words may be much alike."""
    wanted = Q()
    for word in words:
        if len(word) > SHORT_MISSPELLED:
            wanted &= Q(search_text__trigram_word_similar=word)
        else:
            wanted &= Q(search_text__regex=f" ({'|'.join(_meant(word))})( |$)") | Q(search_text__contains=f" {word}")
    return _movies().filter(wanted)


def _movies() -> QuerySet[Movie]:
    # Unsorted, so that the database stops when it has enough, instead of sorting thousands for one letter.
    return Movie.objects.in_use().order_by()


def _begun(words: list[str]) -> list[Movie]:
    most = MOST_MOVIES + 1
    titles = list(title_query(words)[:most])
    if len(titles) == most:
        return titles
    others = begun_query(words).exclude(pk__in=[movie.pk for movie in titles])
    return titles + list(others[: most - len(titles)])


def _misspelled(words: list[str]) -> list[Movie]:
    """Movies with words that are much alike, or the same but for one slip; the most similar first."""
    found = {movie.pk: movie for movie in _most_alike(alike_query(words), words)}
    if any(SHORT_WORD <= len(word) <= SHORT_MISSPELLED for word in words):
        found |= {movie.pk: movie for movie in _most_alike(slipped_query(words), words)}
    return sorted(found.values(), key=lambda movie: -_likeness(movie.search_text.split(), words))[: MOST_MOVIES + 1]


def _most_alike(query: QuerySet[Movie], words: list[str]) -> list[Movie]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL pg_trgm.word_similarity_threshold = {LIKENESS_OF_DATABASE}")
        movies = list(query[: 2 * MOST_MOVIES])
    return [movie for movie in movies if _likeness(movie.search_text.split(), words) >= LIKENESS]


@lru_cache(maxsize=1_000)
def _meant(word: str) -> tuple[str, ...]:
    """Patterns of the words that a short one may stand for: first those with two letters changed about, then those with one
    too many, missing or wrong. The first letter is believed but where two are changed about.
    """
    if not SHORT_WORD <= len(word) <= SHORT_MISSPELLED:
        return (word,)
    places = range(1, len(word))
    swapped = [word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] for at in places]
    without = [word[:at] + word[at + 1 :] for at in places] if len(word) > SHORT_WORD else []
    others = [word[:at] + "." + rest for at in places for rest in (word[at:], word[at + 1 :])]
    return (*swapped, *without, *others, f"{word}.")


@lru_cache(maxsize=1_000)
def _slips(word: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What a short word may stand for with all its letters, and at all."""
    meant = _meant(word)
    return re.compile("|".join(meant[: len(word) - 1])), re.compile("|".join(meant))


def _likeness(known: list[str], words: list[str]) -> float:
    """Return how similar the least similar of these words is to a known word; 1 means equal."""
    return min(max((_likeness_of_two(word, name) for name in known), default=0) for word in words)


def _likeness_of_two(word: str, name: str) -> float:
    groups = len(_groups(word) & _groups(name)) / len(_groups(word))
    if not SHORT_WORD <= len(word) <= SHORT_MISSPELLED:
        return groups
    swapped, slipped = _slips(word)
    return max(groups, SWAPPED if swapped.fullmatch(name) else SLIPPED if slipped.fullmatch(name) else 0)


@lru_cache(maxsize=20_000)
def _groups(word: str) -> frozenset[str]:
    """Split a word into groups of three letters, as pg_trgm does."""
    padded = f"  {word} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def _rank(movie: MovieFacts, words: list[str]) -> int:
    title = search_words(movie.title)
    if title[: len(words)] == words:
        return 0
    return 1 if all(any(part.startswith(word) for part in title) for word in words) else 2


def _people(movies: Iterable[Movie], words: list[str], *, misspelled: bool) -> list[str]:
    """Directors and actors with a word that begins like each of these; of misspelled ones, with one much like it."""
    names = dict.fromkeys(name for movie in movies for name in (movie.director, *movie.cast) if name)
    return [name for name in names if _fits(search_words(name), words, misspelled=misspelled)][:MOST_PEOPLE]


def _fits(name: list[str], words: list[str], *, misspelled: bool) -> bool:
    if misspelled:
        return _likeness(name, words) >= LIKENESS
    return all(any(part.startswith(word) for part in name) for word in words)


def _next_showtimes(movies: list[Movie], *, now: datetime) -> dict[int, NextShowtime]:
    showtimes = (
        Showtime.objects.listed()
        .filter(movie__in=movies, sales_close_at__gt=now)
        .select_related("auditorium__theater")
        .order_by("movie_id", "starts_at", "pk")
        .distinct("movie_id")
    )
    first = {showtime.movie_id: showtime for showtime in showtimes}
    parts = (
        ProgramItem.objects.filter(movie__in=movies, showtime__in=Showtime.objects.listed())
        .filter(showtime__sales_close_at__gt=now)
        .select_related("showtime__auditorium__theater")
        .order_by("movie_id", "showtime__starts_at", "showtime_id")
        .distinct("movie_id")
    )
    for part in parts:
        assert part.movie_id is not None
        earlier = first.get(part.movie_id)
        if earlier is None or part.showtime.starts_at < earlier.starts_at:
            first[part.movie_id] = part.showtime
    found = {}
    for movie_id, showtime in first.items():
        theater = showtime.auditorium.theater
        starts_at = in_zone(showtime.starts_at, theater.zone)
        night = night_note(starts_at, business_day(theater, showtime.starts_at))
        found[movie_id] = NextShowtime(starts_at, night, theater.shown_name)
    return found
