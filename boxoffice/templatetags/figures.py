"""How the figures of a report are written."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString

from boxoffice.report_tables import ReportTable, read

register = template.Library()


@register.filter
def cells(line: tuple[Any, ...], table: ReportTable) -> list[tuple[SafeString | str, bool]]:
    """Each with whether it is a figure: those stand at the right."""
    return [(read(cell, table.currency), _is_figure(cell)) for cell in line]


@register.filter
def heads(table: ReportTable) -> list[tuple[str, bool]]:
    """The names of the columns, each where its cells stand."""
    first = table.rows[0] if table.rows else ()
    return [(name, bool(first) and _is_figure(first[place])) for place, name in enumerate(table.head)]


def _is_figure(cell: Any) -> bool:
    return isinstance(cell, int | Decimal)
