"""What is paid in cash where a country has no coins for the smallest amounts: the total alone is rounded, never a price.

Cards and online payments stay exact. The difference is neither a price nor tax: it is a column of its own
(docs/adr/0079-cash-goes-in-the-coins-of-the-country.md). Sources were looked up in November 2026; their addresses are in
docs/where-you-may-open.md. Where the law leaves it to the shop, CASH_NOT_ROUNDED takes a country out.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db import models

from core.money import rounded

EXACT = Decimal(0)


class Tie(models.TextChoices):
    """Where an amount goes that lies in the middle of two steps."""

    UP = ROUND_HALF_UP
    DOWN = ROUND_HALF_DOWN


class Tiny(models.TextChoices):
    """What becomes of an amount that would be rounded to nothing."""

    NOTHING = "nothing"
    STEP = "one step"
    EXACT = "exact"


@dataclass(frozen=True)
class CashRule:
    """How a country rounds cash in its own currency. `source`: the law, or who recommends it."""

    currency: str
    step: Decimal
    source: str
    is_law: bool = True
    tie: Tie = Tie.UP
    refunds: bool = True
    tiny: Tiny = Tiny.NOTHING


def _euro(source: str, *, is_law: bool = True, refunds: bool = True, tiny: Tiny = Tiny.NOTHING) -> CashRule:
    return CashRule("EUR", Decimal("0.05"), source, is_law=is_law, refunds=refunds, tiny=tiny)


RULES: dict[str, CashRule] = {
    "AU": CashRule("AUD", Decimal("0.05"), "guidelines of the Prices Surveillance Authority, 1991", is_law=False),
    "BE": _euro("Code of economic law, book VI, since 1 December 2019"),
    "CA": CashRule("CAD", Decimal("0.05"), "guideline of the federal government, since 4 February 2013", is_law=False),
    "CH": CashRule("CHF", Decimal("0.05"), "no coin below 5 Rappen is valid since 1 January 2007"),
    "CL": CashRule("CLP", Decimal(10), "Ley 20.956, since 1 November 2017", tie=Tie.DOWN),
    "CZ": CashRule("CZK", Decimal(1), "law 634/1992 on consumer protection, section 3(c): the nearest valid coin"),
    "DK": CashRule("DKK", Decimal("0.50"), "Bekendtgørelse 928 of 19 September 2008, section 2"),
    "EE": _euro("rule of the Riigikogu since 1 January 2025; Eesti Pank: refunds in cash too"),
    "FI": _euro("law 890/2000, sections 1 and 2, since 2002, where nothing else is agreed", tiny=Tiny.EXACT),
    "HU": CashRule("HUF", Decimal(5), "law III of 2008, sections 1 and 2; no base of the tax"),
    "IE": _euro("Central Bank of Ireland, since 28 October 2015: shops and customers may ask for exact change", is_law=False),
    "IL": CashRule("ILS", Decimal("0.10"), "order of the Bank of Israel 5768-2008, since 1 January 2008"),
    "IT": _euro("decreto-legge 50/2017, art. 13-quater, since 1 January 2018"),
    "LI": CashRule("CHF", Decimal("0.05"), "the coins are those of Switzerland"),
    "LT": _euro("law on the rounding of cash payments, since 1 May 2025"),
    "MY": CashRule("MYR", Decimal("0.05"), "rounding mechanism of Bank Negara Malaysia, since 1 April 2008"),
    "NL": _euro("agreed by shops, consumers and banks, since 1 September 2004, with a sign in the shop", is_law=False),
    "NO": CashRule("NOK", Decimal(1), "Forskrift 294 of 16 March 2011, section 2, since 1 May 2012"),
    "NZ": CashRule("NZD", Decimal("0.10"), "advice of the retailers since 2006: 5 cents go down", is_law=False, tie=Tie.DOWN),
    "SE": CashRule("SEK", Decimal(1), "Lag (1970:1029) as changed by 2009:283, since 1 October 2010"),
    "SK": _euro("law 18/1996 on prices as changed by 457/2021, since 1 July 2022", refunds=False, tiny=Tiny.STEP),
}  # fmt: skip
# The largest difference that any rule makes, for the invariants: half of ten pesos.
MOST_DIFFERENCE = max(rule.step for rule in RULES.values()) / 2


def cash_rule(country: str, currency: str) -> CashRule | None:
    """The rule for cash of this currency; None where cash is exact, also for foreign money."""
    rule = RULES.get(country)
    if rule is None or rule.currency != currency or (not rule.is_law and country in settings.CASH_NOT_ROUNDED):
        return None
    return rule


def rounding_of_payment(amount: Decimal, *, country: str, currency: str) -> Decimal:
    """What is added to an amount (or, below 0, taken off it) when it is paid in cash."""
    rule = cash_rule(country, currency)
    return _difference(amount, rule) if rule else EXACT


def rounding_of_refund(amount: Decimal, *, country: str, currency: str) -> Decimal:
    """The same for money that is handed back in cash."""
    rule = cash_rule(country, currency)
    return _difference(amount, rule) if rule and rule.refunds else EXACT


def _difference(amount: Decimal, rule: CashRule) -> Decimal:
    steps = (amount / rule.step).to_integral_value(rounding=rule.tie)
    if not steps and rule.tiny is Tiny.EXACT:
        return EXACT
    if not steps and rule.tiny is Tiny.STEP and amount:
        steps = Decimal(1)
    return rounded(steps * rule.step - amount, rule.currency)
