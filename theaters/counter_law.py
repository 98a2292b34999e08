"""Countries whose law wants a certified device or journal behind every counter that takes money.

Marquee has no adapter for any of them yet (docs/where-you-may-open.md), so its counter takes no money there unless the operator
says that other certified equipment records each sale: COUNTER_WITHOUT_ADAPTER. Sales on the web are not touched.
"""

from django.conf import settings
from django.utils.translation import gettext

from core.refusals import Refusal
from theaters.countries import country_name

NEEDS_ADAPTER = frozenset({"AT", "BG", "DE", "FR", "GR", "HR", "HU", "IT", "NO", "PL", "PT", "RO", "SE", "SI", "SK"})


class CounterNeedsAdapter(Refusal):
    status = 403

    def __init__(self, country: str) -> None:
        says = gettext(
            "In %(country)s a counter that takes money has to record each sale with certified equipment, and none is connected. "
            "Nothing was sold. Customers can buy on the web."
        )
        super().__init__(says % {"country": country_name(country)})


def require_lawful_counter(country: str) -> None:
    """Raise CounterNeedsAdapter where the law forbids taking money with what is connected."""
    if _lacks_adapter(country):
        raise CounterNeedsAdapter(country)


def why_no_money_at_counter(country: str) -> str:
    """Say why the counter may take no money in this country; '' when it may."""
    if not _lacks_adapter(country):
        return ""
    says = gettext(
        "In %(country)s a counter that takes money has to record each sale with certified equipment, and none is connected. "
        "The counter takes no money here. Customers can buy on the web."
    )
    return says % {"country": country_name(country)}


def _lacks_adapter(country: str) -> bool:
    return country in NEEDS_ADAPTER and country not in settings.COUNTER_WITHOUT_ADAPTER
