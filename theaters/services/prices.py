"""What a ticket costs: one function for the map, the hold and the checkout."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from theaters.models import PinnedPrice, Price, TicketType


@dataclass(frozen=True)
class PriceTable:
    """The ticket types on sale and their prices by seat category; all fees and taxes included."""

    types: tuple[TicketType, ...]
    amounts: dict[tuple[str, str], Decimal]
    tax_rate: Decimal = Decimal(0)
    booking_fee: Decimal = Decimal(0)

    def types_for(self, category: str) -> tuple[TicketType, ...]:
        return tuple(kind for kind in self.types if (kind.code, category) in self.amounts)

    def amount(self, code: str, category: str) -> Decimal:
        """Raises KeyError when this type is not sold on such seats."""
        return self.amounts[code, category]

    def default_type(self, category: str) -> TicketType:
        """Raises LookupError when nothing is sold on such seats."""
        offered = self.types_for(category)
        return next((kind for kind in offered if kind.is_default), None) or offered[0]

    def shown_amount(self, category: str) -> Decimal | None:
        """The price on the map: that of the default ticket type."""
        offered = self.types_for(category)
        return self.amount(self.default_type(category).code, category) if offered else None


def pinned_prices(version_id: int | None) -> PriceTable:
    """The prices of a version, which never change: what is sold costs this. One query."""
    prices = list(PinnedPrice.objects.filter(version_id=version_id).select_related("ticket_type", "version"))
    if not prices:
        return PriceTable(types=(), amounts={})
    version = prices[0].version
    return _table(prices, tax_rate=version.tax_rate, booking_fee=version.booking_fee)


def list_prices(price_list_id: int) -> PriceTable:
    """The prices of a list as staff have it now. One query."""
    prices = Price.objects.filter(price_list_id=price_list_id).select_related("ticket_type", "price_list__theater")
    sold = [price for price in prices if price.ticket_type.is_sold_on(price.category)]
    if not sold:
        return PriceTable(types=(), amounts={})
    theater = sold[0].price_list.theater
    return _table(sold, tax_rate=theater.tax_rate, booking_fee=theater.booking_fee)


def _table(prices: Sequence[Price | PinnedPrice], *, tax_rate: Decimal, booking_fee: Decimal) -> PriceTable:
    kinds = {price.ticket_type.code: price.ticket_type for price in prices}
    return PriceTable(
        types=tuple(sorted(kinds.values(), key=lambda kind: (kind.position, kind.code))),
        amounts={(price.ticket_type.code, price.category): price.amount for price in prices},
        tax_rate=tax_rate,
        booking_fee=booking_fee,
    )
