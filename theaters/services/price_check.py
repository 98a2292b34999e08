"""Whether a price list can sell a seating plan."""

from theaters.models import PriceList, SeatingPlan
from theaters.services.prices import price_table
from theaters.states import SeatCategory


def missing_prices(*, price_list: PriceList, plan: SeatingPlan) -> str:
    """The sentence for the manager; '' when every seat has a price."""
    prices = price_table(price_list.pk)
    used = plan.seats.order_by().values_list("category", flat=True).distinct()
    missing = [SeatCategory(category).label for category in sorted(used) if not prices.types_for(category)]
    return f"The price list {price_list} has no price for: {', '.join(missing)}." if missing else ""
