"""Overrides: rules that an operator switches off at one showtime for a while, each by a right and for a reason.

They are stored in the operator's session; services log what is done with them.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from boxoffice.forms.counter import OverrideForm
from boxoffice.refusals import MayNotOverride
from reservations.counter.counter_seats import Overrides
from reservations.seats.plan_seats import has_numbers
from staff.access import may
from staff.acting import acting_in
from theaters.models import Showtime

RIGHTS = {
    "house_seats": "reservations.override_house_seat",
    "prices": "reservations.override_price",
    "sales_close": "reservations.override_sales_close",
    "single_seats": "reservations.override_single_seat",
}
_KEY = "counter_overrides"
MOST_KEPT = 10


@dataclass(frozen=True)
class Allowed:
    """The rules overridden at one showtime by somebody who still may."""

    rules: frozenset[str] = frozenset()
    reason: str = ""

    @property
    def overrides(self) -> Overrides:
        """The overrides that concern seats; those of prices come with the sale."""
        return Overrides(
            house_seats="house_seats" in self.rules,
            sales_close="sales_close" in self.rules,
            single_seats="single_seats" in self.rules,
            reason=self.reason,
        )

    def with_prices(self, prices: dict[str, Decimal]) -> Overrides:
        return replace(self.overrides, prices=prices)

    @property
    def names(self) -> list[str]:
        return [name for rule, name in OverrideForm.RULES if rule in self.rules]


def allowed_at(request: HttpRequest, showtime: Showtime) -> Allowed:
    known: dict[str, Any] = (request.session.get(_KEY) or {}).get(str(showtime.pk)) or {}
    if known.get("operator") != acting_in(request).user_id:
        return Allowed()  # an override belongs to the operator who gave the reason
    rules = frozenset(known.get("rules", ())) & rights_at(request, showtime)
    return Allowed(rules, known["reason"]) if rules else Allowed()


def rights_at(request: HttpRequest, showtime: Showtime) -> frozenset[str]:
    """The rules that this person may override here; those about numbered seats where there are some."""
    theater = showtime.auditorium.theater
    rules = RIGHTS.keys() if has_numbers(showtime.plan_id) else RIGHTS.keys() - OverrideForm.OF_NUMBERED_SEATS
    return frozenset(rule for rule in rules if may(acting_in(request), RIGHTS[rule], theater))


def allow(request: HttpRequest, showtime: Showtime, *, rules: list[str], reason: str) -> None:
    """Override these rules for the session. Raises MayNotOverride without the right."""
    if set(rules) - rights_at(request, showtime):
        raise MayNotOverride
    kept = dict(list((request.session.get(_KEY) or {}).items())[-MOST_KEPT:])
    request.session[_KEY] = {
        **kept,
        str(showtime.pk): {"rules": rules, "reason": reason, "operator": acting_in(request).user_id},
    }


def end(request: HttpRequest, showtime: Showtime) -> None:
    kept = dict(request.session.get(_KEY) or {})
    if kept.pop(str(showtime.pk), None) is not None:
        request.session[_KEY] = kept
