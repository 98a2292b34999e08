"""How the figures of a report are written."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from boxoffice.sheets import Sheet, read

register = template.Library()


@register.filter
def cells(line: tuple[Any, ...], sheet: Sheet) -> list[SafeString | str]:
    return [read(cell, sheet.currency) for cell in line]
