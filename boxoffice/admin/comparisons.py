"""The comparisons with the provider: what was mended, what still differs, and the button that asks for one more."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from core.texts.lazy_text import gettext_lazy as _
from payments.books.comparison_runs import ask_for_comparison
from payments.models import LedgerComparison
from payments.selectors import with_booking_links
from staff.access import may_everywhere, staff_actor
from staff.office import LedgerAdmin, moment_text, state_chip

UTC = ZoneInfo("UTC")


@admin.register(LedgerComparison)
class LedgerComparisonAdmin(LedgerAdmin):
    """Comparisons with providers, for people with the right to see the checks at all theaters, which they cover."""

    theater_path = "house"
    list_display = ["asked", "outcome", "left_count", "mended_count", "actor"]
    list_display_links = ["asked"]
    fields = ["asked", "actor", "span", "finished", "outcome", "error", "left_count", "mended_count", "told"]

    def get_urls(self) -> list[Any]:
        now = path("now/", self.admin_site.admin_view(self.compare_now), name="payments_ledgercomparison_compare_now")
        return [now, *super().get_urls()]

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return may_everywhere(request.user, "payments.view_invariantrun")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        extra = {
            "title": "Comparisons with the payment provider",
            "may_compare": may_everywhere(request.user, "payments.run_invariants"),
            "waiting": LedgerComparison.objects.filter(finished_at=None, error="").exists(),
        }
        return super().changelist_view(request, {**extra, **(extra_context or {})})

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        run = self.get_object(request, object_id)
        left, mended = ([], []) if run is None else (run.left, run.mended)
        found = {"left": with_booking_links(left), "mended": with_booking_links(mended)}
        return super().change_view(request, object_id, form_url, {**found, **(extra_context or {})})

    @method_decorator(require_POST)
    def compare_now(self, request: HttpRequest) -> HttpResponse:
        """Ask a worker for a comparison, because it may take too long for a page."""
        if not may_everywhere(request.user, "payments.run_invariants"):
            raise PermissionDenied
        ask_for_comparison(actor=staff_actor(request.user))
        self.message_user(
            request,
            gettext("A worker compares our books with the payment provider's now. Come back to this page in a minute."),
        )
        return redirect("admin:payments_ledgercomparison_changelist")

    @admin.display(description="asked", ordering="pk")
    def asked(self, run: LedgerComparison) -> str:
        return moment_text(run.asked_at, UTC)

    @admin.display(description="movements")
    def span(self, run: LedgerComparison) -> str:
        return f"{moment_text(run.since, UTC)} to {moment_text(run.until, UTC)}"

    @admin.display(description="finished")
    def finished(self, run: LedgerComparison) -> str:
        return moment_text(run.finished_at, UTC)

    @admin.display(description="outcome")
    def outcome(self, run: LedgerComparison) -> SafeString:
        if run.finished_at is None:
            return (
                state_chip("failed", "The payment provider could not be asked")
                if run.error
                else state_chip("waiting", "Waiting")
            )
        return state_chip("failed", "Differs") if run.differences else state_chip("done", "Both agree")

    @admin.display(description=_("differences left"))
    def left_count(self, run: LedgerComparison) -> int:
        return run.differences

    @admin.display(description="mended")
    def mended_count(self, run: LedgerComparison) -> int:
        return len(run.mended)

    @admin.display(description=_("told to staff"))
    def told(self, run: LedgerComparison) -> str:
        return moment_text(run.told_at, UTC)
