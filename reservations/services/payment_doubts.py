"""Pending bookings whose payment is unclear: the page says that it is being checked and does not ask to pay again."""

from django.db.models import F
from django.db.models.functions import Greatest

from core.clock import ClockTimestamp
from reservations import locks
from reservations.models import Booking
from reservations.seats.owners import keep_seats_for
from reservations.states import BookingStatus


def note_doubt(*, booking_id: int) -> None:
    """The provider did not tell. One conditional statement: nothing is waited for on the way to a page."""
    Booking.objects.pending().filter(pk=booking_id, checking_since=None).update(
        checking_since=ClockTimestamp(), changed_at=ClockTimestamp()
    )


def end_doubt(*, booking_id: int) -> None:
    """The provider told: the payment session is open and unpaid."""
    Booking.objects.pending().filter(pk=booking_id).exclude(checking_since=None).update(
        checking_since=None, changed_at=ClockTimestamp()
    )


def keep_for_the_bank(booking: Booking) -> None:
    """The bank takes days over a locked booking: its seats stay with it until sales close. Again: nothing changes."""
    if booking.status != BookingStatus.PENDING:
        return
    rows = locks.seats_of_booking(booking.pk)
    close = Booking.objects.filter(pk=booking.pk).values("showtime__sales_close_at")[:1]
    Booking.objects.filter(pk=booking.pk).update(
        checking_since=ClockTimestamp(), changed_at=ClockTimestamp(), till_closes_at=Greatest(F("till_closes_at"), close),
        held_until=Greatest(F("held_until"), close),
    )  # fmt: skip
    booking.refresh_from_db()
    keep_seats_for(booking, rows)
