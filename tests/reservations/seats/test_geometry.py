"""Where seats are: sections, rows, neighbors, sofas. Computed without a database."""

from pathlib import Path

import pytest
from django.conf import settings

from reservations.seats.geometry import (
    NEIGHBOR,
    PlanSeat,
    beside_aisle,
    distance_from_best_place,
    sections_of,
    stretches_of,
    units_of,
    width_of,
)
from theaters.plans.plan_drawing import TALLEST, WIDEST
from theaters.plans.plan_files import read_plan, with_places
from theaters.plans.plan_text import parse_plan
from theaters.seat_labels import neighbors_in_words


def seats_of(text):
    wanted = PlanSeat.__dataclass_fields__
    return [PlanSeat(*(getattr(seat, name) for name in wanted)) for seat in parse_plan(text).seats]


def labels(rows):
    return [[seat.label for seat in row] for row in rows]


TWO_SECTIONS = """
[Stalls]
A oo.oo
B ppppp
[Balcony]
C ss ss
"""


def test_sections_with_their_rows_from_the_screen():
    sections = sections_of(seats_of(TWO_SECTIONS))
    assert [name for name, _ in sections] == ["Stalls", "Balcony"]
    assert [len(rows) for _, rows in sections] == [2, 1]
    assert sections_of([]) == []


def test_an_aisle_and_a_missing_seat_end_a_stretch_and_another_category_does_not():
    seats = seats_of("A oo.oo\nB ooppo")
    assert labels(stretches_of(seats)) == [["A1", "A2"], ["A3", "A4"], ["B1", "B2", "B3", "B4", "B5"]]
    without = [seat for seat in seats if seat.label != "B1"]
    assert ["B2", "B3", "B4", "B5"] in labels(stretches_of(without))


def test_a_sofa_has_its_seats_from_the_left():
    sofas = units_of(reversed(seats_of(TWO_SECTIONS)))
    assert [[seat.x for seat in sofa] for sofa in sofas.values()] == [
        sorted(seat.x for seat in sofa) for sofa in sofas.values()
    ]
    assert sum(map(len, sofas.values())) == 4


def test_the_width_counts_half_seats():
    assert (width_of([]), width_of(seats_of("A oo"))) == (2, 4 + seats_of("A oo")[0].x)


def test_the_map_has_a_class_for_every_width_and_height_that_a_plan_may_have():
    """Without its class a room has no size: it stands at the left edge, and its screen is a dot."""
    rules = (Path(settings.BASE_DIR) / "static/css/grid.css").read_text()
    # A section name for each row, and lines without seats, make a drawing higher than its plan.
    for name, least, most in [("w", NEIGHBOR, WIDEST), ("x", 0, WIDEST - NEIGHBOR), ("h", 1, TALLEST)]:
        missing = [at for at in range(least, most + 1) if f".{name}{at}{{--{name}:{at}}}" not in rules]
        assert not missing, f"{name}: {missing}"


def test_the_middle_of_the_row_two_thirds_back_is_nearest():
    seats = seats_of("A ooo\nB ooo\nC ooo\nD ooo")
    distance = distance_from_best_place(seats)
    assert min(seats, key=lambda seat: distance([seat])).label == "C2"


@pytest.mark.parametrize(
    ("count", "words"), [(1, "row A, seat 1"), (2, "row A, seats 1 and 2"), (3, "row A, seats 1 to 3")]
)
def test_neighbors_in_words(count, words):
    assert neighbors_in_words(seats_of("A ooo")[:count]) == words
    assert neighbors_in_words(seats_of("[Circle]\nA ooo")[:count]) == f"{words}, Circle"


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("A oo.oo", "A2 A3"),
        ("A oooo\nB oo", "A1 A4 B1 B2"),  # no row has a gap: people come in at the ends of the rows
        ("A oo.oo\nB ooooo", "A2 A3"),  # an unbroken row has no aisle seats if other rows have an aisle
        ("A oooo\n[Balcony]\nB o.oo", "A1 A4 B1 B2"),  # each section is judged alone
        ("A o\nB o", "A1 B1"),
        ("A o:oo", "A1 A2"),  # any gap counts
        ("A oo.oo\n[Floor]\nunreserved 4", "A2 A3"),
    ],
)
def test_beside_an_aisle(plan, expected):
    seats = with_places(read_plan(plan))
    assert sorted(beside_aisle(seats)) == expected.split() == sorted(beside_aisle(reversed(seats)))


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("seats 1: beside aisle yes\nA ooo.ooo", "A1 A3 A4"),  # an aisle along the wall
        ("seats 3: beside aisle no\nA ooo.ooo", "A4"),  # a pillar in the gap
        ("beside aisle no\nA ooo", ""),
        ("seats 2: beside aisle yes\nA ooo", "A1 A2 A3"),
        ("beside aisle unknown\nA ooo", "A1 A3"),
    ],
)
def test_what_the_plan_says_of_aisles_counts_more_than_the_drawing(plan, expected):
    seats = parse_plan(plan).seats
    assert sorted(beside_aisle(seats)) == expected.split() == sorted(beside_aisle(reversed(seats)))


def test_nobody_is_beside_an_aisle_where_nobody_sits():
    assert beside_aisle([]) == frozenset()
