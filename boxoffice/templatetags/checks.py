"""The light in the office: whether the last check of seats and money found anything, and when that was."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import template
from django.urls import reverse

from core.clock import database_now
from payments.models import StripeEvent
from payments.selectors import last_check
from theaters.access import may_everywhere

OLD_AFTER = timedelta(hours=26)
register = template.Library()


@dataclass(frozen=True)
class Light:
    color: str
    text: str
    url: str


@register.simple_tag(takes_context=True)
def check_light(context: dict[str, Any]) -> Light | None:
    """None for those who may not see what a check found: it tells about all theaters."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not may_everywhere(user, "payments.view_invariantrun"):
        return None
    checks = reverse("admin:payments_invariantrun_changelist")
    if count := StripeEvent.objects.set_aside().count():
        aside = reverse("admin:payments_stripeevent_changelist") + "?state=aside"
        deliveries = "delivery" if count == 1 else "deliveries"
        return Light("red", f"Stripe: {count} {deliveries} could not be acted on", aside)
    run = last_check()
    if run is None or run.finished_at is None:
        return Light("old", "Seats and money: not checked yet", checks)
    if run.broken:
        page = reverse("admin:payments_invariantrun_change", args=[run.pk])
        return Light("red", f"Seats and money: {run.broken} of {run.checked} checks found something", page)
    if run.finished_at < database_now() - OLD_AFTER:
        return Light("old", f"Seats and money: last checked on {run.finished_at:%d %b %Y}", checks)
    return Light("green", "Seats and money add up", checks)
