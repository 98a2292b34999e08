"""Icons as inline SVG: they take the color of the text and need no request of their own."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Drawn on a 24 grid with a 1.75 stroke, so that all of them weigh the same beside text.
SHAPES = {
    "arrow-left": '<path d="M20 12H4.5M11 5l-7 7 7 7"/>',
    "arrow-right": '<path d="M4 12h15.5M13 5l7 7-7 7"/>',
    "calendar": '<rect x="3.5" y="5" width="17" height="15.5" rx="2"/><path d="M3.5 10h17M8 2.8V7M16 2.8V7"/>',
    "cash": (
        '<rect x="3" y="6.5" width="18" height="11" rx="2"/><circle cx="12" cy="12" r="2.6"/>'
        '<path d="M6.6 9.6v.1M17.4 14.3v.1"/>'
    ),
    "check": '<path d="m4.5 12.5 5 5 10-11"/>',
    "chevron-down": '<path d="m6 9.5 6 6 6-6"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.2l3.4 2"/>',
    "close": '<path d="m5.5 5.5 13 13M18.5 5.5l-13 13"/>',
    "companion": (
        '<circle cx="8" cy="6.2" r="2.4"/><path d="M3.6 20v-5a4.4 4.4 0 0 1 8.8 0v5"/>'
        '<circle cx="17" cy="9" r="2"/><path d="M15 20v-4.4a3 3 0 0 1 5.6-1.4V20"/>'
    ),
    "door": '<path d="M5 20.5h14M7 20.5V4.2h10v16.3M13.7 12h.1"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 7.8v.1"/>',
    "mail": '<rect x="3" y="5.5" width="18" height="13" rx="2"/><path d="m3.6 7 8.4 6.3L20.4 7"/>',
    "minus": '<path d="M5 12h14"/>',
    "pin": '<path d="M12 21s6.5-6 6.5-11a6.5 6.5 0 0 0-13 0c0 5 6.5 11 6.5 11Z"/><circle cx="12" cy="10" r="2.3"/>',
    "plus": '<path d="M5 12h14M12 5v14"/>',
    "print": '<path d="M7 9V3.5h10V9M7 17H4V9.8h16V17h-3M7 14h10v6.5H7z"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5.5 5.5"/>',
    "seat": '<path d="M7 13V6.2A2.2 2.2 0 0 1 9.2 4h5.6A2.2 2.2 0 0 1 17 6.2V13M4 10.5V18h16v-7.5M7 13h10M6 18v2.5M18 18v2.5"/>',
    "sum": '<path d="M17.5 7.5V5H6.8l6 7-6 7h10.7v-2.5"/>',
    "ticket": (
        '<path d="M3.5 7.5a1.5 1.5 0 0 1 1.5-1.5h14a1.5 1.5 0 0 1 1.5 1.5v2.3a2.2 2.2 0 0 0 0 4.4v2.3A1.5 1.5 0 0 1 '
        '19 18H5a1.5 1.5 0 0 1-1.5-1.5v-2.3a2.2 2.2 0 0 0 0-4.4zM14.5 6v2M14.5 11v2M14.5 16v2"/>'
    ),
    "user": '<circle cx="12" cy="8" r="3.7"/><path d="M4.5 20.5a7.5 7.5 0 0 1 15 0"/>',
    "warning": '<path d="M12 3.8 21.3 20H2.7zM12 10v4.5M12 17.2v.1"/>',
    "wheelchair": (
        '<circle cx="10" cy="4.2" r="1.8"/><path d="M10 8v6h6l2.6 5.5M10 10.5h5"/>'
        '<path d="M7.2 11.6a5.2 5.2 0 1 0 7.4 6.2"/>'
    ),
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Decoration unless a label is given: then the picture says something the text beside it does not."""
    shape = mark_safe(SHAPES[name])  # noqa: S308  our own constant
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="icon" data-icon="{}" viewBox="0 0 24 24" {}>{}</svg>', name, spoken, shape)
