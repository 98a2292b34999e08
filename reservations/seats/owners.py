"""Who has a seat: rows that are locked go from one to another. Fenced by the owner: nobody else's row is touched."""

from collections.abc import Iterable

from reservations.models import Booking, Hold, ShowtimeSeat
from reservations.seats.state import SeatState


def sell_seats(rows: Iterable[ShowtimeSeat], *, booking: Booking) -> dict[str, str]:
    """The rows are the booking's for good. Returns what each is now, by label."""
    sold = list(rows)
    ShowtimeSeat.objects.filter(pk__in=[row.pk for row in sold]).update(booking=booking, hold=None, held_until=None)
    return {row.label: SeatState.SOLD.value for row in sold}


def sell_seats_in_bulk(pairs: Iterable[tuple[ShowtimeSeat, Booking]]) -> dict[str, str]:
    """Each of the locked rows is its booking's for good, in one statement. Returns what each is now, by label."""
    sold = []
    for row, booking in pairs:
        row.booking, row.hold, row.held_until = booking, None, None
        sold.append(row)
    ShowtimeSeat.objects.bulk_update(sold, ["booking", "hold", "held_until"])
    return {row.label: SeatState.SOLD.value for row in sold}


def leave_seats(rows: Iterable[ShowtimeSeat], *, booking: Booking) -> dict[str, str]:
    """The booking gives those of the rows back that are its own. Returns what each is now: free, or house."""
    own = [row for row in rows if row.booking_id == booking.pk]
    seats = ShowtimeSeat.objects.filter(pk__in=[row.pk for row in own], booking=booking)
    seats.update(booking=None, held_until=None)
    return {row.label: row.state_when_left for row in own}


def return_seats_to_hold(rows: Iterable[ShowtimeSeat], *, hold: Hold) -> None:
    """Change seats: what a pending booking had goes on as a hold, as long as the hold lasts."""
    seats = ShowtimeSeat.objects.filter(pk__in=[row.pk for row in rows])
    seats.update(hold=hold, booking=None, held_until=hold.expires_at)


def keep_seats_for(booking: Booking, rows: Iterable[ShowtimeSeat]) -> None:
    """A pending booking waits longer, and its seats with it."""
    seats = ShowtimeSeat.objects.filter(pk__in=[row.pk for row in rows], booking=booking)
    seats.update(held_until=booking.sale.held_until)
