"""The free seats of a showtime, as staff choose them from a list."""

from itertools import groupby

from core.clock import ClockTimestamp
from reservations.models import ShowtimeSeat
from reservations.seats.state import SeatState, in_state


def free_rows(showtime_id: int) -> list[tuple[str, list[str]]]:
    """Each row with the labels that nobody has now, in the plan's order: one query."""
    free = in_state(SeatState.FREE, at=ClockTimestamp())
    seats = ShowtimeSeat.objects.filter(free, showtime_id=showtime_id).order_by("pk")
    rows = groupby(seats.values_list("seat__row", "label"), key=lambda found: found[0])
    return [(row, [label for _, label in found]) for row, found in rows]
