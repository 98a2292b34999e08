"""When companion seats are released to all: when every other seat is sold."""

from core.clock import ClockTimestamp
from reservations.models import ShowtimeSeat
from reservations.seats.state import SeatState, in_state
from theaters.seat_categories import with_behavior
from theaters.states import SeatBehavior

APART = with_behavior(SeatBehavior.WHEELCHAIR, SeatBehavior.COMPANION, field="seat__category")


def are_released(showtime_id: int) -> bool:
    """Whether each ordinary seat of the showtime is sold or kept back; held ones may come free again."""
    ordinary = ShowtimeSeat.objects.filter(showtime_id=showtime_id).exclude(APART)
    left = in_state(SeatState.FREE, SeatState.HELD, SeatState.PENDING, at=ClockTimestamp())
    return not ordinary.filter(left).exists()
