"""The age rating of a movie in a country."""

from django.utils.translation import gettext

from core.refusals import BadChoice
from theaters.age_limits import Limits, RatingRow, is_unclear, limits_to_store
from theaters.countries import country_name
from theaters.models import MovieRating


def why_unclear(rating: RatingRow) -> str:
    """Ask for the ages of a label that nobody knows; '' where label or ages say who may come."""
    if not is_unclear(rating):
        return ""
    return gettext(
        "“%(label)s” is no label that we know of %(country)s. Please say from which age people may come, or below which age "
        "they need a grown-up; 0 says that everybody may come."
    ) % {"label": rating.label, "country": country_name(rating.country)}


def rate(*, movie_id: int, country: str, label: str, ages: Limits | None = None) -> None:
    """Set the movie's rating in a country; '' removes it.

    Without `ages` those that were typed for this label stay; another label gets its usual ones. Raises BadChoice for an
    unknown label without ages.
    """
    held = MovieRating.objects.filter(movie=movie_id, country=country)
    if not label:
        held.delete()
        return
    if ages is None:
        ages = held.filter(label=label).values_list("min_age", "accompanied_below").first() or (None, None)
    rating = RatingRow(country, label, *ages)
    if sentence := why_unclear(rating):
        raise BadChoice("min_age", sentence)
    min_age, accompanied_below = limits_to_store(rating)
    stored = {"label": label, "min_age": min_age, "accompanied_below": accompanied_below}
    MovieRating.objects.update_or_create(movie_id=movie_id, country=country, defaults=stored)
