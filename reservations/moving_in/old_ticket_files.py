"""Files of tickets that another system sold: CSV in any usual encoding and with any usual separator, read into lines.

No database is read. A line without barcode and seat only names a showtime.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext

from core.refusals import Refusal
from core.texts.encodings import decoded_text
from core.texts.lazy_text import gettext_lazy
from core.web.unstorable_text import is_unstorable
from reservations.moving_in.old_ticket_columns import COLUMNS, read_columns

# The text comes back with the confirmation, in a form of at most 1 MB.
MOST_BYTES = 900_000
SEPARATORS = (",", ";", "\t", "|")
# Programs put an apostrophe before a text so that it is no formula, and before a number that shall keep its zeros; it is not
# part of the value.
KEPT_FROM_RUNNING = re.compile(r"'(?:[=+\-@]|[0-9]+$)")
# `="0012"`: how programs keep a spreadsheet from dropping the zeros.
AS_A_FORMULA = re.compile(r'="(.*)"')


class OldFileRefused(Refusal):
    """The sentence says why nothing of this file can be read."""

    status = 422
    sentence = gettext_lazy("This file cannot be read.")


@dataclass(frozen=True)
class OldTicketLine:
    """`number`: the line in the file, as a text editor counts. Cells by our names of the columns, without blanks around."""

    number: int
    cells: dict[str, str]

    def cell(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass(frozen=True)
class OldTicketFile:
    lines: tuple[OldTicketLine, ...]
    unknown_columns: tuple[str, ...]


def decode_old_tickets(data: bytes) -> str:
    """Read the text of a file. Raises OldFileRefused."""
    try:
        return decoded_text(data)
    except UnicodeDecodeError:
        raise OldFileRefused(
            gettext("The letters of this file cannot be read. In a spreadsheet choose “CSV UTF-8” when you save it.")
        ) from None


def read_old_tickets(text: str) -> OldTicketFile:
    """Read the CSV. Raises OldFileRefused when it is empty, not CSV, or lacks columns."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if is_unstorable(text):
        raise OldFileRefused(gettext("This is not a text file. Save it as CSV."))
    if not text.strip():
        raise OldFileRefused(gettext("There is nothing in this file."))
    header = next(line for line in text.split("\n") if line.strip())
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(SEPARATORS, key=header.count), strict=True)
    try:
        names: list[str] = []
        while not any(names):
            names = [name.strip() for name in next(reader)]
        columns = _columns(names)
        lines = tuple(_lines(reader, columns))
    except csv.Error as error:
        raise OldFileRefused(
            gettext("Line %(line)s cannot be read as CSV: %(error)s.") % {"line": reader.line_num, "error": error}
        ) from None
    if not lines:
        raise OldFileRefused(gettext("There is only a line with the names of the columns."))
    return OldTicketFile(lines, tuple(name for name, column in zip(names, columns, strict=True) if name and not column))


def _columns(names: list[str]) -> list[str]:
    columns = read_columns(names)
    if doubled := sorted(name for name, count in Counter(columns).items() if name and count > 1):
        raise OldFileRefused(
            gettext("Two columns say the same thing: %(columns)s. Rename the one that shall not be read.")
            % {"columns": ", ".join(doubled)}
        )
    missing = [name for name in ("auditorium", "movie") if name not in columns]
    if not {"starts", "date", "time"} & set(columns):
        missing.append("starts")
    if missing:
        there = ", ".join(name[:40] for name in names if name)
        raise OldFileRefused(
            gettext(
                "These columns are missing: %(columns)s. The file has: %(there)s. All columns that are read: %(all)s."
            )
            % {"columns": ", ".join(missing), "there": there[:600], "all": ", ".join(COLUMNS)}
        )
    return columns


def _lines(reader: "Iterator[list[str]]", columns: list[str]) -> Iterator[OldTicketLine]:
    last = reader.line_num  # type: ignore[attr-defined]
    for cells in reader:
        number, last = last + 1, reader.line_num  # type: ignore[attr-defined]
        if any(cell.strip() for cell in cells):
            named = zip(columns, cells, strict=False)
            yield OldTicketLine(number, {name: _clean(cell) for name, cell in named if name})


def _clean(cell: str) -> str:
    cell = cell.strip()
    if found := AS_A_FORMULA.fullmatch(cell):
        return found[1]
    return cell[1:] if KEPT_FROM_RUNNING.match(cell) else cell


# The sample file of the office: a showtime alone, an order of two tickets, and a single ticket.
EXAMPLE = (
    ("barcode", "auditorium", "starts", "movie", "seat", "type", "price", "order", "email", "name"),
    ("", "Screen 1", "2027-03-14 20:15", "Metropolis", "", "", "", "", "", ""),
    ("004170001", "Screen 1", "2027-03-14 20:15", "Metropolis", "C7", "Adult", "12.50", "A-9001", "ada@example.com", "Ada"),
    ("004170002", "Screen 1", "2027-03-14 20:15", "Metropolis", "C8", "Child", "9.00", "A-9001", "ada@example.com", "Ada"),
    ("WEB-77-aB3", "Screen 2", "2027-03-15 17:00", "The General", "A1", "Adult", "12.50", "A-9002", "", ""),
)  # fmt: skip
