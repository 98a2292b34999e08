"""The prices of a list, set as one table: what is in it is sold, what is missing is not."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from theaters import locks
from theaters.models import Price, PriceList, Seat, Showtime
from theaters.states import SeatCategory

Cell = tuple[int, str]


class PricesRefused(Exception):
    """The sentence says to the manager what stands in the way."""


def set_prices(*, price_list: PriceList, amounts: Mapping[Cell, Decimal], now: datetime) -> None:
    """`amounts` by ticket type and category. Raises PricesRefused when seats on sale would be left without a price."""
    with transaction.atomic():
        locks.price_list_to_change(price_list.pk)
        require_prices_for_sale(price_list=price_list, categories={category for _, category in amounts}, now=now)
        known = {(price.ticket_type_id, price.category): price for price in price_list.prices.all()}
        gone = [price.pk for cell, price in known.items() if cell not in amounts]
        price_list.prices.filter(pk__in=gone).delete()
        Price.objects.bulk_create(
            [
                Price(price_list=price_list, ticket_type_id=type_id, category=category, amount=amount)
                for (type_id, category), amount in amounts.items()
                if (type_id, category) not in known or known[type_id, category].amount != amount
            ],
            update_conflicts=True,
            unique_fields=["price_list", "ticket_type", "category"],
            update_fields=["amount"],
        )


def require_prices_for_sale(*, price_list: PriceList, categories: set[str], now: datetime) -> None:
    """Raises PricesRefused naming the categories that showtimes on sale need and the table does not have."""
    on_sale = Showtime.objects.published().filter(price_list=price_list, sales_close_at__gt=now)
    needed = (
        Seat.objects.filter(plan__in=on_sale.values("plan")).order_by().values_list("category", flat=True).distinct()
    )
    missing = [SeatCategory(category).label for category in sorted(set(needed) - categories)]
    if missing:
        raise PricesRefused(f"Showtimes on sale with this list have seats without a price then: {', '.join(missing)}.")
