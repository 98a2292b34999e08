"""A group sits in as few rows behind each other as hold it, and seats of one category are of that one alone."""

from collections import Counter

import pytest

from reservations.refusals import NothingTogether
from reservations.seats.best_seats import best_group, best_together
from tests.reservations.test_best_seats import seats_of

ROOM = "\n".join(f"{letter} oooooooooo" for letter in "ABCDEF")


def rows(seats):
    return Counter(seat.row for seat in seats)


@pytest.mark.parametrize(
    ("count", "sizes"), [(10, [10]), (11, [2, 9]), (15, [5, 10]), (30, [10, 10, 10]), (60, [10] * 6)]
)
def test_as_few_rows_as_hold_them_and_nobody_alone(count, sizes):
    seats = seats_of(ROOM)
    group = best_group(seats, "f" * len(seats), count)
    assert len({seat.label for seat in group}) == count
    assert sorted(rows(group).values()) == sizes
    letters = sorted(rows(group))
    assert "".join(letters) in "ABCDEF"


def test_in_each_row_they_are_neighbors_and_free():
    seats = seats_of(ROOM)
    states = "".join("s" if seat.label in {"D5", "C10"} else "f" for seat in seats)
    group = best_group(seats, states, 20)
    assert rows(group) == {"E": 10, "F": 10}
    group = best_group(seats, states, 28)
    for row in rows(group):
        numbers = sorted(seat.number for seat in group if seat.row == row)
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert not {"D5", "C10"} & {seat.label for seat in group}


@pytest.mark.parametrize(("count", "sold"), [(61, ""), (10, "ABCDEF"), (25, "BD")])
def test_where_they_do_not_fit(count, sold):
    seats = seats_of(ROOM)
    states = "".join("s" if seat.row in sold else "f" for seat in seats)
    with pytest.raises(NothingTogether):
        best_group(seats, states, count)


def test_standard_only():
    seats = seats_of("A oooooooooo\nB oooooooooo\nC pppppppppp")
    states = "f" * len(seats)
    standard = frozenset({"STANDARD"})
    assert rows(best_together(seats, states, 4)) != rows(
        best_together(seats, states, 4, categories=frozenset({"PREMIUM"}))
    )
    assert rows(best_group(seats, states, 20, categories=standard)) == {"A": 10, "B": 10}
    with pytest.raises(NothingTogether):
        best_group(seats, states, 21, categories=standard)
