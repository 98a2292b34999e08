"""The free seats of a showtime, as staff choose them from a list."""

from itertools import groupby

from core.clock import ClockTimestamp
from reservations.models import ShowtimeSeat
from reservations.seats.state import SeatState, in_state
from theaters.seat_labels import is_place, row_name

MOST_PLACES_OFFERED = 20


def free_rows(showtime_id: int) -> list[tuple[str, list[str]]]:
    """The heading of each row with the labels that nobody has now, in the plan's order: one query."""
    free = in_state(SeatState.FREE, at=ClockTimestamp())
    seats = ShowtimeSeat.objects.filter(free, showtime_id=showtime_id).order_by("pk")
    rows = groupby(seats.values_list("seat__row", "label"), key=lambda found: row_name(found[1], found[0]))
    return [(heading, _offered([label for _, label in found])) for heading, found in rows]


def _offered(labels: list[str]) -> list[str]:
    """All seats of a row; only the first places of an area, because all are equally good."""
    return labels[:MOST_PLACES_OFFERED] if is_place(labels[0]) else labels
