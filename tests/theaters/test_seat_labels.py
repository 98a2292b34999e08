"""The name of a seat: row and number, with its section if the auditorium has another row of that name."""

import pytest

from theaters.plans.plan_text import parse_plan
from theaters.seat_labels import clean_label, row_and_number, seat_name, seat_words, section_in, short_label


def test_the_section_stands_in_labels_of_repeated_rows_alone():
    seats = parse_plan("[Stalls]\nA oo\nB o\n[The King's Circle]\nA o\n12 o\n").seats
    assert [seat.label for seat in seats] == ["Stalls A1", "Stalls A2", "B1", "The King's Circle A1", "12-1"]
    assert [seat_name(seat) for seat in seats[1:4]] == [
        "Stalls, row A, seat 2", "Row B, seat 1", "The King's Circle, row A, seat 1",
    ]  # fmt: skip
    assert seat_words(seats[2]) == "row B, seat 1"
    assert (section_in("12-1"), section_in(seats[3].label), short_label(seats[3].label)) == (
        "",
        "The King's Circle",
        "A1",
    )


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("c7", "C7"), (" C7 ", "C7"), ("12-3", "12-3"), ("Upper balcony a7", "Upper balcony A7"), ("", ""), ("Balcony", ""),
        ("A", ""), ("7A", ""), ("C7;DROP", ""), ("x" * 41 + " A7", ""), ("a[b A7", ""), ("a\x00b A7", ""), ("C١", ""),
    ],
)  # fmt: skip
def test_labels_are_cleaned(typed, label):
    assert clean_label(typed) == label


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("a7", ("A", 7)),
        ("A-7", ("A", 7)),
        ("BA12", ("BA", 12)),
        ("12-3", ("12", 3)),
        ("1A3", ("1A", 3)),
        ("123", None),
        ("A", None),
    ],
)
def test_row_and_number_are_read_as_people_type_them(typed, place):
    assert row_and_number(typed) == place
