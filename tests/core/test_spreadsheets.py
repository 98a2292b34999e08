from decimal import Decimal

import pytest

from core.spreadsheets import CsvStyle, csv_answer, csv_lines, csv_style, safe_cell


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+44 20", "-cmd", "@x", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x", "-1-1", "--1"],
)
def test_what_a_spreadsheet_would_run_is_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "cell"), [(-3, -3), (Decimal("-3.50"), Decimal("-3.50")), ("-3.50", "-3.50"), (None, ""), ("A 1", "A 1")]
)
def test_numbers_stay_numbers(value, cell):
    assert safe_cell(value) == cell


def test_a_line_is_quoted_where_it_must_be():
    assert list(csv_lines(["a", "b"], [['x,"y', "=1"]])) == ["\ufeff", "a,b\r\n", '"x,""y",\'=1\r\n']


def test_a_download_has_a_name_and_stays_in_no_cache(rf):
    answer = csv_answer(rf.get("/"), "sales-london", ["a"], [[1]])
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sales-london.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"".join(answer.streaming_content) == b"\xef\xbb\xbfa\r\n1\r\n"


@pytest.mark.parametrize(
    ("languages", "asked", "style"),
    [
        ("", "", CsvStyle.COMMA),
        ("en-GB,en;q=0.9", "", CsvStyle.COMMA),
        ("de-DE,de;q=0.9,en;q=0.5", "", CsvStyle.SEMICOLON),
        ("de-CH", "", CsvStyle.COMMA),
        ("fr", "", CsvStyle.SEMICOLON),
        ("no-such-language, de;q=0.5", "", CsvStyle.SEMICOLON),
        ("de", "comma", CsvStyle.COMMA),
        ("en", "semicolon", CsvStyle.SEMICOLON),
        ("en", "tabs", CsvStyle.COMMA),
    ],
)
def test_a_file_opens_in_columns_where_its_reader_is(rf, languages, asked, style):
    headers = {"Accept-Language": languages} if languages else {}
    assert csv_style(rf.get("/", {"columns": asked} if asked else {}, headers=headers)) == style


def test_a_german_spreadsheet_reads_amounts_as_numbers_and_nothing_else_changes(rf):
    rows = [["8.5", Decimal("-1234.50"), 3, "a;b", "=1"]]
    answer = csv_answer(rf.get("/", headers={"Accept-Language": "de"}), "sales", ["title", "gross"], rows)
    assert b"".join(answer.streaming_content).decode() == '\ufefftitle;gross\r\n8.5;-1234,50;3;"a;b";\'=1\r\n'
