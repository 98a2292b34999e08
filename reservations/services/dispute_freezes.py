"""Tickets whose money is disputed open no door until the bank has decided: shown as they are, without their codes."""

from core.clock import ClockTimestamp
from reservations.models import Booking
from reservations.services.status_changes import log_moves
from reservations.states import BookingStatus

FROZEN = "FROZEN"


def freeze_booking(booking: Booking, *, actor: str, note: str = "") -> None:
    """A locked booking; only a confirmed one has tickets to freeze. Frozen already: nothing changes."""
    if booking.status == BookingStatus.CONFIRMED and booking.frozen_at is None:
        _set(booking, ClockTimestamp())
        log_moves("freeze", [(booking.pk, "", FROZEN)], actor=actor, note=note)


def thaw_booking(booking: Booking, *, actor: str, note: str = "") -> None:
    """The tickets of a locked booking are as good as before."""
    if booking.frozen_at is not None:
        _set(booking, None)
        log_moves("freeze", [(booking.pk, FROZEN, "")], actor=actor, note=note)


def _set(booking: Booking, moment: ClockTimestamp | None) -> None:
    booking.frozen_at = moment
    booking.changed_at = ClockTimestamp()
    booking.save(update_fields=["frozen_at", "changed_at"])
    booking.refresh_from_db(fields=["frozen_at", "changed_at"])
