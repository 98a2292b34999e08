"""Prices that stay: showtimes on sale are pinned to a version of their list, and editing the list makes the next
version.

Showtimes of one list with other price rules (3D, Monday) are pinned to versions of their own.
"""

from collections.abc import Sequence

from theaters import locks
from theaters.models import PinnedPrice, PriceList, PriceVersion, Showtime
from theaters.models.prices import NEVER
from theaters.prices.derived_prices import Cells, cells_of
from theaters.prices.pinned_price_rules import PinnedRule, stored
from theaters.prices.price_check import unpayable_prices
from theaters.prices.price_making import Pricing, stages
from theaters.prices.price_rule_choice import rules_for
from theaters.prices.ticket_rules import Rules, rules_of, same_rules
from theaters.schedule.scheduling import SchedulingRefused


def pin_prices(showtime: Showtime) -> None:
    """Give a locked showtime the prices of its list and its rules as they stand, inside the caller's transaction.

    Raises SchedulingRefused when the rules make a price that nobody can pay.
    """
    showtime.price_version = current_version(showtime.price_list_id, rules_for(showtime))
    if sentence := unpayable_prices(showtime.price_version):
        raise SchedulingRefused(sentence)
    showtime.save(update_fields=["price_list", "price_version"])


def current_version(price_list_id: int, price_rules: Sequence[PinnedRule] = ()) -> PriceVersion:
    """The list as it stands, with its theater's tax and fee: the last version, or a new one if anything differs."""
    price_list = locks.price_list_to_change(price_list_id)
    cells = cells_of(price_list)
    return _same_version(price_list, cells, price_rules) or _new_versions(price_list, cells, price_rules)


def same_version(price_list: PriceList, price_rules: Sequence[PinnedRule] = ()) -> PriceVersion | None:
    """The latest version with these price rules, if list and theater have not changed since."""
    return _same_version(price_list, cells_of(price_list), price_rules)


def _same_version(price_list: PriceList, cells: Cells, price_rules: Sequence[PinnedRule]) -> PriceVersion | None:
    alike = price_list.versions.filter(standard=None, price_rules=stored(price_rules))
    last = alike.order_by("number").last()
    theater = price_list.theater
    if last is None or (last.tax_rate, last.booking_fee) != (theater.tax_rate, theater.booking_fee):
        return None
    pinned = {
        (price.ticket_type_id, price.category): price.amount if price.list_amount is None else price.list_amount
        for price in last.prices.all()
    }
    amounts = {cell: amount for cell, (_, amount) in cells.items()}
    return last if pinned == amounts and same_rules(last.rules, _rules(cells)) else None


def _new_versions(price_list: PriceList, cells: Cells, price_rules: Sequence[PinnedRule]) -> PriceVersion:
    standard = _new_version(price_list, cells, price_rules)
    for end in stages(price_rules):
        hours = NEVER if end.at is not None else end.hours
        _new_version(price_list, cells, price_rules, standard=standard, hours_before=hours, ends_at=end.at)
    return standard


def _new_version(
    price_list: PriceList, cells: Cells, price_rules: Sequence[PinnedRule], **early: object
) -> PriceVersion:
    version = PriceVersion.objects.create(
        price_list=price_list,
        number=price_list.versions.count() + 1,
        tax_rate=price_list.theater.tax_rate,
        booking_fee=price_list.theater.booking_fee,
        rules=_rules(cells),
        price_rules=stored(price_rules),
        **early,
    )
    pricing = Pricing(tuple(price_rules), version.early_end, price_list.theater.currency)
    PinnedPrice.objects.bulk_create(
        PinnedPrice(
            version=version,
            ticket_type=kind,
            category=category,
            amount=pricing.price(amount, kind),
            list_amount=amount if price_rules else None,
        )
        for (_, category), (kind, amount) in cells.items()
    )
    return version


def _rules(cells: Cells) -> Rules:
    return rules_of(kind for kind, _ in cells.values())
