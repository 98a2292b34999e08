"""The lock of a whole sale: its showtimes, itself, its bookings."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.pauses import WhenPaused
from reservations.locks.showtimes import ShowtimeGate, showtime_gate
from reservations.models import Booking
from sales.models import Sale


@dataclass(frozen=True)
class LockedSale:
    """A locked sale. Its bookings have it as `booking.sale`; `gates` is by showtime."""

    sale: Sale
    bookings: tuple[Booking, ...]
    gates: Mapping[int, ShowtimeGate | None]

    @property
    def first(self) -> Booking:
        """The booking that is named in mails and alerts about the sale's money."""
        return self.bookings[0]

    def gate_of(self, booking: Booking) -> ShowtimeGate | None:
        return self.gates[booking.showtime_id]


def whole_sale(sale_id: int) -> LockedSale:
    """Lock showtimes by id, the sale, its bookings by id: for acts after a sale, which go on while sales are paused.

    Raises Sale.DoesNotExist, and SalesPaused after a restore.
    """
    return sale_behind(gates_of_sale(sale_id), sale_id)


def gates_of_sale(
    sale_id: int, *, and_showtime: int | None = None, when_paused: WhenPaused = WhenPaused.STOPS_AFTER_RESTORE
) -> dict[int, ShowtimeGate | None]:
    """The showtimes of a sale, and another one that it is about to have, by id. Raises SalesPaused."""
    showtimes = Booking.objects.filter(sale_id=sale_id).order_by("showtime_id").values_list("showtime_id", flat=True)
    also = set() if and_showtime is None else {and_showtime}
    return {
        showtime_id: showtime_gate(showtime_id, when_paused=when_paused) for showtime_id in sorted({*showtimes, *also})
    }


def sale_behind(gates: Mapping[int, ShowtimeGate | None], sale_id: int) -> LockedSale:
    """The sale and its bookings, after its showtimes and, in an exchange, the hold with the new seats."""
    rows = Booking.objects.filter(sale_id=sale_id).order_by("pk").select_for_update(no_key=True, of=("sale", "self"))
    bookings = tuple(rows)
    if not bookings:
        raise Sale.DoesNotExist
    for booking in bookings:
        booking.sale = bookings[0].sale
    return LockedSale(bookings[0].sale, bookings, gates)
