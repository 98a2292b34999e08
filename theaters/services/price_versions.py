"""Prices that stay: what is on sale is pinned to a version of its list, and editing the list makes the next one."""

from decimal import Decimal

from theaters import locks
from theaters.models import PinnedPrice, PriceList, PriceVersion, Showtime

Cell = tuple[int, str]


def pin_prices(showtime: Showtime) -> None:
    """Give a locked showtime the prices of its list as they stand, inside the caller's transaction."""
    showtime.price_version = current_version(showtime.price_list_id)
    showtime.save(update_fields=["price_list", "price_version"])


def current_version(price_list_id: int) -> PriceVersion:
    """The list as it stands, with its theater's tax and fee: the last version, or a new one if anything differs."""
    price_list = locks.price_list_to_change(price_list_id)
    return same_version(price_list) or _new_version(price_list)


def same_version(price_list: PriceList) -> PriceVersion | None:
    """The last version, if the list and its theater still say the same."""
    last = price_list.versions.order_by("number").last()
    theater = price_list.theater
    if last is None or (last.tax_rate, last.booking_fee) != (theater.tax_rate, theater.booking_fee):
        return None
    pinned = {(price.ticket_type_id, price.category): price.amount for price in last.prices.all()}
    return last if pinned == _cells(price_list) else None


def _new_version(price_list: PriceList) -> PriceVersion:
    version = PriceVersion.objects.create(
        price_list=price_list,
        number=price_list.versions.count() + 1,
        tax_rate=price_list.theater.tax_rate,
        booking_fee=price_list.theater.booking_fee,
    )
    PinnedPrice.objects.bulk_create(
        PinnedPrice(version=version, ticket_type_id=type_id, category=category, amount=amount)
        for (type_id, category), amount in _cells(price_list).items()
    )
    return version


def _cells(price_list: PriceList) -> dict[Cell, Decimal]:
    prices = price_list.prices.select_related("ticket_type")
    return {
        (price.ticket_type_id, price.category): price.amount
        for price in prices
        if price.ticket_type.is_sold_on(price.category)
    }
