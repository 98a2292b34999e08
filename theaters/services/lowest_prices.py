"""The lowest price of a showtime, as lists of showtimes say it: "from £11". From memory: pinned prices never change."""

from collections.abc import Iterable
from decimal import Decimal

from core.process_cache import ProcessCache
from theaters.models import Seat, Showtime
from theaters.services.prices import tables_of
from theaters.states import SeatCategory

# Seats for some people alone, whose price is no "from".
FOR_SOME_PEOPLE = (SeatCategory.WHEELCHAIR, SeatCategory.COMPANION)

_prices: ProcessCache[int, dict[str, Decimal]] = ProcessCache(seconds=float("inf"), most=2000, has_sentences=False)
_categories: ProcessCache[int, frozenset[str]] = ProcessCache(seconds=float("inf"), most=500, has_sentences=False)


def lowest_prices(showtimes: Iterable[Showtime]) -> dict[int, Decimal]:
    """By the showtime's id: the usual ticket type on the cheapest ordinary seats that its plan has. No price: left out.

    At most two queries, and none for showtimes whose prices and plans were asked for before.
    """
    shows = [showtime for showtime in showtimes if showtime.price_version_id is not None]
    prices = _prices_of({showtime.price_version_id for showtime in shows if showtime.price_version_id})
    categories = categories_of_plans({showtime.plan_id for showtime in shows})
    found = {}
    for showtime in shows:
        by_category = prices[showtime.price_version_id or 0]
        sold = [by_category[name] for name in categories[showtime.plan_id] if name in by_category]
        ordinary = [
            by_category[name] for name in categories[showtime.plan_id] - set(FOR_SOME_PEOPLE) if name in by_category
        ]
        if sold:
            found[showtime.pk] = min(ordinary or sold)
    return found


def categories_of_plans(plan_ids: set[int]) -> dict[int, frozenset[str]]:
    """The seat categories of published plans. One query for those that were not asked for before."""
    return _categories.get_all(plan_ids, _read_categories)


def _prices_of(version_ids: set[int]) -> dict[int, dict[str, Decimal]]:
    return _prices.get_all(version_ids, _read_prices)


def _read_prices(version_ids: set[int]) -> dict[int, dict[str, Decimal]]:
    """The prices of the type that a seat starts with, or of the first type sold on such seats."""
    tables = tables_of(version_ids)
    found: dict[int, dict[str, Decimal]] = {version_id: {} for version_id in version_ids}
    for version_id, table in tables.items():
        for _, category in table.amounts:
            found[version_id][category] = table.amount(table.default_type(category).code, category)
    return found


def _read_categories(plan_ids: set[int]) -> dict[int, frozenset[str]]:
    pairs = Seat.objects.filter(plan_id__in=plan_ids).order_by().values_list("plan_id", "category").distinct()
    found: dict[int, set[str]] = {plan_id: set() for plan_id in plan_ids}
    for plan_id, category in pairs:
        found[plan_id].add(category)
    return {plan_id: frozenset(names) for plan_id, names in found.items()}
