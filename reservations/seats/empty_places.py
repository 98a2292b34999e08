"""The prices of empty places of sofas, as pages show them before one is chosen. Cached, because pinned prices never
change.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext

from core.caches.process_cache import ProcessCache
from core.money import format_money
from reservations.seats.units import UnitMates
from theaters.prices.prices import pinned_prices

_prices: ProcessCache[int, Mapping[str, Decimal]] = ProcessCache(seconds=float("inf"), most=500, has_sentences=False)


def empty_place_prices(version_id: int | None) -> Mapping[str, Decimal]:
    """Prices of places that stay empty, by seat category; {} when the theater sells none."""
    return {} if version_id is None else _prices.get(version_id, lambda: _read_prices(version_id))


def _read_prices(version_id: int) -> Mapping[str, Decimal]:
    table = pinned_prices(version_id)
    amounts = {category: table.empty_place_amount(category) for _, category in table.amounts}
    return {category: amount for category, amount in amounts.items() if amount is not None}


def sofa_note(mates: UnitMates, labels: Iterable[str], version_id: int | None, *, currency: str) -> str:
    """The sentence about what a person alone on a sofa pays for the other place; '' where none of the seats is on a
    sofa.
    """
    if not any(label in mates for label in labels):
        return ""
    if not (prices := empty_place_prices(version_id)):
        return gettext("We sell a sofa whole: there is a ticket for each of its places.")
    return gettext("Alone on a sofa? A place that stays empty costs %(amount)s: choose it in the next step.") % {
        "amount": format_money(min(prices.values()), currency)
    }
