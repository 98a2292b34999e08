"""Which theaters show a movie. All of them rely on it, so changing it needs rights at every one."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Q

from theaters.models import Movie, Showtime
from theaters.states import ShowtimeStatus

WHO_CAN = "someone with rights at every theater that shows it can change it."


def theater_ids_using(movie: Movie) -> frozenset[int]:
    """The theaters that plan, show or have shown the movie. One query for each movie object."""
    if "theater_ids_using" not in movie.__dict__:
        showtimes = Showtime.objects.filter(movie=movie).order_by()
        movie.__dict__["theater_ids_using"] = frozenset(showtimes.values_list("auditorium__theater_id", flat=True))
    used: frozenset[int] = movie.__dict__["theater_ids_using"]
    return used


def refusals_to_change(
    *, movie_ids: Iterable[int], theater_ids: frozenset[int] | None, country: str = ""
) -> dict[int, str]:
    """By movie, why a person with rights at these theaters alone (None: at all) cannot change it. One query.

    With a country, only theaters in it count. A theater that has only drafts of the movie is not named: drafts are its secret.
    """
    if theater_ids is None:
        return {}
    elsewhere = Showtime.objects.filter(movie__in=list(movie_ids)).exclude(auditorium__theater__in=theater_ids)
    if country:
        elsewhere = elsewhere.filter(auditorium__theater__country=country)
    places = elsewhere.order_by("auditorium__theater__name").values_list("movie", "auditorium__theater__name")
    named: dict[int, list[str]] = defaultdict(list)
    for movie_id, name, public in places.annotate(public=Count("pk", filter=~Q(status=ShowtimeStatus.DRAFT))):
        named[movie_id] += [name] if public else []
    return {movie_id: _sentence(names) for movie_id, names in named.items()}


def refusal_to_change(*, movie: Movie, theater_ids: frozenset[int] | None, country: str = "") -> str:
    """The same for one movie; "" when nothing is against it."""
    return refusals_to_change(movie_ids=[movie.pk], theater_ids=theater_ids, country=country).get(movie.pk, "")


def _sentence(names: list[str]) -> str:
    if not names:
        return f"Another theater plans to show this movie; {WHO_CAN}"
    *others, last = names
    who = f"{', '.join(others)} and {last}" if others else last
    return f"{who} {'show' if others else 'shows'} this movie too; {WHO_CAN}"
