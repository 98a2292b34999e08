"""The age rating of a movie in a country."""

from theaters.age_limits import limits_of
from theaters.models import MovieRating


def rate(*, movie_id: int, country: str, label: str) -> None:
    """Set the movie's rating in a country, with the label's usual ages; '' removes it."""
    if not label:
        MovieRating.objects.filter(movie=movie_id, country=country).delete()
        return
    min_age, accompanied_below = limits_of(country, label)
    ages = {"label": label, "min_age": min_age, "accompanied_below": accompanied_below}
    MovieRating.objects.update_or_create(movie_id=movie_id, country=country, defaults=ages)
