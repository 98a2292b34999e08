"""Changes the owner of locked seat rows. Each statement filters by the present owner, so another owner's row is never
touched.
"""

from collections.abc import Iterable

from reservations.models import Booking, Hold, ShowtimeSeat
from reservations.seats.state import SeatState


def sell_seats(rows: Iterable[ShowtimeSeat], *, booking: Booking) -> dict[str, str]:
    """Give the rows to the booking for good. Returns the new state of each, by label."""
    sold = list(rows)
    ShowtimeSeat.objects.filter(pk__in=[row.pk for row in sold]).update(booking=booking, hold=None, held_until=None)
    return {row.label: SeatState.SOLD.value for row in sold}


def sell_seats_in_bulk(pairs: Iterable[tuple[ShowtimeSeat, Booking]]) -> dict[str, str]:
    """Give each locked row to its booking for good, in one statement. Returns the new state of each, by label."""
    sold = []
    for row, booking in pairs:
        row.booking, row.hold, row.held_until = booking, None, None
        sold.append(row)
    ShowtimeSeat.objects.bulk_update(sold, ["booking", "hold", "held_until"])
    return {row.label: SeatState.SOLD.value for row in sold}


def leave_seats(rows: Iterable[ShowtimeSeat], *, booking: Booking) -> dict[str, str]:
    """Take the booking's own rows among these from it. Returns the new state of each, by label: free, or house."""
    own = [row for row in rows if row.booking_id == booking.pk]
    seats = ShowtimeSeat.objects.filter(pk__in=[row.pk for row in own], booking=booking)
    seats.update(booking=None, held_until=None)
    return {row.label: row.state_when_left for row in own}


def return_seats_to_hold(rows: Iterable[ShowtimeSeat], *, hold: Hold) -> None:
    """Change seats: give the rows of a pending booking to a hold, until the hold ends."""
    seats = ShowtimeSeat.objects.filter(pk__in=[row.pk for row in rows])
    seats.update(hold=hold, booking=None, held_until=hold.expires_at)


def keep_seats_for(booking: Booking, rows: Iterable[ShowtimeSeat]) -> None:
    """Lengthen the time of a pending booking's seats."""
    seats = ShowtimeSeat.objects.filter(pk__in=[row.pk for row in rows], booking=booking)
    seats.update(held_until=booking.sale.held_until)
