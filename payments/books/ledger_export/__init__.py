"""The export for accounting: two books, one line for each sale, correction, payment and refund, by business day.

Everything is read from rows that never change: the log of moves and the cancellations. So an exported day stays as it
is; what happens later is a line of a later day. Sums by currency are those of the ledger (docs/money-and-seats.md).
"""

import heapq
from collections.abc import Iterator
from datetime import date
from typing import Any

from houses.business_days import day_bounds
from houses.models import Theater
from payments.books.ledger_export.export_line import HEADER, ExportLine, Window, cells
from payments.books.ledger_export.money import disputes, payments, refunds
from payments.books.ledger_export.sales import cancellations, exchanges, sales

__all__ = ["HEADER", "ExportLine", "ledger_lines", "ledger_rows"]


def ledger_lines(*, theater: Theater, first: date, last: date) -> Iterator[ExportLine]:
    """Yield what happened from the start of the first business day to the end of the last, oldest first."""
    window = Window(theater, day_bounds(theater, first)[0], day_bounds(theater, last)[1])
    books = [
        sales(window),
        exchanges(window),
        cancellations(window),
        payments(window),
        refunds(window),
        disputes(window),
    ]
    yield from heapq.merge(*books, key=lambda line: line.at)


def ledger_rows(*, theater: Theater, first: date, last: date) -> Iterator[tuple[Any, ...]]:
    """Yield the export's cells row by row, because the file may be larger than memory."""
    for line in ledger_lines(theater=theater, first=first, last=last):
        yield cells(line, theater)
