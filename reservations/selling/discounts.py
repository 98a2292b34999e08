"""Computes the discount of a promo code and spreads it over the tickets, to the coin. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from core.money import format_money, in_coins, smallest_charge
from reservations.refusals.promo_codes import PromoRefused
from reservations.states import PromoKind


@dataclass(frozen=True)
class Promotion:
    """A code that may be used for the showtime at hand. `types` are those it is for; empty means all."""

    promo_code_id: int
    code: str
    kind: PromoKind
    value: Decimal
    currency: str
    types: frozenset[str] = frozenset()
    has_limits: bool = False

    @property
    def says(self) -> str:
        """The effect of the promo code, in a few words."""
        if self.kind == PromoKind.PERCENT:
            return gettext("%(percent)s%% off") % {"percent": f"{self.value.normalize():f}"}
        if self.opens_only:
            return gettext("opens special tickets")
        amount = format_money(self.value, self.currency)
        if self.kind == PromoKind.AMOUNT:
            return gettext("%(amount)s off") % {"amount": amount}
        return gettext("%(amount)s a ticket") % {"amount": amount}

    @property
    def opens_only(self) -> bool:
        """Whether the code takes nothing off and only opens ticket types that need a code."""
        return self.kind == PromoKind.AMOUNT and not self.value

    def discounts(self, tickets: Sequence[tuple[str, Decimal]], *, opens_types: bool = False) -> list[Decimal]:
        """Return the discount of each ticket, given as (type code, full price); at most its price.

        Raises PromoRefused when nothing comes off, unless the code opens types that are sold here with a code alone.
        """
        meant = [price if self.is_for(code) else Decimal(0) for code, price in tickets]
        parts = self._parts_of_discount(meant)
        if not any(parts) and opens_types:
            return parts
        if not any(parts):
            raise PromoRefused(self._why_nothing(tickets))
        rest = sum((price for _, price in tickets), Decimal(0)) - sum(parts, Decimal(0))
        # If the rest is below the smallest card payment, and only for tickets with the code, they become free.
        if rest < smallest_charge(self.currency) and self._is_all(meant, tickets):
            return meant
        return parts

    def is_for(self, code: str) -> bool:
        return not self.types or code in self.types

    def _parts_of_discount(self, prices: Sequence[Decimal]) -> list[Decimal]:
        if self.kind == PromoKind.FIXED:
            return [max(price - self.value, Decimal(0)) for price in prices]
        total = sum(prices, Decimal(0))
        if self.kind == PromoKind.PERCENT:
            return spread(in_coins(total * self.value / 100, self.currency), prices, self.currency)
        return spread(min(self.value, total), prices, self.currency)

    def _why_nothing(self, tickets: Sequence[tuple[str, Decimal]]) -> str:
        if any(self.is_for(code) for code, _ in tickets):
            return gettext("The code %(code)s would not make these tickets cheaper.") % {"code": self.code}
        return gettext("You cannot use the code %(code)s for these types of tickets.") % {"code": self.code}

    @staticmethod
    def _is_all(meant: Sequence[Decimal], tickets: Sequence[tuple[str, Decimal]]) -> bool:
        return sum(meant, Decimal(0)) == sum((price for _, price in tickets), Decimal(0))


def spread(total: Decimal, prices: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Parts of `total` in proportion to the prices: they add up to it exactly and none is larger than its price.

    Each part is the difference of two rounded running shares, so what rounding takes from one the next one gets.
    `total` and prices are whole coins, and the total is at most the sum of the prices.
    """
    whole = sum(prices, Decimal(0))
    if not whole:
        return [Decimal(0)] * len(prices)
    parts, passed, given = [], Decimal(0), Decimal(0)
    for price in prices:
        passed += price
        until_here = in_coins(total * passed / whole, currency)
        parts.append(until_here - given)
        given = until_here
    return parts
