"""The free seats of a showtime, as staff choose them from a list."""

from itertools import groupby

from core.clock import ClockTimestamp
from reservations.models import ShowtimeSeat
from reservations.seats.state import SeatState, in_state
from theaters.seat_labels import row_name


def free_rows(showtime_id: int) -> list[tuple[str, list[str]]]:
    """The heading of each row with the labels that nobody has now, in the plan's order: one query."""
    free = in_state(SeatState.FREE, at=ClockTimestamp())
    seats = ShowtimeSeat.objects.filter(free, showtime_id=showtime_id).order_by("pk")
    rows = groupby(seats.values_list("seat__row", "label"), key=lambda found: row_name(found[1], found[0]))
    return [(heading, [label for _, label in found]) for heading, found in rows]
