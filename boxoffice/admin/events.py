"""What Stripe told us, as it came; what could not be acted on can be tried again or closed."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from boxoffice.admin.actions import act_view
from boxoffice.admin.actions.events import CloseEvent, ReplayEvent
from core.office import HOUSE, LedgerAdmin, as_json, moment_text, state_chip, viewer
from payments.models import Payment, StripeEvent
from reservations.services.booking_search import HELP, bookings_matching
from theaters.access import may_everywhere

UTC = ZoneInfo("UTC")
MOST_PAYMENTS = 200
ADVICE = (
    "It failed again and again, and is not tried any more by itself. Look at its payment in Stripe's dashboard. Once the "
    "cause is mended, try it again; if there is nothing to do about it, close it."
)


class DoneFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("done", "Done"), ("waiting", "Waiting"), ("aside", "Set aside")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[StripeEvent]) -> QuerySet[StripeEvent]:
        if self.value() == "aside":
            return queryset.filter(done_at__isnull=True, set_aside_at__isnull=False)
        if self.value() == "waiting":
            return queryset.filter(done_at__isnull=True, set_aside_at__isnull=True)
        return queryset.filter(done_at__isnull=False) if self.value() == "done" else queryset


@admin.register(StripeEvent)
class StripeEventAdmin(LedgerAdmin):
    theater_path = HOUSE  # a delivery names ids of Stripe; which theater they belong to is known only after a look
    nothing_here = "Stripe has sent no news yet."
    list_display = ["received", "kind", "stripe_id", "state", "outcome", "attempts_count"]
    list_display_links = ["received"]
    list_filter = [DoneFilter, "kind"]
    search_fields = ["stripe_id", "kind"]
    search_help_text = f"{HELP}, an id of Stripe or a kind of event"
    fields = [
        "stripe_id", "kind", "state", "outcome", "what_to_do", "received", "done", "attempts_count", "failures", "as_it_came",
    ]  # fmt: skip

    def get_urls(self) -> list[Any]:
        acts = [("replay", ReplayEvent), ("close", CloseEvent)]
        return [
            *(
                path(f"<int:pk>/{name}/", act_view(act, self), name=f"payments_stripeevent_{name}")
                for name, act in acts
            ),
            *super().get_urls(),
        ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[StripeEvent], search_term: str
    ) -> tuple[QuerySet[StripeEvent], bool]:
        words = search_term.strip()
        if not words:
            return queryset, False
        matches = Q(stripe_id=words) | Q(kind__icontains=words)
        for name, ids in _named_in_payload(words).items():
            matches |= Q(**{f"payload__data__object__{name}__in": ids})
        return queryset.filter(matches), False

    @admin.display(description="state")
    def state(self, event: StripeEvent) -> SafeString:
        if event.done_at:
            return state_chip("done", "Done")
        return state_chip("failed", "Set aside") if event.set_aside_at else state_chip("waiting", "Waiting")

    @admin.display(description="what to do")
    def what_to_do(self, event: StripeEvent) -> SafeString | str:
        if event.done_at or not event.set_aside_at:
            return "Nothing to do."
        said = format_html("{}", ADVICE)
        if may_everywhere(viewer.get(), ReplayEvent.permission):
            for name, words in (("replay", "Try it again"), ("close", "Close it")):
                url = reverse(f"admin:payments_stripeevent_{name}", args=[event.pk])
                said = format_html('{} <a class="button" href="{}">{}</a>', said, url, words)
        return said

    @admin.display(description="received", ordering="pk")
    def received(self, event: StripeEvent) -> str:
        return moment_text(event.received_at, UTC)

    @admin.display(description="done", ordering="done_at")
    def done(self, event: StripeEvent) -> str:
        return moment_text(event.done_at, UTC)

    @admin.display(description="attempts", ordering="attempts")
    def attempts_count(self, event: StripeEvent) -> int:
        return event.attempts

    @admin.display(description="as it came")
    def as_it_came(self, event: StripeEvent) -> SafeString:
        return as_json(event.payload)


def _named_in_payload(words: str) -> dict[str, list[str]]:
    """Where a delivery names a payment: our key, or Stripe's ids of it; and the ids that were typed."""
    payments = Payment.objects.filter(booking__in=bookings_matching(words).values("pk"))
    rows = payments.values_list("key", "session_id", "intent_id")[:MOST_PAYMENTS]
    keys, ids = [], [words]
    for key, session_id, intent_id in rows:
        keys.append(key)
        ids += [one for one in (session_id, intent_id) if one]
    return {"client_reference_id": keys, "metadata__payment": keys, "id": ids, "payment_intent": ids}
