"""Deliveries of providers, as they arrived; those that were set aside can be tried again or closed."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from boxoffice.admin.actions import action_view
from boxoffice.admin.actions.events import CloseEvent, ReplayEvent
from core.texts.lazy_text import gettext_lazy as _
from payments.models import Payment, ProviderEvent
from reservations.links.booking_search import HELP, bookings_matching
from staff.access import may_everywhere
from staff.office import HOUSE, LedgerAdmin, as_json, moment_text, state_chip, viewer

UTC = ZoneInfo("UTC")
MOST_PAYMENTS = 200
ADVICE = (
    "It failed again and again, and is not tried any more by itself. Look at its payment in the provider's dashboard. Once the "
    "cause is mended, try it again; if there is nothing to do about it, close it."
)


class DoneFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("done", "Done"), ("waiting", "Waiting"), ("aside", "Set aside")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ProviderEvent]) -> QuerySet[ProviderEvent]:
        if self.value() == "aside":
            return queryset.filter(done_at__isnull=True, set_aside_at__isnull=False)
        if self.value() == "waiting":
            return queryset.filter(done_at__isnull=True, set_aside_at__isnull=True)
        return queryset.filter(done_at__isnull=False) if self.value() == "done" else queryset


@admin.register(ProviderEvent)
class ProviderEventAdmin(LedgerAdmin):
    theater_path = HOUSE  # which theater a delivery belongs to is known only after its object was looked at
    nothing_here = _("No payment provider has sent news yet.")
    list_display = ["received", "kind", "provider_id", "state", "outcome", "attempts_count"]
    list_display_links = ["received"]
    list_filter = [DoneFilter, "kind"]
    search_fields = ["provider_id", "kind"]
    search_help_text = f"{HELP}, an id of the payment provider or a kind of event"
    fields = [
        "provider_id", "kind", "state", "outcome", "what_to_do", "received", "done", "attempts_count", "failures", "as_it_came",
    ]  # fmt: skip

    def get_urls(self) -> list[Any]:
        acts = [("replay", ReplayEvent), ("close", CloseEvent)]
        return [
            *(
                path(f"<int:pk>/{name}/", action_view(action, self), name=f"payments_providerevent_{name}")
                for name, action in acts
            ),
            *super().get_urls(),
        ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ProviderEvent], search_term: str
    ) -> tuple[QuerySet[ProviderEvent], bool]:
        words = search_term.strip()
        if not words:
            return queryset, False
        matches = Q(provider_id=words) | Q(kind__icontains=words)
        keys, ids = _names_of_payments(words)
        matches |= Q(payment_key__in=keys) | Q(object_id__in=ids) | Q(provider_payment_id__in=ids)
        return queryset.filter(matches), False

    @admin.display(description="state")
    def state(self, event: ProviderEvent) -> SafeString:
        if event.done_at:
            return state_chip("done", "Done")
        return state_chip("failed", "Set aside") if event.set_aside_at else state_chip("waiting", "Waiting")

    @admin.display(description=_("what to do"))
    def what_to_do(self, event: ProviderEvent) -> SafeString | str:
        if event.done_at or not event.set_aside_at:
            return gettext("Nothing to do.")
        said = format_html("{}", ADVICE)
        if may_everywhere(viewer.get(), ReplayEvent.permission):
            for name, words in (("replay", "Try it again"), ("close", "Close it")):
                url = reverse(f"admin:payments_providerevent_{name}", args=[event.pk])
                said = format_html('{} <a class="button" href="{}">{}</a>', said, url, words)
        return said

    @admin.display(description="received", ordering="pk")
    def received(self, event: ProviderEvent) -> str:
        return moment_text(event.received_at, UTC)

    @admin.display(description="done", ordering="done_at")
    def done(self, event: ProviderEvent) -> str:
        return moment_text(event.done_at, UTC)

    @admin.display(description="attempts", ordering="attempts")
    def attempts_count(self, event: ProviderEvent) -> int:
        return event.attempts

    @admin.display(description=_("as it came"))
    def as_it_came(self, event: ProviderEvent) -> SafeString:
        return as_json(event.payload)


def _names_of_payments(words: str) -> tuple[list[str], list[str]]:
    """The keys of the found payments with their provider's ids, and the ids that were typed."""
    payments = Payment.objects.filter(sale__in=bookings_matching(words).values("sale"))
    rows = payments.values_list("key", "session_id", "provider_id")[:MOST_PAYMENTS]
    keys: list[str] = []
    ids = [words]
    for key, session_id, provider_id in rows:
        keys.append(key)
        ids += [key for key in (session_id, provider_id) if key]
    return keys, ids
