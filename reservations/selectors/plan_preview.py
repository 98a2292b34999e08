"""A plan as customers will see it: drawn by what draws the seat map, with nothing taken."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from reservations.seats.map_markup import LegendEntry, prepare_seats
from theaters.models import Seat
from theaters.states import SeatCategory

FREE = "f"


@dataclass(frozen=True)
class PlanPreview:
    grid: SafeString
    size: str
    legend: tuple[LegendEntry, ...]


def plan_preview(seats: list[Seat], *, currency: str) -> PlanPreview:
    """Of seats in reading order, in the database or not. Without prices: these belong to a showtime."""
    prepared = prepare_seats(seats, currency=currency, prices=dict.fromkeys(SeatCategory.values))
    return PlanPreview(prepared.render(FREE * len(seats)), prepared.size, prepared.legend)
