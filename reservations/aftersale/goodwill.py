"""Goodwill: money given back while the tickets stay valid."""

from decimal import Decimal

from reservations.aftersale.cancellation import CancellationOrigin
from reservations.aftersale.outside_refunds import give_goodwill, price_of_live_tickets
from reservations.models import Booking
from reservations.records.status_changes import log_moves
from reservations.states import CancelCause


def most_goodwill(booking: Booking) -> Decimal:
    """All that is kept of a booking's sale: the price of its live tickets and the fees of canceled ones, less what was given."""
    return max(Decimal(0), price_of_live_tickets(booking.sale) + booking.sale.fees_kept - booking.sale.goodwill)


def owe_goodwill(booking: Booking, amount: Decimal, *, actor: str, reason: str) -> None:
    """Owe the customer part of what is kept for a locked booking, at most `most_goodwill`. Payments refunds it later."""
    give_goodwill(booking, amount, CancellationOrigin(CancelCause.GOODWILL, actor, reason))
    log_moves("goodwill", [(booking.pk, "", "GIVEN")], actor=actor, note=reason)
