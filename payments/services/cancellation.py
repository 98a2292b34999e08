"""Canceling with the money: what a canceled ticket gives back becomes a refund in the same transaction."""

from collections.abc import Collection

from django.db import transaction

from payments import locks
from payments.services.refunds import request_refunds
from payments.states import PaymentStatus
from reservations import locks as reservation_locks
from reservations.models import Booking, Cancellation
from reservations.refusals import Refusal
from reservations.services.cancellation import ALL, Why, cancel_tickets


class BookingDisputed(Refusal):
    """The bank has the money back already, or may have it soon: giving it twice would be a present."""

    sentence = (
        "The payment for this booking is being disputed with the bank. As long as that is open, "
        "its tickets cannot be canceled here."
    )


def cancel_and_refund(*, booking_id: int, ticket_ids: Collection[int] | None, why: Why) -> Cancellation | None:
    """Cancel tickets (None: all that are live) and give back all of their price: for staff and canceled showtimes.

    None when there was nothing left to cancel. Raises BookingDisputed; then nothing was changed.
    """
    with transaction.atomic():
        lock_for_money(booking_id)
        return _cancel(booking_id, ticket_ids, ALL, why)


def lock_for_money(booking_id: int) -> Booking:
    """Showtime, booking and payments, before the seats. Raises BookingDisputed."""
    reservation_locks.showtime_gate(Booking.objects.values_list("showtime_id", flat=True).get(pk=booking_id))
    booking = reservation_locks.booking(booking_id)
    if any(payment.status == PaymentStatus.DISPUTED for payment in locks.payments_of(booking_id)):
        raise BookingDisputed
    return booking


def _cancel(booking_id: int, ticket_ids: Collection[int] | None, percent: int, why: Why) -> Cancellation | None:
    cancellation = cancel_tickets(booking_id=booking_id, ticket_ids=ticket_ids, percent=percent, why=why)
    if cancellation is not None:
        request_refunds(cancellation.booking, reason=f"Canceled: {why.cause.label}"[:120])
    return cancellation
