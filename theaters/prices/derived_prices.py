"""The cells of a price list: the prices that staff typed, and those that are derived from the price of another type."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from core.money import in_coins
from theaters.models import Price, PriceList, TicketType

Cell = tuple[int, str]
type Cells = dict[Cell, tuple[TicketType, Decimal]]


def cells_of(price_list: PriceList) -> Cells:
    """Prices by ticket type and category. A typed price wins over a derived one; archived types are left out."""
    prices = list(Price.objects.filter(price_list=price_list).select_related("ticket_type"))
    derived = TicketType.objects.in_use().filter(theater=price_list.theater_id, derived_from__isnull=False)
    typed = {(price.ticket_type_id, price.category): price.amount for price in prices}
    types = {kind.pk: kind for kind in (*derived, *(price.ticket_type for price in prices))}
    return all_cells(typed, types.values(), currency=price_list.theater.currency)


def all_cells(typed: Mapping[Cell, Decimal], types: Iterable[TicketType], *, currency: str) -> Cells:
    """The typed amounts with the derived ones, for types in use on the seats where they are sold."""
    amounts: Cells = {}
    categories = sorted({category for _, category in typed})
    for kind in types:
        for category in categories:
            if kind.archived_at is not None or not kind.is_sold_on(category):
                continue
            base = typed.get((kind.derived_from_id, category)) if kind.derived_from_id else None
            amount = typed.get((kind.pk, category))
            if amount is None and base is not None:
                amount = derived_price(kind, base, currency)
            if amount is not None:
                amounts[kind.pk, category] = kind, amount
    return amounts


def derived_price(kind: TicketType, base: Decimal, currency: str) -> Decimal:
    """Half up to a multiple of `round_to`, then to the smallest coin of the currency; never below nothing."""
    percent = Decimal(100) if kind.derived_percent is None else kind.derived_percent
    amount = base * percent / 100 + (kind.derived_amount or Decimal(0))
    if kind.round_to:
        amount = (amount / kind.round_to).quantize(Decimal(1), rounding=ROUND_HALF_UP) * kind.round_to
    return max(in_coins(amount, currency), Decimal(0))
