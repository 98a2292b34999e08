"""The tables and charts of a report. Page and spreadsheet are made from the same rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from boxoffice.charts import Chart
from boxoffice.selectors.day_ranges import DayRange
from boxoffice.selectors.sales_figures import Basis
from core.money import format_money, smallest_unit

Row = tuple[Any, ...]


class Percent(int):
    """A percentage: "12%" on the page, 12 in a spreadsheet."""


@dataclass(frozen=True)
class Link:
    """A cell with a link; a spreadsheet gets its text only."""

    text: str
    url: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Verdict:
    """Whether figures agree with those of another source, as a light with a sentence."""

    light: str
    text: str


@dataclass(frozen=True)
class ReportOptions:
    """The choices on the form of a report."""

    span: DayRange
    group: str = ""
    basis: Basis = Basis.SHOW


@dataclass(frozen=True)
class ReportTable:
    """A table whose first column names the row. `key` names it in addresses and files."""

    key: str
    title: str
    head: tuple[str, ...]
    rows: Sequence[Row]
    foot: Row = ()
    currency: str = ""
    charts: tuple[Chart, ...] = ()
    explained: str = ""
    verdict: Verdict | None = None
    is_folded: bool = False

    @property
    def lines(self) -> list[Row]:
        """The rows, followed by the row of sums if there is one."""
        return [*self.rows, self.foot] if self.foot else list(self.rows)

    def exported(self) -> tuple[tuple[str, ...], list[Row]]:
        """Heading and rows for a spreadsheet: plain numbers, with their currency."""
        unit = smallest_unit(self.currency) if self.currency else Decimal(1)
        plain = [
            tuple(cell.quantize(unit) if isinstance(cell, Decimal) else cell for cell in line) for line in self.lines
        ]
        if not self.currency:
            return self.head, plain
        return (*self.head, "Currency"), [(*line, self.currency) for line in plain]


def read(cell: Any, currency: str) -> SafeString | str:
    """Return a cell as the page shows it."""
    if isinstance(cell, Link):
        return format_html('<a href="{}">{}</a>', cell.url, cell.text)
    if isinstance(cell, Decimal):
        return format_money(cell, currency)
    if isinstance(cell, Percent):
        return f"{int(cell)}%"
    return "–" if cell is None else f"{cell:,}" if isinstance(cell, int) else str(cell)
