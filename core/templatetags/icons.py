"""Icons from one cached file, in the color of the text."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

FILE = "img/icons.svg"


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Decoration unless a label is given: then the picture says something the text beside it does not."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    kind = "icon arrow" if name.startswith("arrow-") else "icon"
    return format_html('<svg class="{}" {}><use href="{}#{}"/></svg>', kind, spoken, static(FILE), name)
