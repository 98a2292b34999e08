"""Uploaded files of the largest size and oddest shape that staff may give are read or refused in seconds, not in minutes."""

import time

import pytest

from core.refusals import Refusal
from reservations.moving_in.old_ticket_files import OldFileRefused, read_old_tickets
from theaters.movies.movie_files import FileRefused, read_table
from theaters.plans.plan_foreign import FileCategories, ForeignPlanError, read_csv

pytestmark = pytest.mark.long

COLUMNS = ",".join(f"{number:x}" for number in range(90_000))
SECONDS = 8  # walking over every column for each column takes minutes


def seconds_to_read(read, text: str, refusal: type[Refusal] | None = None) -> float:
    began = time.process_time()
    if refusal is None:
        read(text)
    else:
        with pytest.raises(refusal):
            read(text)
    return time.process_time() - began


def test_a_file_of_movies_with_ninety_thousand_columns():
    assert seconds_to_read(read_table, f"slug,{COLUMNS}"[:490_000] + "\nmetropolis") < SECONDS


def test_a_file_of_old_tickets_that_names_a_column_a_hundred_thousand_times():
    text = "auditorium;movie;starts;" + "barcode;" * 100_000 + "\n1"
    assert seconds_to_read(read_old_tickets, text, OldFileRefused) < SECONDS


def test_a_movie_file_that_names_one_column_twice_is_still_refused():
    with pytest.raises(FileRefused, match="'title' is there twice"):
        read_table("title,year,title\nMetropolis,1927,Metropolis")


@pytest.mark.parametrize(
    "lines",
    [
        "A,1,0\n" * 160_000,
        "".join(f"{number:x},1,0\n" for number in range(100_000)),
        "".join(f"A,1,{number:x}\n" for number in range(100_000)),
    ],
    ids=["one row", "many rows", "many categories"],
)
def test_a_plan_with_a_hundred_thousand_lines(lines):
    def read(text):
        return read_csv(text, FileCategories(adopts=True))

    assert seconds_to_read(read, f"row,seat,category\n{lines}", ForeignPlanError) < SECONDS


def test_seats_of_a_row_without_numbers_are_counted_along_their_row():
    drawing = read_csv("row,seat\nA,\nB,\nA,\nA,\n")
    assert [seat.label for seat in drawing.seats] == ["A1", "A2", "A3", "B1"]
