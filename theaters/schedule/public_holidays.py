"""The public holidays of a theater's country and region, as the library `holidays` knows them.

Only days that are holidays for everybody in the region: those of single municipalities, banks or faiths are not among
them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice

import holidays

from houses.models import Theater


@dataclass(frozen=True)
class Holiday:
    on: date
    name: str


def holiday_on(theater: Theater, on: date) -> str:
    """The holiday's name in the country's language or English; '' on other days."""
    return _of_year(theater.country, theater.holiday_region, on.year).get(on, "")


def next_holidays(theater: Theater, *, after: date, most: int = 3) -> list[Holiday]:
    """The next holidays, so that staff can check the region."""
    found = _of_year(theater.country, theater.holiday_region, after.year).items()
    later = _of_year(theater.country, theater.holiday_region, after.year + 1).items()
    days = [Holiday(on, name) for on, name in sorted([*found, *later]) if on >= after]
    return list(islice(days, most))


def is_known(country: str) -> bool:
    return country in holidays.list_supported_countries()


def regions_of(country: str) -> dict[str, str]:
    """Names by code: BY → Bayern. Empty where all days are the same everywhere, or nothing is known."""
    if not is_known(country):
        return {}
    there = holidays.country_holidays(country)
    names = {code: name for name, code in there.subdivisions_aliases.items()}
    return {code: names.get(code, code) for code in there.subdivisions}


@lru_cache(maxsize=500)
def _of_year(country: str, region: str, year: int) -> Mapping[date, str]:
    """The holidays of a year; {} for a country or region that the library does not know."""
    if not is_known(country) or (region and region not in regions_of(country)):
        return {}
    return dict(holidays.country_holidays(country, subdiv=region or None, years=year))
