"""Applies price rules to a list's price. Pure, and the only place where a rule changes an amount.

The order is fixed: the list's price; the first day rate that is for the ticket type; all surcharges, each of that
price; the early bird that ends first, of those whose time is not over. Each change is rounded half up to the smallest
coin, so that they add up. A free ticket stays free, and no price falls below 0.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import dropwhile

from core.money import in_coins
from theaters.early_ends import EarlyEnd
from theaters.models import TicketType
from theaters.prices.pinned_price_rules import PinnedRule
from theaters.states import PriceRuleKind


@dataclass(frozen=True)
class PriceStep:
    """The change of a price by one rule; negative for a reduction."""

    rule: PinnedRule
    change: Decimal


@dataclass(frozen=True)
class Pricing:
    """The price rules of a showtime, in their order. `until`: the end of the first early bird that counts; None: none does."""

    rules: tuple[PinnedRule, ...]
    until: EarlyEnd | None
    currency: str

    def steps(self, list_amount: Decimal, kind: TicketType) -> list[PriceStep]:
        """The rules' changes in their order, without those of zero. Amounts are for all people of the ticket type."""
        amount, steps = list_amount, []
        if rate := next(iter(self._for(kind, PriceRuleKind.DAY_RATE)), None):
            amount += (change := self._day_rate(rate, amount, kind))
            steps.append(PriceStep(rate, change))
        if amount:
            surcharges = self._for(kind, PriceRuleKind.SURCHARGE)
            added = [PriceStep(rule, self._part_of_rule(rule, amount, kind)) for rule in surcharges]
            amount += sum((step.change for step in added), Decimal(0))
            steps += added
        if early := next((rule for rule in self._in_time() if rule.is_for(kind.code)), None):
            steps.append(PriceStep(early, -min(amount, self._part_of_rule(early, amount, kind))))
        return [step for step in steps if step.change]

    def price(self, list_amount: Decimal, kind: TicketType) -> Decimal:
        return list_amount + sum((step.change for step in self.steps(list_amount, kind)), Decimal(0))

    def _in_time(self) -> Iterable[PinnedRule]:
        """The early birds that are still valid, those that end first before the others."""
        early = [rule for rule in self.rules if rule.kind == PriceRuleKind.EARLY]
        return dropwhile(lambda rule: rule.end != self.until, early)

    def _for(self, kind: TicketType, rule_kind: PriceRuleKind) -> Sequence[PinnedRule]:
        return [rule for rule in self.rules if rule.kind == rule_kind and rule.is_for(kind.code)]

    def _day_rate(self, rate: PinnedRule, amount: Decimal, kind: TicketType) -> Decimal:
        """Apply a price per person, which never raises a price, or a percentage off."""
        if rate.amount is None:
            return -self._part_of_rule(rate, amount, kind)
        return min(in_coins(rate.amount * kind.people, self.currency) - amount, Decimal(0))

    def _part_of_rule(self, rule: PinnedRule, amount: Decimal, kind: TicketType) -> Decimal:
        if rule.amount is not None:
            return in_coins(rule.amount * kind.people, self.currency)
        assert rule.percent is not None
        return in_coins(amount * rule.percent / 100, self.currency)


def stages(rules: Sequence[PinnedRule]) -> list[EarlyEnd]:
    """The ends of the early birds, in the order of the rules: at each of them prices change."""
    return list(dict.fromkeys(rule.end for rule in rules if rule.kind == PriceRuleKind.EARLY))
