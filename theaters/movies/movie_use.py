"""Which theaters show a movie. Changing it needs rights at every one of them."""

from collections import defaultdict
from collections.abc import Iterable

from houses.models import Theater
from theaters.models import Movie, ProgramItem, Showtime
from theaters.states import ShowtimeStatus

WHO_CAN = "someone with rights at every theater that shows it can change it."


def theater_ids_using(movie: Movie) -> frozenset[int]:
    """The theaters that plan, show or have shown the movie. Read once for each movie object."""
    if "theater_ids_using" not in movie.__dict__:
        showtimes = Showtime.objects.showing(movie).order_by()
        movie.__dict__["theater_ids_using"] = frozenset(showtimes.values_list("auditorium__theater_id", flat=True))
    used: frozenset[int] = movie.__dict__["theater_ids_using"]
    return used


def refusals_to_change(
    *, movie_ids: Iterable[int], theater_ids: frozenset[int] | None, country: str = ""
) -> dict[int, str]:
    """Return, by movie, why a person with rights at these theaters alone (None: at all) cannot change it. Two queries.

    With a country, only theaters in it count. A theater that has only drafts of the movie is not named, because others
    must not learn of drafts.
    """
    if theater_ids is None:
        return {}
    movie_ids = list(movie_ids)
    alone = Showtime.objects.filter(movie__in=movie_ids).values_list("movie", "auditorium__theater", "status")
    parts = ProgramItem.objects.filter(movie__in=movie_ids).values_list(
        "movie", "showtime__auditorium__theater", "showtime__status"
    )
    others = Theater.objects.exclude(pk__in=theater_ids)
    names = dict((others.filter(country=country) if country else others).values_list("pk", "name"))
    public: dict[int, set[str]] = defaultdict(set)
    for movie_id, theater_id, status in alone.order_by().union(parts.order_by()).order_by():
        if theater_id in names:
            public[movie_id] |= {names[theater_id]} - ({names[theater_id]} if status == ShowtimeStatus.DRAFT else set())
    return {movie_id: _sentence(sorted(found)) for movie_id, found in public.items()}


def refusal_to_change(*, movie: Movie, theater_ids: frozenset[int] | None, country: str = "") -> str:
    """Say why this person may not change the movie; '' when they may."""
    return refusals_to_change(movie_ids=[movie.pk], theater_ids=theater_ids, country=country).get(movie.pk, "")


def _sentence(names: list[str]) -> str:
    if not names:
        return f"Another theater plans to show this movie; {WHO_CAN}"
    *others, last = names
    who = f"{', '.join(others)} and {last}" if others else last
    return f"{who} {'show' if others else 'shows'} this movie too; {WHO_CAN}"
