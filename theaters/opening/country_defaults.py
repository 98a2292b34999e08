"""Usual values for a theater of a country: time zone, currency, tax on tickets, and the price of an adult's ticket.

They are proposals, which people check before they save: rates and habits change, and differ by region.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.money import decimals
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
# Usual prices of ticket types, in percent of an adult's; other types have none.
PERCENT = {"ADULT": 100, "CHILD": 65, "STUDENT": 80, "SENIOR": 80, "CARER": 0}


def known_countries() -> Iterable[tuple[str, str]]:
    """Pairs of code and name, sorted by name."""
    return sorted(((code, country_name(code)) for code in DEFAULTS), key=lambda pair: pair[1])


def part_of(adult: Decimal, percent: int, currency: str) -> Decimal:
    """Return a share of the adult price, rounded to half a unit, or to ten in currencies without coins."""
    step = Decimal("0.5") if decimals(currency) else Decimal(10)
    return ((adult * percent / 100 / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step).quantize(
        Decimal(1).scaleb(-decimals(currency))
    )
