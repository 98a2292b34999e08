"""What the price rules make of a list's price. Pure, and the only place where a rule changes an amount.

The order is fixed: the list's price; the first day rate that is for the ticket type; all surcharges, each of that price; the
early bird that asks for the most hours. Each change is rounded half up to the smallest coin, so that they add up. What is
free stays free, and no price falls below nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.money import rounded
from theaters.models import TicketType
from theaters.services.pinned_price_rules import PinnedRule
from theaters.states import PriceRuleKind


@dataclass(frozen=True)
class PriceStep:
    """What one rule adds to a price; less than nothing: takes off."""

    rule: PinnedRule
    change: Decimal


@dataclass(frozen=True)
class Pricing:
    """The price rules of a showtime. `hours_ahead`: how long before the start the seats are chosen."""

    rules: tuple[PinnedRule, ...]
    hours_ahead: int
    currency: str

    def steps(self, list_amount: Decimal, kind: TicketType) -> list[PriceStep]:
        """In their order; those that change nothing are left out. Amounts are for all the people that the type counts as."""
        amount, steps = list_amount, []
        if rate := next(iter(self._for(kind, PriceRuleKind.DAY_RATE)), None):
            amount += (change := self._day_rate(rate, amount, kind))
            steps.append(PriceStep(rate, change))
        if amount:
            surcharges = self._for(kind, PriceRuleKind.SURCHARGE)
            added = [PriceStep(rule, self._part(rule, amount, kind)) for rule in surcharges]
            amount += sum((step.change for step in added), Decimal(0))
            steps += added
        early = [rule for rule in self._for(kind, PriceRuleKind.EARLY) if rule.hours_before <= self.hours_ahead]
        if early:
            steps.append(PriceStep(early[0], -min(amount, self._part(early[0], amount, kind))))
        return [step for step in steps if step.change]

    def price(self, list_amount: Decimal, kind: TicketType) -> Decimal:
        return list_amount + sum((step.change for step in self.steps(list_amount, kind)), Decimal(0))

    def _for(self, kind: TicketType, rule_kind: PriceRuleKind) -> Sequence[PinnedRule]:
        return [rule for rule in self.rules if rule.kind == rule_kind and rule.is_for(kind.code)]

    def _day_rate(self, rate: PinnedRule, amount: Decimal, kind: TicketType) -> Decimal:
        """A price per person, which makes nothing dearer, or a percentage off."""
        if rate.amount is None:
            return -self._part(rate, amount, kind)
        return min(rounded(rate.amount * kind.people, self.currency) - amount, Decimal(0))

    def _part(self, rule: PinnedRule, amount: Decimal, kind: TicketType) -> Decimal:
        if rule.amount is not None:
            return rounded(rule.amount * kind.people, self.currency)
        assert rule.percent is not None
        return rounded(amount * rule.percent / 100, self.currency)


def stages(rules: Sequence[PinnedRule]) -> list[int]:
    """The hours before the start at which prices change, the earliest first."""
    return sorted({rule.hours_before for rule in rules if rule.kind == PriceRuleKind.EARLY}, reverse=True)
