"""Whether a price list has all prices for a seating plan, whether prices after price rules can be paid, and whether
accessible seats cost more than others.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext

from core.money import format_money, smallest_charge
from theaters.models import PinnedPrice, PriceList, PriceVersion, SeatingPlan, TicketType
from theaters.plans.category_names import categories_of
from theaters.prices.derived_prices import Cell, all_cells
from theaters.prices.prices import PriceTable, list_prices
from theaters.seat_categories import CategoryFacts, behavior_of, is_for_some
from theaters.states import SeatBehavior


def missing_prices(*, price_list: PriceList, plan: SeatingPlan) -> str:
    """The sentence for the manager; '' when everything on sale has a price.

    A ticket type is on sale with a list that has any price for it; then it needs one for each category of the plan
    that it is sold on. A category that no type has a price for is named as a whole.
    """
    prices = list_prices(price_list.pk)
    used = set(plan.seats.order_by().values_list("category", flat=True).distinct())
    there = categories_of(price_list.theater_id).in_order(used)
    missing = [words for category in there for words in _missing(prices, category)]
    return f"The price list {price_list} has no price for: {', '.join(missing)}." if missing else ""


def _missing(prices: PriceTable, category: CategoryFacts) -> list[str]:
    offered = prices.types_for(category.code)
    if all(kind.is_empty_place for kind in offered):
        return [category.name]
    return [
        f"{kind.name} on {category.name}"
        for kind in prices.types
        if kind.is_sold_on(category.code) and kind not in offered
    ]


def dear_accessible_prices(cells: Mapping[Cell, tuple[TicketType, Decimal]]) -> dict[Cell, Decimal]:
    """The cells of wheelchair spaces and companion seats that cost more than the same ticket type on the plainest seat,
    each with the price there.

    A price rule never makes a difference: it changes a ticket type's prices alike on all categories.
    """
    plainest: dict[int, Decimal] = {}
    for (type_id, category), (_, amount) in cells.items():
        if behavior_of(category) == SeatBehavior.ORDINARY:
            plainest[type_id] = min(amount, plainest.get(type_id, amount))
    return {
        (type_id, category): plainest[type_id]
        for (type_id, category), (_, amount) in cells.items()
        if is_for_some(category) and amount > plainest.get(type_id, amount)
    }


def newly_dear_prices(
    price_list: PriceList, before: TicketType, after: TicketType, *, currency: str
) -> Iterator[tuple[Cell, Decimal, Decimal]]:
    """The cells of a list that dear_accessible_prices would find after a change of the ticket type and not before, each
    with its price and that of the plainest seat.
    """
    typed = {(price.ticket_type_id, price.category): price.amount for price in price_list.prices.all()}
    known = dear_accessible_prices(all_cells(typed, [before], currency=currency))
    cells = all_cells(typed, [after], currency=currency)
    for cell, most in dear_accessible_prices(cells).items():
        if cell not in known:
            yield cell, cells[cell][1], most


def unpayable_prices(version: PriceVersion) -> str:
    """The sentence about the first price that no card can pay because of a price rule; '' when there is none."""
    if not version.price_rules:
        return ""
    currency = version.price_list.theater.currency
    least = smallest_charge(currency)
    family = Q(version=version) | Q(version__standard=version)
    made = PinnedPrice.objects.filter(family, list_amount__isnull=False, amount__gt=0, amount__lt=least)
    price = made.select_related("ticket_type").order_by("amount", "pk").first()
    if price is None:
        return ""
    return gettext(
        "With the price rules, %(price)s would cost %(amount)s. No card can pay less than %(least)s: change a rule, "
        "or make the ticket free."
    ) % {
        "price": _cell_text(price),
        "amount": format_money(price.amount, currency),
        "least": format_money(least, currency),
    }


def _cell_text(price: PinnedPrice) -> str:
    kind = price.ticket_type
    return f"{kind} on {categories_of(kind.theater_id).name(price.category)}"
