"""The lights in the office: what the last check of seats and money found, whether Stripe agrees with our books, and
whether limits by address work."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import template
from django.urls import reverse

from core.clock import database_now
from core.memory import Memory
from payments.models import KeyRefusal, StripeComparison, StripeEvent
from payments.selectors import last_check, last_comparison, waiting_comparison
from payments.services.key_rights import in_words
from reservations.selectors.client_addresses import why_proxies_look_miscounted
from theaters.access import may_everywhere

OLD_AFTER = timedelta(hours=26)
ADDRESSES_ARE_LOOKED_AT_EVERY_SECONDS = 60
_miscounted: Memory[None, str] = Memory(seconds=ADDRESSES_ARE_LOOKED_AT_EVERY_SECONDS, most=1)
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


@register.simple_tag(takes_context=True)
def address_light(context: dict[str, Any]) -> Light | None:
    """Red when limits by address stop nobody or everybody, because no customer's address is known; None while all is well."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not may_everywhere(user, "payments.view_invariantrun"):
        return None
    why = _miscounted.get(None, why_proxies_look_miscounted)
    if not why:
        return None
    return Light("red", f"TRUSTED_PROXY_COUNT looks wrong: {why}", reverse("admin:reservations_booking_changelist"))


@register.simple_tag(takes_context=True)
def stripe_light(context: dict[str, Any]) -> Light | None:
    """Whether Stripe agrees with our books. Not asked, or not answered, is never yes."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not may_everywhere(user, "payments.view_invariantrun"):
        return None
    comparisons = reverse("admin:payments_stripecomparison_changelist")
    if refusal := KeyRefusal.objects.present().order_by("pk").first():
        return Light("red", in_words(refusal.right), comparisons)
    run, waiting = last_comparison(), waiting_comparison()
    if waiting is not None and not (run is not None and run.differences):
        return Light("old", f"Stripe could not be asked since {waiting.asked_at:%d %b %Y}", comparisons)
    return _light_of(run, comparisons)


def _light_of(run: StripeComparison | None, comparisons: str) -> Light:
    """The last comparison that came to its end."""
    if run is None or run.finished_at is None:
        return Light("old", "Stripe: not compared yet", comparisons)
    if run.differences:
        count = f"{run.differences} difference{'' if run.differences == 1 else 's'}"
        page = reverse("admin:payments_stripecomparison_change", args=[run.pk])
        return Light("red", f"Stripe differs: {count}", page)
    if run.finished_at < database_now() - OLD_AFTER:
        return Light("old", f"Stripe: last compared on {run.finished_at:%d %b %Y}", comparisons)
    return Light("green", "Stripe agrees", comparisons)
