"""Tables that are opened in a spreadsheet: CSV as UTF-8, written line by line, with nothing a spreadsheet would run.

A spreadsheet opens a file in columns when it is written as its country does. A German one wants semicolons between the
columns and commas in the amounts; an English one wants commas and points, and so does every program that reads the file.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation.trans_real import parse_accept_lang_header

# The first letters of formulas that OWASP lists, with their wide forms.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class CsvStyle(StrEnum):
    """COMMA: 1,2.50 as programs read it. SEMICOLON: 1;2,50 as spreadsheets of countries with a decimal comma do."""

    COMMA = "comma"
    SEMICOLON = "semicolon"


SEPARATORS = {CsvStyle.COMMA: ",", CsvStyle.SEMICOLON: ";"}


def csv_style(request: HttpRequest) -> CsvStyle:
    """The style that `?columns=` names, else the usual one for the languages of the reader's browser."""
    asked = request.GET.get("columns", "")
    if asked in set(CsvStyle):
        return CsvStyle(asked)
    for language, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        try:
            decimal = get_decimal_symbol(Locale.parse(language, sep="-"))
        except (UnknownLocaleError, ValueError):
            continue
        return CsvStyle.SEMICOLON if decimal == "," else CsvStyle.COMMA
    return CsvStyle.COMMA


class _Echo:
    """A file for csv.writer whose `write` returns the text."""

    def write(self, text: str) -> str:
        return text


def safe_cell(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP); numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, int | Decimal):
        return value
    text = str(value)
    if text.startswith(STARTS_A_FORMULA) and not PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def csv_lines(
    header: Iterable[str], rows: Iterable[Iterable[Any]], *, style: CsvStyle = CsvStyle.COMMA
) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=SEPARATORS[style])
    yield "\ufeff"  # without it a well-known spreadsheet guesses the wrong letters
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow([_in_style(safe_cell(cell), style) for cell in row])


def _in_style(cell: Any, style: CsvStyle) -> Any:
    is_amount = style == CsvStyle.SEMICOLON and isinstance(cell, Decimal)
    return f"{cell:f}".replace(".", ",") if is_amount else cell


def csv_answer(
    request: HttpRequest, name: str, header: Iterable[str], rows: Iterable[Iterable[Any]]
) -> StreamingHttpResponse:
    """Return a CSV download in the reader's style; `name` has no extension."""
    answer = StreamingHttpResponse(
        csv_lines(header, rows, style=csv_style(request)), content_type="text/csv; charset=utf-8"
    )
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}.csv")
    answer.headers["Content-Disposition"] = disposition or "attachment"
    answer.headers["Cache-Control"] = "no-store"
    return answer
