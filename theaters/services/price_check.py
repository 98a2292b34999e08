"""Whether a price list can sell a seating plan."""

from theaters.models import PriceList, SeatingPlan
from theaters.services.prices import PriceTable, list_prices
from theaters.states import SeatCategory


def missing_prices(*, price_list: PriceList, plan: SeatingPlan) -> str:
    """The sentence for the manager; '' when everything on sale has a price.

    A ticket type is on sale with a list that has any price for it; then it needs one for each category of the plan
    that it is sold on. A category that no type has a price for is named as a whole.
    """
    prices = list_prices(price_list.pk)
    used = set(plan.seats.order_by().values_list("category", flat=True).distinct())
    missing = [words for category in SeatCategory if category in used for words in _missing(prices, category)]
    return f"The price list {price_list} has no price for: {', '.join(missing)}." if missing else ""


def _missing(prices: PriceTable, category: SeatCategory) -> list[str]:
    offered = prices.types_for(category)
    if not offered:
        return [str(category.label)]
    return [
        f"{kind.name} on {category.label}" for kind in prices.types if kind.is_sold_on(category) and kind not in offered
    ]
