"""What showtimes have that filters and needs ask about, and which of them fit somebody's needs."""

from collections.abc import Iterable

from django.db.models import prefetch_related_objects

from core.clock import in_zone
from houses.business_days import business_day
from houses.models import Theater
from theaters.listings.program_filters import Facets, Filters, facets_of
from theaters.listings.seat_needs import seats_for_needs
from theaters.models import Showtime, read_programs
from theaters.prices.lowest_prices import categories_of_plans


def fitting_showtimes(theater: Theater, shows: Iterable[Showtime], needed: frozenset[str]) -> frozenset[int]:
    """The ids of the theater's showtimes that have all that is needed; none, and no query, where nothing is."""
    found = list(shows)
    if not needed or not found:
        return frozenset()
    prefetch_related_objects(found, "series")
    filters = Filters(needed=needed)
    return frozenset(show.pk for show, facets in with_facets(theater, found, filters) if filters.meets_needs(facets))


def with_facets(theater: Theater, shows: Iterable[Showtime], filters: Filters) -> list[tuple[Showtime, Facets]]:
    """The showtimes with what filters ask about them, and what their seats have of the needs."""
    found = list(shows)
    read_programs(found)
    categories = categories_of_plans({show.plan_id for show in found})
    seats = seats_for_needs(found, filters.needed)
    return [
        (show, {**_facets(theater, show, categories[show.plan_id]), "seats": seats.get(show.plan_id, frozenset())})
        for show in found
    ]


def _facets(theater: Theater, show: Showtime, categories: Iterable[str]) -> Facets:
    parts = [(item.version, item.movie.languages) for item in show.program if item.movie is not None]
    return facets_of(
        starts_at=in_zone(show.starts_at, theater.zone),
        on=business_day(theater, show.starts_at),
        shown=parts or [(show.version, show.movie.languages)],
        categories=categories,
        series=show.series.slug if show.series else "",
        is_bookable=show.seats_taken < show.seats_total,
        is_relaxed=show.series is not None and show.series.is_relaxed,
        theater_features=theater.access_features,
    )
