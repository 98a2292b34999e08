"""The lowest price of a showtime, as lists of showtimes say it: "from £11". Cached, because pinned prices never change."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from core.caches.process_cache import ProcessCache
from houses.business_days import business_day
from theaters.early_ends import EarlyEnd
from theaters.models import Seat, Showtime
from theaters.prices.price_making import stages
from theaters.prices.prices import NOTHING_ON_SALE, PriceTable, tables_of
from theaters.seat_categories import is_for_some

# Prices by seat category until each early bird ends, in the order of their ends; the last entry has no end.
ShownPrices = tuple[tuple[EarlyEnd | None, dict[str, Decimal]], ...]

_prices: ProcessCache[tuple[int, date], ShownPrices] = ProcessCache(
    seconds=float("inf"), most=2000, has_sentences=False
)
_categories: ProcessCache[int, frozenset[str]] = ProcessCache(seconds=float("inf"), most=500, has_sentences=False)


def lowest_prices(showtimes: Iterable[Showtime], *, now: datetime) -> dict[int, Decimal]:
    """Lowest prices by showtime id: the usual ticket type on the cheapest ordinary seats; left out without a price.

    At most two queries, and none for showtimes whose prices and plans were asked for before.
    """
    shows = [showtime for showtime in showtimes if showtime.price_version_id is not None]
    keys = {showtime.pk: _key(showtime) for showtime in shows}
    prices = _prices.get_all(set(keys.values()), _read_prices)
    categories = categories_of_plans({showtime.plan_id for showtime in shows})
    found = {}
    for showtime in shows:
        by_category = _now(prices[keys[showtime.pk]], showtime, now)
        sold = [by_category[name] for name in categories[showtime.plan_id] if name in by_category]
        # Categories for wheelchair users and companions do not count as a lowest price.
        ordinary = [
            by_category[name] for name in categories[showtime.plan_id] if name in by_category and not is_for_some(name)
        ]
        if sold:
            found[showtime.pk] = min(ordinary or sold)
    return found


def categories_of_plans(plan_ids: set[int]) -> dict[int, frozenset[str]]:
    """The seat categories of published plans. One query for those that were not asked for before."""
    return _categories.get_all(plan_ids, _read_categories)


def _now(prices: ShownPrices, showtime: Showtime, now: datetime) -> dict[str, Decimal]:
    *early, (_, standard) = prices
    zone = showtime.auditorium.theater.zone
    return next((found for end, found in early if end and now <= end.moment(showtime.starts_at, zone)), standard)


def _key(showtime: Showtime) -> tuple[int, date]:
    """The price version and the business day, as some types are sold on some days only."""
    return showtime.price_version_id or 0, business_day(showtime.auditorium.theater, showtime.starts_at)


def _read_prices(keys: set[tuple[int, date]]) -> dict[tuple[int, date], ShownPrices]:
    tables = tables_of({version_id for version_id, _ in keys})
    return {
        (version_id, on): _shown_prices(tables.get(version_id, NOTHING_ON_SALE).on_day(on)) for version_id, on in keys
    }


def _shown_prices(table: PriceTable) -> ShownPrices:
    return tuple((end, _by_category(table.for_buyers_until(end))) for end in (*stages(table.price_rules), None))


def _by_category(table: PriceTable) -> dict[str, Decimal]:
    """The price shown on the map for each category: that of the type a seat starts with."""
    shown = {category: table.shown_amount(category) for _, category in table.amounts}
    return {category: amount for category, amount in shown.items() if amount is not None}


def _read_categories(plan_ids: set[int]) -> dict[int, frozenset[str]]:
    pairs = Seat.objects.filter(plan_id__in=plan_ids).order_by().values_list("plan_id", "category").distinct()
    found: dict[int, set[str]] = {plan_id: set() for plan_id in plan_ids}
    for plan_id, category in pairs:
        found[plan_id].add(category)
    return {plan_id: frozenset(names) for plan_id, names in found.items()}
