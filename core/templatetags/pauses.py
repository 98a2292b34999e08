from zoneinfo import ZoneInfo

from django import template
from django.db import Error

from core.pauses import Pause, current_pause

register = template.Library()


@register.simple_tag
def sales_pause() -> Pause | None:
    """The pause of all sales, for pages that say so. None also when the database does not answer."""
    try:
        return current_pause()
    except Error:
        return None


@register.simple_tag
def unknown_tickets(zone: ZoneInfo) -> str:
    """Which tickets the door may not know after a restore; '' while it knows all."""
    pause = sales_pause()
    return "" if pause is None else pause.unknown_tickets(zone)
