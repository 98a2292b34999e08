"""The reference of a booking inside of a sentence: it never breaks at its hyphen, wherever it stands."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def unbroken(reference: object) -> SafeString:
    """Wrap a reference so that it stays on one line; base.css says how it looks."""
    return format_html('<span class="reference">{}</span>', reference)
