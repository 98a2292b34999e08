"""Refunds that were not requested here: made by a person in the provider's dashboard, or by the customer's bank."""

from decimal import Decimal

from django.db.models import Sum

from reservations.aftersale.cancellation import ALL, CancellationOrigin, cancel_tickets
from reservations.aftersale.dispute_freezes import thaw_tickets
from reservations.locks import LockedSale
from reservations.models import Booking, Cancellation, Ticket
from reservations.states import BookingStatus, CancelCause
from sales.models import Sale
from sales.services.owing import owe


def money_went_back(locked: LockedSale, amount: Decimal, *, actor: str) -> None:
    """Record a refund made in the provider's dashboard: `amount` is what the sale gave back beyond what it owed.

    If that is the price of its live tickets, they are canceled; if it is less, it is goodwill and the tickets stay.
    """
    reason = "Refunded in the payment provider's dashboard"
    if amount >= price_of_live_tickets(locked.sale) - locked.sale.goodwill:
        amount -= _cancel_all(locked, CancellationOrigin(CancelCause.PROVIDER, actor, reason))
    if amount > 0:
        give_goodwill(locked.first, amount, CancellationOrigin(CancelCause.GOODWILL, actor, reason))


def give_goodwill(booking: Booking, amount: Decimal, origin: CancellationOrigin) -> None:
    """Record that part of a locked sale's money goes back while tickets stay valid, with a row for its credit note."""
    owe(booking.sale, amount, goodwill=amount)
    Cancellation.objects.create(
        booking=booking, cause=origin.cause, actor=origin.actor, reason=origin.reason[:200], refunded=amount, kept=0,
        currency=booking.currency,
    )  # fmt: skip


def bank_took_money_back(locked: LockedSale, *, actor: str, note: str) -> None:
    """Cancel the tickets of a locked sale whose dispute is lost, because the bank took their money back."""
    thaw_tickets(locked, actor=actor, note=note)
    _cancel_all(locked, CancellationOrigin(CancelCause.DISPUTE, actor, note))


def price_of_live_tickets(sale: Sale) -> Decimal:
    tickets = Ticket.objects.live().filter(booking__sale=sale)
    return tickets.aggregate(price=Sum("price"))["price"] or Decimal(0)


def _cancel_all(locked: LockedSale, origin: CancellationOrigin) -> Decimal:
    """Cancel the confirmed bookings in full; returns the amount owed for them."""
    given = Decimal(0)
    for booking in locked.bookings:
        if booking.status == BookingStatus.CONFIRMED:
            canceled = cancel_tickets(booking_id=booking.pk, ticket_ids=None, percent=ALL, origin=origin)
            given += canceled.refunded if canceled else 0
            booking.refresh_from_db()
            booking.sale = locked.sale
    locked.sale.refresh_from_db()
    return given
