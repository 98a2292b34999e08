"""Freezes tickets whose money is disputed: until the bank has decided they open no door, and their pages show no code."""

from core.clock import ClockTimestamp
from reservations.locks import LockedSale
from reservations.records.status_changes import log_moves
from reservations.states import BookingStatus
from sales.services.owing import change_sale

FROZEN = "FROZEN"


def freeze_tickets(locked: LockedSale, *, actor: str, note: str = "") -> None:
    """Freeze the confirmed bookings of a sale. Nothing changes where there are none, or where they are frozen already."""
    confirmed = [booking.pk for booking in locked.bookings if booking.status == BookingStatus.CONFIRMED]
    if confirmed and locked.sale.frozen_at is None:
        change_sale(locked.sale, frozen_at=ClockTimestamp())
        locked.sale.refresh_from_db(fields=["frozen_at"])
        log_moves("freeze", [(pk, "", FROZEN) for pk in confirmed], actor=actor, note=note)


def thaw_tickets(locked: LockedSale, *, actor: str, note: str = "") -> None:
    """Make the frozen tickets of a sale valid again."""
    if locked.sale.frozen_at is not None:
        change_sale(locked.sale, frozen_at=None)
        log_moves("freeze", [(booking.pk, FROZEN, "") for booking in locked.bookings], actor=actor, note=note)
