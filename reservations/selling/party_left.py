"""Checks whether the others of a party may come when some of its tickets are canceled."""

from collections.abc import Collection

from django.utils.translation import gettext

from reservations.models import Booking
from reservations.refusals.cancellation import CannotCancel
from reservations.selling.party_rules import PartySeat, objections
from theaters.prices.prices import pinned_prices


def require_company(booking: Booking, *, leaving: Collection[int]) -> None:
    """Check that people who stay do not need those who leave, as a child needs a grown-up. Raises CannotCancel."""
    tickets = list(booking.tickets.live().select_related("seat", "ticket_type").order_by("pk"))
    # The ticket types with the rules that were in force when the booking was sold.
    prices = pinned_prices(booking.hold.price_version_id or booking.showtime.price_version_id)
    party = {
        one.pk: PartySeat(one.seat.label, one.seat.category, prices.type_as_pinned(one.ticket_type), one.seat.unit)
        for one in tickets
    }
    ages = booking.showtime.age_rule
    before = {one.label for one in objections(places=list(party.values()), ages=ages)}
    staying = [place for pk, place in party.items() if pk not in leaving]
    for objection in objections(places=staying, ages=ages):
        if objection.label not in before:
            raise CannotCancel(f"{gettext('You cannot keep the other tickets without these.')} {objection.sentence}")
