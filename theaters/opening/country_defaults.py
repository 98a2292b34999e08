"""Usual values for a theater of a country: time zone, currency, tax on tickets, and the price of an adult's ticket.

They are proposals, which people check before they save: rates and habits change, and differ by region.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from babel.core import get_global
from babel.numbers import get_territory_currencies

from core.money import CURRENCIES, decimals, rounded
from theaters.countries import country_name


@dataclass(frozen=True)
class CountryDefaults:
    timezone: str
    currency: str
    tax_rate: Decimal
    adult: Decimal


DEFAULTS = {
    code: CountryDefaults(zone, currency, Decimal(rate), Decimal(adult))
    for code, zone, currency, rate, adult in (
        ("AT", "Europe/Vienna", "EUR", "0.13", "12.50"),
        ("AU", "Australia/Sydney", "AUD", "0.10", "24.00"),
        ("BE", "Europe/Brussels", "EUR", "0.06", "12.00"),
        ("CA", "America/Toronto", "CAD", "0.13", "15.00"),
        ("CH", "Europe/Zurich", "CHF", "0.026", "19.00"),
        ("CZ", "Europe/Prague", "CZK", "0.12", "220"),
        ("DE", "Europe/Berlin", "EUR", "0.07", "11.50"),
        ("DK", "Europe/Copenhagen", "DKK", "0.25", "115"),
        ("ES", "Europe/Madrid", "EUR", "0.10", "9.50"),
        ("FR", "Europe/Paris", "EUR", "0.055", "12.00"),
        ("GB", "Europe/London", "GBP", "0.20", "12.50"),
        ("IE", "Europe/Dublin", "EUR", "0.09", "12.50"),
        ("IT", "Europe/Rome", "EUR", "0.10", "9.00"),
        ("JP", "Asia/Tokyo", "JPY", "0.10", "2000"),
        ("NL", "Europe/Amsterdam", "EUR", "0.09", "12.50"),
        ("NO", "Europe/Oslo", "NOK", "0.12", "160"),
        ("NZ", "Pacific/Auckland", "NZD", "0.15", "20.00"),
        ("PL", "Europe/Warsaw", "PLN", "0.08", "28"),
        ("PT", "Europe/Lisbon", "EUR", "0.06", "7.50"),
        ("SE", "Europe/Stockholm", "SEK", "0.06", "150"),
        ("US", "America/New_York", "USD", "0.08", "14.00"),
    )
}
# Codes with clocks that are no countries.
NO_COUNTRIES = {"AQ", "ZZ"}
# Usual prices of ticket types, in percent of an adult's; other types have none.
PERCENT = {"ADULT": 100, "CHILD": 65, "STUDENT": 80, "SENIOR": 80, "CARER": 0}


def countries() -> Iterable[tuple[str, str]]:
    """Pairs of code and name of every country that has clocks, sorted by name; only those in DEFAULTS have usual values."""
    codes = DEFAULTS.keys() | {code for code in get_global("territory_zones") if len(code) == 2 and code.isalpha()}
    return sorted(((code, country_name(code)) for code in codes - NO_COUNTRIES), key=lambda pair: pair[1])


def clocks_of(country: str) -> list[str]:
    """The time zones of a country; [] for an unknown one."""
    return sorted(get_global("territory_zones").get(country, []))


def currency_of(country: str) -> str:
    """The currency of a country, if we sell in it, else ""."""
    found = get_territory_currencies(country)
    return next((code for code in found if code in CURRENCIES), "")


def part_of(adult: Decimal, percent: int, currency: str) -> Decimal:
    """Return a share of the adult price, rounded to half a unit, or to ten in currencies without coins."""
    step = Decimal("0.5") if decimals(currency) else Decimal(10)
    return rounded((adult * percent / 100 / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step, currency)
