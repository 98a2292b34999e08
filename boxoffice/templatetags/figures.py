"""Template tags that format the figures of a report."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString

from boxoffice.report_tables import ReportTable, read

register = template.Library()


@register.filter
def cells(line: tuple[Any, ...], table: ReportTable) -> list[tuple[SafeString | str, bool]]:
    """The cells, each with whether it is a figure, which is aligned right."""
    return [(read(cell, table.currency), _is_figure(cell)) for cell in line]


@register.filter
def heads(table: ReportTable) -> list[tuple[str, bool]]:
    """The names of the columns, aligned like their cells."""
    first = table.rows[0] if table.rows else ()
    return [(name, bool(first) and _is_figure(first[place])) for place, name in enumerate(table.head)]


def _is_figure(cell: Any) -> bool:
    return isinstance(cell, int | Decimal)
