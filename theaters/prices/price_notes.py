"""Notes for customers beside prices that price rules have changed."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from core.money import format_money
from core.texts.local_formats import and_list, format_moment, format_number
from theaters.prices.pinned_price_rules import PinnedRule
from theaters.prices.prices import PriceTable
from theaters.states import PriceRuleKind


@dataclass(frozen=True)
class PriceNote:
    """A rule that changed the shown prices: its name and its effect."""

    name: str
    text: str


def price_notes(prices: PriceTable, *, starts_at: datetime) -> list[PriceNote]:
    """The notes on the rules that change these prices. `starts_at` is in the theater's zone."""
    at_work = prices.rules_that_apply()
    return [PriceNote(rule.shown_name, _text(rule, prices, starts_at)) for rule in at_work]


def _text(rule: PinnedRule, prices: PriceTable, starts_at: datetime) -> str:
    words = _effect(rule, prices.currency, starts_at)
    if not rule.ticket_types:
        return words
    types = and_list(kind.shown_name for kind in prices.types if rule.is_for(kind.code))
    return gettext("%(effect)s, for %(types)s") % {"effect": words, "types": types}


def _effect(rule: PinnedRule, currency: str, starts_at: datetime) -> str:
    if rule.amount is not None:
        values = {"amount": format_money(rule.amount, currency)}
    else:
        assert rule.percent is not None
        values = {"percent": format_number(rule.percent)}
    if rule.kind == PriceRuleKind.SURCHARGE:
        if rule.amount is not None:
            return gettext("%(amount)s more per person, included") % values
        return gettext("%(percent)s%% more, included") % values
    if rule.kind == PriceRuleKind.DAY_RATE:
        if rule.amount is not None:
            return gettext("%(amount)s per person at most") % values
        return gettext("%(percent)s%% off, included") % values
    zone = starts_at.tzinfo
    assert isinstance(zone, ZoneInfo)
    values["moment"] = format_moment(rule.end.moment(starts_at, zone).astimezone(zone), "day")
    if rule.amount is not None:
        return gettext("%(amount)s off per person, if you choose your seats by %(moment)s") % values
    return gettext("%(percent)s%% off, if you choose your seats by %(moment)s") % values
