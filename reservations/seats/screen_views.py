"""Computes how the screen is seen from a seat, from the measures of the auditorium. Pure; lengths are in meters.

Rows lie straight behind each other, a seat is as wide as SEAT_WIDTH, and the lower edge of the screen is as high as the
eyes of somebody in the first row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, degrees, hypot

from reservations.seats.geometry import NEIGHBOR, Placed

SEAT_WIDTH = 0.55


@dataclass(frozen=True, slots=True)
class AuditoriumMeasures:
    """`first_row` is the way from the screen to the first row, `pitch` from row to row, `rise` how much a row is higher."""

    screen_width: float
    screen_height: float
    first_row: float
    pitch: float
    rise: float


@dataclass(frozen=True, slots=True)
class AuditoriumFacts:
    """Facts of an auditorium from staff: its measures, None if unknown, and the names of rows near an exit."""

    measures: AuditoriumMeasures | None = None
    exit_rows: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SeatView:
    """The screen as it is seen: how far its middle is, how wide it is, how far its upper edge is above the eyes."""

    distance: float
    width_degrees: float
    top_degrees: float


@dataclass(frozen=True, slots=True)
class SeatViews:
    """Views from the seats of a plan; `middle` and `first` say where the screen's middle and the first row are in it."""

    measures: AuditoriumMeasures
    middle: float
    first: int

    def place_of(self, seats: Sequence[Placed]) -> tuple[float, float, float]:
        """The middle of neighbors in meters: beside the screen's middle, away from it, above the first row."""
        measures = self.measures
        rows = seats[0].y - self.first
        ahead = measures.first_row + measures.pitch * rows
        aside = ((seats[0].x + seats[-1].x) / 2 - self.middle) / NEIGHBOR * SEAT_WIDTH
        return aside, ahead, measures.rise * rows

    def view_from(self, seats: Sequence[Placed]) -> SeatView:
        """Compute how the screen looks from the middle of these neighboring seats."""
        measures = self.measures
        aside, ahead, up = self.place_of(seats)
        half = measures.screen_width / 2
        distance = hypot(ahead, aside)
        return SeatView(
            distance=distance,
            width_degrees=degrees(atan2(half - aside, ahead) + atan2(half + aside, ahead)),
            top_degrees=degrees(atan2(measures.screen_height - up, distance)),
        )


def seat_views(seats: Sequence[Placed], measures: AuditoriumMeasures | None) -> SeatViews | None:
    """Return the views of a plan; None without seats or the measures of the auditorium."""
    if measures is None or not seats:
        return None
    places = [seat.x for seat in seats]
    return SeatViews(measures, (min(places) + max(places)) / 2, min(seat.y for seat in seats))
