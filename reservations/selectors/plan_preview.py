"""A plan as customers will see it: drawn like the seat map, with all seats free."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from reservations.seats.map_markup import LegendEntry, prepare_seats
from theaters.models import Seat
from theaters.seat_categories import Categories

FREE = "f"


@dataclass(frozen=True)
class PlanPreview:
    grid: SafeString
    size: str
    legend: tuple[LegendEntry, ...]
    css_url: str


def plan_preview(seats: list[Seat], *, currency: str, categories: Categories) -> PlanPreview:
    """Draw seats in reading order, stored or not. There are no prices, which belong to a showtime."""
    prepared = prepare_seats(seats, currency=currency, prices={}, categories=categories)
    return PlanPreview(prepared.render(FREE * len(seats)), prepared.size, prepared.legend, categories.css_url)
