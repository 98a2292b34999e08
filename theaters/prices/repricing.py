"""Moves showtimes on sale onto the present prices of their list, once staff have seen which and agreed. Holds and
bookings keep their prices.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from staff.services.audit import record
from theaters import locks
from theaters.models import PriceList, PriceRule, Showtime, ShowtimeQuerySet
from theaters.prices.pinned_price_rules import PinnedRule
from theaters.prices.price_check import missing_prices
from theaters.prices.price_rule_choice import rules_among
from theaters.prices.price_versions import pin_prices, same_version
from theaters.schedule.price_list_choice import NoSingleList, choose_list
from theaters.schedule.scheduling import SchedulingRefused
from theaters.states import ShowtimeStatus


def at_older_prices(price_list: PriceList, *, now: datetime) -> ShowtimeQuerySet:
    """Showtimes on sale whose pinned prices differ from what their list and the price rules give now."""
    on_sale = Showtime.objects.published().with_names().filter(price_list=price_list, sales_close_at__gt=now)
    rules = list(PriceRule.objects.filter(theater=price_list.theater_id))
    current: dict[tuple[PinnedRule, ...], int] = {}
    older = []
    for showtime in on_sale:
        fitting = tuple(rules_among(rules, showtime))
        if fitting not in current:
            current[fitting] = getattr(same_version(price_list, fitting), "pk", 0)
        if showtime.price_version_id != current[fitting]:
            older.append(showtime.pk)
    return on_sale.filter(pk__in=older)


def on_other_lists(price_list: PriceList, *, now: datetime) -> list[Showtime]:
    """Showtimes on sale for which this list would be chosen today, and which keep the prices of the list they have.

    A list for public holidays that is made or changed later reaches none of them: their prices were announced.
    """
    lists = list(price_list.theater.price_lists.all())
    on_sale = Showtime.objects.published().with_names().select_related("price_list")
    others = on_sale.filter(auditorium__theater=price_list.theater_id, sales_close_at__gt=now)
    others = others.exclude(price_list=price_list).order_by("starts_at", "pk")
    return [showtime for showtime in others if _is_chosen(price_list, lists, showtime)]


def _is_chosen(price_list: PriceList, lists: list[PriceList], showtime: Showtime) -> bool:
    try:
        return choose_list(lists, theater=price_list.theater, starts_at=showtime.starts_at) == price_list
    except NoSingleList:
        return False


def reprice(*, showtime_ids: Iterable[int], actor: str) -> list[Showtime]:
    """Move published showtimes onto their lists as they stand, all of them or none. Raises SchedulingRefused."""
    with transaction.atomic():
        return [_reprice(showtime_id, actor) for showtime_id in sorted(showtime_ids)]


def _reprice(showtime_id: int, actor: str) -> Showtime:
    showtime = locks.showtime_to_change(showtime_id)
    if showtime.status != ShowtimeStatus.PUBLISHED:
        raise SchedulingRefused(f"{showtime} is not on sale, so it has no prices to change.")
    before = str(showtime.price_version)
    pin_prices(showtime)
    if missing := missing_prices(price_list=showtime.price_list, plan=showtime.plan):
        raise SchedulingRefused(f"{showtime}: {missing}")
    record(
        actor=actor,
        action="reprice",
        thing=showtime,
        theater=showtime.auditorium.theater,
        before={"prices": before},
        after={"prices": str(showtime.price_version)},
    )
    return showtime
