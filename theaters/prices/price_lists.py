"""Sets the prices of a list as one table: a missing price means that it is not sold."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from theaters import locks
from theaters.models import Price, PriceList

Cell = tuple[int, str]


def set_prices(*, price_list: PriceList, amounts: Mapping[Cell, Decimal]) -> None:
    """Set `amounts` by ticket type and category. Showtimes on sale keep their price version."""
    with transaction.atomic():
        locks.price_list_to_change(price_list.pk)
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
