"""The lock of a whole sale: its showtimes, itself, its bookings."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.pauses import WhenPaused
from reservations.locks.showtimes import ShowtimeGate, showtime_gate
from reservations.models import Booking
from sales.models import Sale


@dataclass(frozen=True)
class LockedSale:
    """Every booking has this very sale as `booking.sale`. The gates are by showtime."""

    sale: Sale
    bookings: tuple[Booking, ...]
    gates: Mapping[int, ShowtimeGate | None]

    @property
    def first(self) -> Booking:
        """The booking that mails and alerts about the money of the sale name."""
        return self.bookings[0]

    def gate_of(self, booking: Booking) -> ShowtimeGate | None:
        return self.gates[booking.showtime_id]


def whole_sale(sale_id: int) -> LockedSale:
    """Showtimes by id, the sale, its bookings by id: for what follows a sale, which goes on while sales are paused.

    Raises Sale.DoesNotExist, and SalesPaused after a restore.
    """
    showtimes = Booking.objects.filter(sale_id=sale_id).order_by("showtime_id").values_list("showtime_id", flat=True)
    goes_on = WhenPaused.STOPS_AFTER_RESTORE
    gates = {showtime_id: showtime_gate(showtime_id, when_paused=goes_on) for showtime_id in list(showtimes)}
    rows = Booking.objects.filter(sale_id=sale_id).order_by("pk").select_for_update(no_key=True, of=("sale", "self"))
    bookings = tuple(rows)
    if not bookings:
        raise Sale.DoesNotExist
    for booking in bookings:
        booking.sale = bookings[0].sale
    return LockedSale(bookings[0].sale, bookings, gates)
