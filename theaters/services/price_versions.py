"""Prices that stay: what is on sale is pinned to a version of its list, and editing the list makes the next one."""

from theaters import locks
from theaters.models import PinnedPrice, PriceList, PriceVersion, Showtime
from theaters.services.derived_prices import cells_of
from theaters.ticket_rules import Rules, rules_of, same_rules


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
    amounts = {cell: amount for cell, (_, amount) in cells_of(price_list).items()}
    return last if pinned == amounts and same_rules(last.rules, _rules(price_list)) else None


def _new_version(price_list: PriceList) -> PriceVersion:
    version = PriceVersion.objects.create(
        price_list=price_list,
        number=price_list.versions.count() + 1,
        tax_rate=price_list.theater.tax_rate,
        booking_fee=price_list.theater.booking_fee,
        rules=_rules(price_list),
    )
    PinnedPrice.objects.bulk_create(
        PinnedPrice(version=version, ticket_type=kind, category=category, amount=amount)
        for (_, category), (kind, amount) in cells_of(price_list).items()
    )
    return version


def _rules(price_list: PriceList) -> Rules:
    return rules_of(kind for kind, _ in cells_of(price_list).values())
