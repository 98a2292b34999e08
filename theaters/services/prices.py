"""What a ticket costs: one function for the map, the hold and the checkout."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.money import rounded
from theaters.models import PinnedPrice, PriceList, PriceVersion, TicketType
from theaters.services.derived_prices import cells_of
from theaters.ticket_rules import with_pinned_rules


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
        """For all the people that the type counts as. Raises KeyError when it is not sold on such seats."""
        return self.amounts[code, category]

    def ticket_price(self, kind: TicketType, category: str, *, nth: int, currency: str) -> Decimal:
        """Of the nth ticket of this type in a booking, from 0. The shares of a family ticket add up to its price.

        Raises KeyError when the type is not sold on such seats.
        """
        amount, place = self.amount(kind.code, category), nth % kind.people
        until_here = rounded(amount * (place + 1) / kind.people, currency)
        return until_here - rounded(amount * place / kind.people, currency)

    def default_type(self, category: str) -> TicketType:
        """Where the usual type is not sold, the first that anybody may have. Raises LookupError when nothing is sold there."""
        offered = self.types_for(category)
        usual = (kind for kind in offered if kind.is_default)
        simple = (kind for kind in offered if kind.people == 1 and not kind.needs_code and not kind.channel)
        return next(usual, None) or next(simple, None) or offered[0]

    def shown_amount(self, category: str) -> Decimal | None:
        """The price on the map: that of the default ticket type."""
        offered = self.types_for(category)
        return self.amount(self.default_type(category).code, category) if offered else None

    def type_as_pinned(self, kind: TicketType) -> TicketType:
        """With the rules that count at these prices."""
        return next((pinned for pinned in self.types if pinned.pk == kind.pk), kind)


NOTHING_ON_SALE = PriceTable(types=(), amounts={})
Row = tuple[TicketType, str, Decimal]


def pinned_prices(version_id: int | None) -> PriceTable:
    """The prices of a version, which never change: what is sold costs this. One query."""
    return tables_of([] if version_id is None else [version_id]).get(version_id or 0, NOTHING_ON_SALE)


def tables_of(version_ids: Collection[int]) -> dict[int, PriceTable]:
    """By version; one without prices is left out. One query."""
    found: dict[int, tuple[PriceVersion, list[Row]]] = {}
    prices = PinnedPrice.objects.filter(version_id__in=version_ids).select_related("ticket_type", "version")
    for price in prices if version_ids else ():
        _, rows = found.setdefault(price.version_id, (price.version, []))
        rows.append((with_pinned_rules(price.ticket_type, price.version.rules), price.category, price.amount))
    return {
        version_id: _table(rows, tax_rate=version.tax_rate, booking_fee=version.booking_fee)
        for version_id, (version, rows) in found.items()
    }


def list_prices(price_list_id: int) -> PriceTable:
    """The prices of a list as staff have it now."""
    price_list = PriceList.objects.select_related("theater").get(pk=price_list_id)
    rows = [(kind, category, amount) for (_, category), (kind, amount) in cells_of(price_list).items()]
    return _table(rows, tax_rate=price_list.theater.tax_rate, booking_fee=price_list.theater.booking_fee)


def _table(rows: Iterable[Row], *, tax_rate: Decimal, booking_fee: Decimal) -> PriceTable:
    kinds, amounts = {}, {}
    for kind, category, amount in rows:
        kinds[kind.code] = kind
        amounts[kind.code, category] = amount
    return PriceTable(
        types=tuple(sorted(kinds.values(), key=lambda kind: (kind.position, kind.code))),
        amounts=amounts,
        tax_rate=tax_rate,
        booking_fee=booking_fee,
    )
