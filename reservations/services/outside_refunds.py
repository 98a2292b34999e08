"""Refunds that were not requested here: made by a person in the provider's dashboard, or by the customer's bank."""

from decimal import Decimal

from django.db.models import Sum

from core.clock import ClockTimestamp
from reservations.models import Booking, Cancellation
from reservations.services.cancellation import ALL, Why, cancel_tickets
from reservations.services.dispute_freezes import thaw_booking
from reservations.states import BookingStatus, CancelCause


def money_went_back(booking: Booking, amount: Decimal, *, actor: str) -> None:
    """A locked booking gave back so much more than it owed, by a refund made in the provider's dashboard.

    As much as the live tickets cost: they are canceled. Less: it is goodwill, the tickets stay as they are.
    """
    live = price_of_live_tickets(booking)
    if booking.status == BookingStatus.CONFIRMED and amount >= live - booking.goodwill:
        amount -= _cancel_all(booking, Why(CancelCause.PROVIDER, actor, "Refunded in the payment provider's dashboard"))
    if amount > 0:
        give_goodwill(booking, amount, Why(CancelCause.GOODWILL, actor, "Refunded in the payment provider's dashboard"))


def give_goodwill(booking: Booking, amount: Decimal, why: Why) -> None:
    """So much of a locked booking's money goes back and no ticket becomes void: the facts, and a row for its credit note."""
    booking.refund_due += amount
    booking.goodwill += amount
    booking.changed_at = ClockTimestamp()
    booking.save(update_fields=["refund_due", "goodwill", "changed_at"])
    Cancellation.objects.create(
        booking=booking, cause=why.cause, actor=why.actor, reason=why.reason[:200], refunded=amount, kept=0,
        currency=booking.currency,
    )  # fmt: skip


def bank_took_money_back(booking: Booking, *, actor: str, note: str) -> None:
    """A dispute over the money of a locked booking is lost: nothing is left to give its tickets for."""
    thaw_booking(booking, actor=actor, note=note)
    if booking.status == BookingStatus.CONFIRMED:
        _cancel_all(booking, Why(CancelCause.DISPUTE, actor, note))


def note_paid_out(booking: Booking, amount: Decimal) -> None:
    """So much of what a locked booking is owed was put into the customer's hand."""
    booking.paid_out += amount
    booking.changed_at = ClockTimestamp()
    booking.save(update_fields=["paid_out", "changed_at"])


def price_of_live_tickets(booking: Booking) -> Decimal:
    return booking.tickets.live().aggregate(price=Sum("price"))["price"] or Decimal(0)


def _cancel_all(booking: Booking, why: Why) -> Decimal:
    """What they gave back, written down as owed."""
    canceled = cancel_tickets(booking_id=booking.pk, ticket_ids=None, percent=ALL, why=why)
    booking.refresh_from_db()
    return Decimal(0) if canceled is None else canceled.refunded
