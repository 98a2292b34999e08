"""Which ticket types are offered: by counter or web, the day of the show, and a promo code.

Who may come together is judged in party_rules.py. Both read the rules that are pinned with the prices of the showtime.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from core.texts.local_formats import and_list, format_day
from theaters.models import TicketType
from theaters.states import SalesChannel


@dataclass(frozen=True)
class TypeOffer:
    """Where tickets are sold, the business day, and the types that a promo code opens."""

    channel: SalesChannel
    on: date
    opened: frozenset[str] = frozenset()


def is_offered(kind: TicketType, offer: TypeOffer) -> bool:
    return not why_not_offered(kind, offer)


def why_not_offered(kind: TicketType, offer: TypeOffer) -> str:
    """The sentence for the customer; '' for a type that is offered."""
    name = {"name": kind.shown_name}
    if kind.channel not in ("", offer.channel):
        if kind.channel == SalesChannel.COUNTER:
            return gettext("We sell %(name)s tickets only at the counter of the cinema.") % name
        return gettext("We sell %(name)s tickets only online.") % name
    if kind.needs_code and kind.code not in offer.opened:
        return gettext("For a %(name)s ticket you need a promo code. Please type the code first.") % name
    if kind.weekdays and offer.on.isoweekday() not in kind.weekdays:
        days = and_list(_weekday(day) for day in sorted(kind.weekdays))
        return gettext("We sell %(name)s tickets only for shows on these days: %(days)s.") % {**name, "days": days}
    if kind.last_on is not None and offer.on > kind.last_on:
        day = format_day(kind.last_on, "date")
        return gettext("We sold %(name)s tickets only for shows until %(day)s.") % {**name, "day": day}
    return ""


def _weekday(number: int) -> str:
    """1 is Monday."""
    return format_day(date(2024, 1, number), "weekday")
