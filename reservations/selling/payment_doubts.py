"""Pending bookings whose payment is unclear: the page says that it is being checked and does not ask to pay again."""

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Greatest

from core.clock import ClockTimestamp
from reservations import locks
from reservations.locks import LockedSale
from reservations.models import Booking
from reservations.seats.owners import keep_seats_for
from reservations.states import BookingStatus
from sales.models import Sale


def note_doubt(*, sale_id: int) -> None:
    """Record that the provider did not answer. One conditional statement, because a customer waits for the page."""
    _pending(sale_id).filter(checking_since=None).update(checking_since=ClockTimestamp())


def end_doubt(*, sale_id: int) -> None:
    """Record that the provider says the payment session is open and unpaid."""
    _pending(sale_id).exclude(checking_since=None).update(checking_since=None)


def _pending(sale_id: int) -> QuerySet[Sale]:
    return Sale.objects.filter(Exists(Booking.objects.pending().filter(sale=OuterRef("pk"))), pk=sale_id)


def keep_for_the_bank(locked: LockedSale) -> None:
    """Keep the seats of a locked sale until sales close, because the bank takes days. A second time changes nothing."""
    pending = [booking for booking in locked.bookings if booking.status == BookingStatus.PENDING]
    if not pending:
        return
    rows = {booking.pk: locks.seats_of_booking(booking.pk) for booking in pending}
    close = max(booking.showtime.sales_close_at for booking in pending)
    Sale.objects.filter(pk=locked.sale.pk).update(
        checking_since=ClockTimestamp(), payable_until=Greatest(F("payable_until"), close),
        held_until=Greatest(F("held_until"), close),
    )  # fmt: skip
    locked.sale.refresh_from_db()
    for booking in pending:
        keep_seats_for(booking, rows[booking.pk])
