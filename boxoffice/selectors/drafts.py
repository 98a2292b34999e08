"""Drafts that wait to be published."""

from dataclasses import dataclass
from datetime import date, datetime

from houses.business_days import business_day, day_bounds
from houses.models import Theater
from theaters.models import Showtime
from theaters.prices.price_check import missing_prices
from theaters.states import ShowtimeStatus

MOST_SHOWN = 400


@dataclass(frozen=True)
class DraftRow:
    showtime: Showtime
    day: date
    starts: datetime
    until: datetime
    missing: str


def drafts_of(*, theater: Theater, since: date, now: datetime) -> list[DraftRow]:
    """Drafts that have not begun, in the order of their days; each pair of prices and plan is checked once."""
    drafts = (
        Showtime.objects.with_names()
        .select_related("price_list")
        .filter(auditorium__theater=theater, status=ShowtimeStatus.DRAFT, closed_for="", starts_at__gt=now)
        .filter(starts_at__gte=day_bounds(theater, since)[0])
        .order_by("starts_at", "pk")[:MOST_SHOWN]
    )
    prices: dict[tuple[int, int], str] = {}
    rows = []
    for draft in drafts:
        pair = (draft.price_list_id, draft.plan_id)
        if pair not in prices:
            prices[pair] = missing_prices(price_list=draft.price_list, plan=draft.plan)
        starts, until = draft.starts_at.astimezone(theater.zone), draft.occupied_until.astimezone(theater.zone)
        rows.append(DraftRow(draft, business_day(theater, draft.starts_at), starts, until, prices[pair]))
    return rows
