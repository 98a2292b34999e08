"""What the checkout page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from core.money import rounded
from reservations.models import Booking, ShowtimeSeat
from reservations.selectors.seats import Own
from reservations.services.discounts import Promotion
from reservations.services.quotes import Quote, make_quote
from theaters.models import Showtime
from theaters.services.prices import pinned_prices


@dataclass(frozen=True)
class Pending:
    """A booking that waits for its money."""

    reference: str
    booking_url: str
    change_seats_url: str
    continue_url: str
    total: Decimal
    currency: str


def pending_of(booking: Booking) -> Pending:
    return Pending(
        reference=booking.reference,
        booking_url=booking.get_absolute_url(),
        change_seats_url=reverse("change_seats", args=[booking.reference]),
        continue_url=reverse("checkout", args=[booking.showtime_id]),
        total=rounded(booking.total, booking.currency),
        currency=booking.currency,
    )


def held_quote(
    *, showtime: Showtime, own: Own, choices: Mapping[str, str], promotion: Promotion | None = None
) -> Quote:
    """What the held seats cost. Raises BadChoice, and PromoRefused when the promotion takes nothing off."""
    assert own.hold_id is not None
    rows = ShowtimeSeat.objects.filter(showtime=showtime, hold_id=own.hold_id).select_related("seat").order_by("pk")
    mine = {row.label: row.seat for row in rows}
    wanted = {label: code for label, code in choices.items() if label in mine}
    return make_quote(
        showtime=showtime,
        seats=list(mine.values()),
        choices=wanted,
        prices=pinned_prices(own.version_id or showtime.price_version_id),
        promotion=promotion,
    )
