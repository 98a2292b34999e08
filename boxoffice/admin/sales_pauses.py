"""The pauses of all sales, with the buttons by which owners pause and resume."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from core.models import PauseKind, SalesPause
from core.pauses import as_pause, read_pause
from core.texts.lazy_text import gettext_lazy as _
from staff.access import may_everywhere, staff_actor
from staff.office import HOUSE, LedgerAdmin, moment_text, state_chip
from staff.reauth import fresh_sign_in_required
from theaters.schedule.sales_pauses import (
    NoReason,
    NotAgreed,
    NotPaused,
    pause_sales,
    resume_sales,
    resume_sales_although_it_differs,
)

UTC = ZoneInfo("UTC")
MOST_REASON = 200
PAUSE_SALES = "core.pause_sales"


@admin.register(SalesPause)
class SalesPauseAdmin(LedgerAdmin):
    """Pauses of all sales, for people with rights at all theaters, which they stop."""

    theater_path = HOUSE
    list_display = ["began", "state", "kind", "why", "actor", "ended"]
    list_display_links = ["began"]
    fields = ["began", "state", "kind", "why", "actor", "known", "agreed", "lost_here", "ended", "ended_by"]

    def get_urls(self) -> list[Any]:
        switch = path("switch/", self.admin_site.admin_view(self.switch), name="core_salespause_switch")
        return [switch, *super().get_urls()]

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return may_everywhere(request.user, "core.view_salespause")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        extra = {
            "may_pause": may_everywhere(request.user, PAUSE_SALES),
            "active": read_pause(),
            "reconcile_command": settings.RECONCILE_COMMAND,
        }
        return super().changelist_view(request, {**extra, **(extra_context or {})})

    @method_decorator(require_POST)
    @method_decorator(fresh_sign_in_required)
    def switch(self, request: HttpRequest) -> HttpResponse:
        """Pause or resume. If the state has changed since the form was shown, nothing is changed."""
        if not may_everywhere(request.user, PAUSE_SALES):
            raise PermissionDenied
        actor, reason = staff_actor(request.user), request.POST.get("reason", "").strip()[:MOST_REASON]
        try:
            if request.POST.get("do") == "resume":
                resume_sales(actor=actor, reason=reason)
                self.message_user(request, gettext("Sales are resumed."))
            elif request.POST.get("do") == "resume-although-it-differs":
                resume_sales_although_it_differs(actor=actor, reason=reason)
                self.message_user(
                    request, gettext("Sales are resumed, although the payment provider and the database may differ.")
                )
            else:
                pause_sales(why=reason, actor=actor)
                self.message_user(
                    request, gettext("Sales are paused. Open payments settle; refunds, mail and the door go on.")
                )
        except (NoReason, NotAgreed, NotPaused) as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        return redirect("admin:core_salespause_changelist")

    @admin.display(description="since", ordering="pk")
    def began(self, pause: SalesPause) -> str:
        return moment_text(pause.since, UTC)

    @admin.display(description="ended")
    def ended(self, pause: SalesPause) -> str:
        return moment_text(pause.ended_at, UTC)

    @admin.display(description=_("tickets are known until"))
    def known(self, pause: SalesPause) -> str:
        return moment_text(pause.known_until, UTC)

    @admin.display(description=_("the payment provider and the database agreed"))
    def agreed(self, pause: SalesPause) -> str:
        return moment_text(pause.agreed_at, UTC)

    @admin.display(description=_("what the payment provider does not know of"))
    def lost_here(self, pause: SalesPause) -> str:
        return " ".join(as_pause(pause).losses_in_words)

    @admin.display(description="state")
    def state(self, pause: SalesPause) -> SafeString:
        if pause.ended_at is not None:
            return state_chip("done", "Over")
        return state_chip("failed" if pause.kind == PauseKind.AFTER_RESTORE else "waiting", "Active")
