"""Facts for the pages and mails of favorites."""

from dataclasses import dataclass
from datetime import datetime

from core.house_facts import current_house
from reservations.models import Favorite
from theaters.models import Movie, Series, Showtime
from theaters.selectors import ShowtimeFacts, movie_facts, showtime_facts


@dataclass(frozen=True)
class FavoriteFacts:
    """A favorite as pages show it. `status` is asked, waiting, told or over."""

    title: str
    url: str
    theater_name: str
    status: str
    code: str


def favorite_facts(favorite: Favorite) -> FavoriteFacts:
    title, url = title_and_url(favorite.movie, favorite.series)
    theater = favorite.theater.shown_name if favorite.theater else ""
    return FavoriteFacts(title, url, theater, _status(favorite), favorite.code)


def title_and_url(movie: Movie | None, series: Series | None) -> tuple[str, str]:
    if movie is not None:
        return movie_facts(movie, rating="").title, movie.get_absolute_url()
    assert series is not None
    return series.shown_name, series.get_absolute_url()


def _status(favorite: Favorite) -> str:
    if favorite.told_at is not None:
        return "told"
    if favorite.ended_at is not None:
        return "over"
    return "asked" if favorite.confirmed_at is None else "waiting"


def favorites_of(user_id: int) -> list[FavoriteFacts]:
    """The favorites of a person in this house, newest first."""
    house = current_house()
    mine = Favorite.objects.confirmed().filter(user_id=user_id)
    mine = mine if house.is_only or house.id is None else mine.filter(house=house.id)
    return [favorite_facts(favorite) for favorite in mine.select_related("movie", "series", "theater").order_by("-pk")]


def first_on_sale(favorite: Favorite, *, now: datetime) -> ShowtimeFacts | None:
    """The next showtime that can be bought; None when it is no longer on sale."""
    shows = Showtime.objects.listed().filter(auditorium__theater__house=favorite.house_id, sales_close_at__gt=now)
    if favorite.theater_id is not None:
        shows = shows.filter(auditorium__theater=favorite.theater_id)
    shows = shows.showing(favorite.movie) if favorite.movie else shows.filter(series=favorite.series)
    first = shows.exclude(pk__in=favorite.on_sale_before).with_names().order_by("starts_at", "pk").first()
    return showtime_facts(first, now=now) if first else None
