"""What a ticket costs: one function for the map, the hold and the checkout."""

from dataclasses import dataclass
from decimal import Decimal

from theaters.models import Price, TicketType


@dataclass(frozen=True)
class PriceTable:
    """The ticket types on sale and their prices by seat category; all fees and taxes included."""

    types: tuple[TicketType, ...]
    amounts: dict[tuple[str, str], Decimal]

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


def price_table(price_list_id: int) -> PriceTable:
    """One query."""
    prices = Price.objects.filter(price_list_id=price_list_id).select_related("ticket_type")
    kinds = {price.ticket_type.code: price.ticket_type for price in prices}
    return PriceTable(
        types=tuple(sorted(kinds.values(), key=lambda kind: (kind.position, kind.code))),
        amounts={(price.ticket_type.code, price.category): price.amount for price in prices},
    )
