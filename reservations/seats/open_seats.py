"""The seats of a showtime as one browser can choose them: the cached plan with the states of the seat map."""

from dataclasses import replace

from reservations.seats.best_seats import OpenSeats
from reservations.seats.empty_places import empty_place_prices
from reservations.seats.geometry import PlanSeat
from reservations.seats.map_reads import SeatMap
from reservations.seats.plan_seats import picture_of_plan, rows_near_exit, seats_of_plan

FREE_OR_MINE = "fm"


def open_seats_of(seat_map: SeatMap) -> OpenSeats[PlanSeat]:
    """The seats that are free or held by this browser."""
    seats = seats_of_plan(seat_map.plan_id)
    free = {seat.label for seat, state in zip(seats, seat_map.states, strict=True) if state in FREE_OR_MINE}
    sells_empty_places = bool(empty_place_prices(seat_map.version_id))
    return OpenSeats(
        seats,
        free,
        replace(picture_of_plan(seat_map.plan_id), free=frozenset(free)),
        sells_empty_places=sells_empty_places,
        exit_rows=rows_near_exit(seat_map.plan_id),
    )
