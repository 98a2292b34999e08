"""The checks of seats and money: what each found, with links, and the button that asks for one more."""

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
from payments.books.invariant_runs import ask_for_check
from payments.books.invariants import MOST_SHOWN
from payments.models import InvariantRun
from payments.selectors import found_rows
from staff.access import may_everywhere, staff_actor
from staff.office import NOTHING, LedgerAdmin, moment_text, state_chip

UTC = ZoneInfo("UTC")


@admin.register(InvariantRun)
class InvariantRunAdmin(LedgerAdmin):
    """Checks of seats and money, for people with rights at all theaters, which they cover."""

    theater_path = "house"
    list_display = ["asked", "outcome", "broken_of", "took", "actor"]
    list_display_links = ["asked"]
    fields = ["asked", "actor", "finished", "outcome", "broken_of", "took", "told"]

    def get_urls(self) -> list[Any]:
        now = path("now/", self.admin_site.admin_view(self.check_now), name="payments_invariantrun_check_now")
        return [now, *super().get_urls()]

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return may_everywhere(request.user, "payments.view_invariantrun")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        extra = {
            "title": "Checks of seats and money",
            "may_check": may_everywhere(request.user, "payments.run_invariants"),
            "waiting": InvariantRun.objects.filter(finished_at=None).exists(),
        }
        return super().changelist_view(request, {**extra, **(extra_context or {})})

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        run = self.get_object(request, object_id)
        found = [] if run is None else [_with_links(finding) for finding in run.findings]
        return super().change_view(request, object_id, form_url, {"found": found, **(extra_context or {})})

    @method_decorator(require_POST)
    def check_now(self, request: HttpRequest) -> HttpResponse:
        """Ask a worker for a check, because it may take too long for a page."""
        if not may_everywhere(request.user, "payments.run_invariants"):
            raise PermissionDenied
        ask_for_check(actor=staff_actor(request.user))
        self.message_user(request, gettext("A worker checks seats and money now. Come back to this page in a minute."))
        return redirect("admin:payments_invariantrun_changelist")

    @admin.display(description="asked", ordering="pk")
    def asked(self, run: InvariantRun) -> str:
        return moment_text(run.asked_at, UTC)

    @admin.display(description="finished")
    def finished(self, run: InvariantRun) -> str:
        return moment_text(run.finished_at, UTC)

    @admin.display(description="outcome")
    def outcome(self, run: InvariantRun) -> SafeString:
        if run.finished_at is None:
            return state_chip("waiting", "Waiting")
        return state_chip("failed", "Found something") if run.broken else state_chip("done", "Adds up")

    @admin.display(description="broken")
    def broken_of(self, run: InvariantRun) -> str:
        return f"{run.broken} of {run.checked}" if run.finished_at else NOTHING

    @admin.display(description="took")
    def took(self, run: InvariantRun) -> str:
        return f"{run.milliseconds / 1000:.1f} s" if run.finished_at else NOTHING

    @admin.display(description=_("told to staff"))
    def told(self, run: InvariantRun) -> str:
        return moment_text(run.told_at, UTC)


def _with_links(finding: dict[str, Any]) -> dict[str, Any]:
    return {**finding, "rows": found_rows(finding["rows"]), "is_cut": len(finding["rows"]) >= MOST_SHOWN}
