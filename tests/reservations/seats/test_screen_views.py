"""How the screen looks from a seat, compared with values computed by hand."""

from math import degrees, sqrt, tan

import pytest

from reservations.seats.geometry import PlanSeat
from reservations.seats.screen_views import SEAT_WIDTH, AuditoriumMeasures, seat_views

MEASURES = AuditoriumMeasures(screen_width=10, screen_height=4, first_row=5, pitch=1, rise=0.5)


def seat(x, y):
    return PlanSeat(f"{y}-{x}", "A", 1, "", "STANDARD", "", x=x, y=y)


SEATS = [seat(x, y) for y in range(2, 6) for x in (0, 2, 4, 6, 8)]


def test_from_the_middle_of_the_first_row():
    """At five meters from a screen of ten its edges are at 45° on both sides."""
    view = seat_views(SEATS, MEASURES).view_from([seat(4, 2)])
    assert view.distance == pytest.approx(5)
    assert view.width_degrees == pytest.approx(90)
    assert view.top_degrees == pytest.approx(38.66, abs=0.01)  # atan(4 / 5)


def test_rows_behind_are_farther_and_higher():
    view = seat_views(SEATS, MEASURES).view_from([seat(4, 5)])
    assert view.distance == pytest.approx(8)
    assert view.width_degrees == pytest.approx(64.01, abs=0.01)  # 2 atan(5 / 8)
    assert view.top_degrees == pytest.approx(17.35, abs=0.01)  # atan((4 - 3 x 0.5) / 8)


def test_beside_the_middle_the_screen_is_narrower_and_alike_on_both_sides():
    views = seat_views(SEATS, MEASURES)
    left, right = views.view_from([seat(0, 2)]), views.view_from([seat(8, 2)])
    assert (left, left.width_degrees < 90) == (right, True)
    assert left.distance == pytest.approx(sqrt(25 + (2 * SEAT_WIDTH) ** 2))
    assert tan(left.top_degrees / degrees(1)) == pytest.approx(4 / left.distance)


def test_neighbors_see_it_from_their_middle():
    views = seat_views(SEATS, MEASURES)
    assert views.view_from([seat(2, 2), seat(4, 2), seat(6, 2)]) == views.view_from([seat(4, 2)])


def test_without_measures_or_seats_nothing_is_said():
    assert seat_views(SEATS, None) is None
    assert seat_views([], MEASURES) is None
