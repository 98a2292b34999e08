"""{{ name|isolated }}: a name keeps its own direction of writing. The template loader adds it
(core/web/template_files.py).
"""

from typing import Any

from django import template
from django.utils.safestring import SafeData

from core.texts import directions

register = template.Library()


@register.filter
def isolated(value: Any) -> Any:
    """Isolate the direction of plain text; markup and numbers stay as they are."""
    return directions.isolated(value) if isinstance(value, str) and not isinstance(value, SafeData) else value
