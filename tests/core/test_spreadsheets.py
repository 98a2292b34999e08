from decimal import Decimal

import pytest

from core.spreadsheets import csv_answer, csv_lines, safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+44 20", "-cmd", "@x", "\t=1", "\r=1", "-1-1", "--1"])
def test_what_a_spreadsheet_would_run_is_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "cell"), [(-3, -3), (Decimal("-3.50"), Decimal("-3.50")), ("-3.50", "-3.50"), (None, ""), ("A 1", "A 1")]
)
def test_numbers_stay_numbers(value, cell):
    assert safe_cell(value) == cell


def test_a_line_is_quoted_where_it_must_be():
    assert list(csv_lines(["a", "b"], [['x,"y', "=1"]])) == ["\ufeff", "a,b\r\n", '"x,""y",\'=1\r\n']


def test_a_download_has_a_name_and_stays_in_no_cache():
    answer = csv_answer("sales-london", ["a"], [[1]])
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sales-london.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"".join(answer.streaming_content) == b"\xef\xbb\xbfa\r\n1\r\n"
