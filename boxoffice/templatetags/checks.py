"""The lights in the office: what the last check of seats and money found, whether the provider agrees with our books, and
whether limits by address work."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from core.caches.process_cache import ProcessCache
from payments.books.key_rights import in_words
from payments.ledger_health import LedgerHealth, ledger_health
from payments.sessions.provider_names import online_provider_name
from reservations.selectors.client_addresses import why_proxies_look_miscounted
from staff.access import may_everywhere

OLD_AFTER = timedelta(hours=26)
ADDRESSES_ARE_LOOKED_AT_EVERY_SECONDS = 60
_miscounted: ProcessCache[None, str] = ProcessCache(seconds=ADDRESSES_ARE_LOOKED_AT_EVERY_SECONDS, most=1)
register = template.Library()


@dataclass(frozen=True)
class Light:
    color: str
    text: str
    url: str
    css_class: str = ""


@register.simple_tag(takes_context=True)
def office_lights(context: dict[str, Any]) -> list[Light]:
    """The lights of the checks; [] for people without rights at all theaters, which they cover."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not may_everywhere(user, "payments.view_invariantrun"):
        return []
    health = ledger_health()
    lights = [_check_light(health), _ledger_light(health), _address_light()]
    return [light for light in lights if light is not None]


def _check_light(health: LedgerHealth) -> Light:
    checks = reverse("admin:payments_invariantrun_changelist")
    if count := health.events_set_aside:
        aside = reverse("admin:payments_providerevent_changelist") + "?state=aside"
        text = ngettext(
            "%(provider)s: %(count)s delivery could not be acted on",
            "%(provider)s: %(count)s deliveries could not be acted on",
            count,
        )
        return Light("red", text % {"count": count, "provider": online_provider_name()}, aside)
    run = health.check
    if run is None:
        return Light("old", gettext("Seats and money: not checked yet"), checks)
    if run.found:
        page = reverse("admin:payments_invariantrun_change", args=[run.pk])
        return Light(
            "red",
            gettext("Seats and money: %(found)s of %(checked)s checks found something")
            % {"found": run.found, "checked": run.checked},
            page,
        )
    if run.finished_at < health.now - OLD_AFTER:
        return Light(
            "old",
            gettext("Seats and money: last checked on %(finished_at)s")
            % {"finished_at": f"{run.finished_at:%d %b %Y}"},
            checks,
        )
    return Light("green", gettext("Seats and money add up"), checks)


def _ledger_light(health: LedgerHealth) -> Light:
    """Whether the provider's books agree with ours; never "yes" without an answer."""
    comparisons, run = reverse("admin:payments_ledgercomparison_changelist"), health.comparison
    provider = online_provider_name()
    if missing := health.missing_right:
        return Light("red", in_words(missing.provider, missing.right), comparisons, "provider-light")
    if health.unanswered_since is not None and not (run is not None and run.found):
        since = f"{health.unanswered_since:%d %b %Y}"
        text = gettext("%(provider)s could not be asked since %(day)s") % {"day": since, "provider": provider}
        return Light("old", text, comparisons, "provider-light")
    if run is None:
        return Light(
            "old", gettext("%(provider)s: not compared yet") % {"provider": provider}, comparisons, "provider-light"
        )
    if run.found:
        page = reverse("admin:payments_ledgercomparison_change", args=[run.pk])
        text = ngettext("%(provider)s differs: %(n)s difference", "%(provider)s differs: %(n)s differences", run.found)
        return Light("red", text % {"n": run.found, "provider": provider}, page, "provider-light")
    if run.finished_at < health.now - OLD_AFTER:
        return Light(
            "old",
            gettext("%(provider)s: last compared on %(day)s")
            % {"provider": provider, "day": f"{run.finished_at:%d %b %Y}"},
            comparisons,
            "provider-light",
        )
    return Light("green", gettext("%(provider)s agrees") % {"provider": provider}, comparisons, "provider-light")


def _address_light() -> Light | None:
    """Red when limits by address stop nobody or everybody, because no customer's address is known; None while all is well."""
    why = _miscounted.get(None, why_proxies_look_miscounted)
    if not why:
        return None
    return Light(
        "red",
        gettext("TRUSTED_PROXY_COUNT looks wrong: %(why)s") % {"why": why},
        reverse("admin:reservations_booking_changelist"),
    )
