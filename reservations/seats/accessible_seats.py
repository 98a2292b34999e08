"""When companion seats are released to all: when every other seat is sold."""

from core.clock import ClockTimestamp
from reservations.models import ShowtimeSeat
from reservations.seats.single_seats import APART
from reservations.seats.state import SeatState, in_state


def are_released(showtime_id: int) -> bool:
    """Whether each ordinary seat of the showtime is sold or kept back; held ones may come free again."""
    ordinary = ShowtimeSeat.objects.filter(showtime_id=showtime_id).exclude(seat__category__in=APART)
    left = in_state(SeatState.FREE, SeatState.HELD, SeatState.PENDING, at=ClockTimestamp())
    return not ordinary.filter(left).exists()
