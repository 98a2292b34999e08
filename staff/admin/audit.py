"""The audit log, read-only: who changed what, from what to what, and why."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from accounts.models import User
from core.spreadsheets import csv_answer
from core.texts.lazy_text import gettext_lazy as _
from staff.access import may_everywhere, may_somewhere, staff_actor, theaters_of
from staff.admin.audit_days import DaysFilter
from staff.models import AuditEntry
from staff.office import NOTHING, LedgerAdmin, link_to, moment_text
from staff.scope import Keys
from staff.services.audit_export import HEADER, export_rows, record_export, value_text

UTC = ZoneInfo("UTC")
EXPORT = "staff.export_auditentry"
MOST_TOLD = 200  # characters of the filter that the entry about an export keeps
GONE = {"delete", "take role"}


class WhoFilter(admin.SimpleListFilter):
    """Filters by the people whose entries this person may see."""

    title = "person"
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        entries = model_admin.get_queryset(request).order_by()
        people = User.objects.filter(pk__in=entries.values("user")).order_by("email")
        return [(str(pk), email) for pk, email in people.values_list("pk", "email")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value() or ""
        return queryset.filter(user=int(value)) if value.isascii() and value.isdigit() and len(value) < 18 else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(LedgerAdmin):
    theater_path = "theater"
    nothing_here = _(
        "Nobody has changed anything yet. Every change in the office is written down here, with its reason."
    )
    rows_are = "entries"
    list_display = ["moment", "person", "action", "thing", "changes", "reason", "theater_name"]
    list_display_links = ["moment"]
    list_filter = [DaysFilter, "theater", WhoFilter, "action", "what"]
    list_select_related = ["theater", "user", "device"]
    search_fields = ["what_text", "reason", "user__email", "action"]
    search_help_text = "Thing, reason, person or action"
    ordering = ["-pk"]
    fields = ["moment", "person", "theater_name", "action", "thing", "changes", "reason"]

    # Entries of no theater (about a movie, an account) are shown to people who may read every theater's log.

    def keys(self, request: HttpRequest, *verbs: str) -> Keys:
        everywhere = may_everywhere(request.user, "staff.view_auditentry")
        return None if everywhere else super().keys(request, *verbs)

    def permits(self, request: HttpRequest, verb: str, obj: Any = None) -> bool:
        return may_everywhere(request.user, f"staff.{verb}_auditentry") or super().permits(request, verb, obj)

    # The file

    def get_urls(self) -> list[Any]:
        export = self.admin_site.admin_view(require_GET(self.export_view))
        return [path("export.csv", export, name="staff_auditentry_export"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        extra = {"may_export": may_somewhere(request.user, EXPORT), "query": request.GET.urlencode()}
        return super().changelist_view(request, {**extra, **(extra_context or {})})

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Export the filtered list, limited to the theaters where this person may export."""
        if not may_somewhere(request.user, EXPORT):
            raise PermissionDenied
        try:
            found = self.get_changelist_instance(request).get_queryset(request)
        except (DisallowedModelAdminLookup, IncorrectLookupParameters):
            return redirect("admin:staff_auditentry_changelist")
        whole = may_everywhere(request.user, EXPORT)
        theaters = theaters_of(request.user, EXPORT)
        found = found if whole else found.filter(theater__in=theaters)
        before = record_export(
            theaters=None if whole else list(theaters), actor=staff_actor(request.user),
            filters={name: str(value)[:MOST_TOLD] for name, value in request.GET.items()}, entries=found.count(),
        )  # fmt: skip
        return csv_answer(request, f"audit-log-{timezone.now():%Y-%m-%d}", HEADER, export_rows(found, before=before))

    # The list

    @admin.display(description="when", ordering="pk")
    def moment(self, entry: AuditEntry) -> str:
        return moment_text(entry.at, entry.theater.zone if entry.theater else UTC)

    @admin.display(description="person", ordering="user__email")
    def person(self, entry: AuditEntry) -> str:
        return entry.who

    @admin.display(description="thing")
    def thing(self, entry: AuditEntry) -> SafeString:
        page = entry.what.replace(".", "_")
        there = entry.what_id is not None and entry.action not in GONE and self._has_page(entry.what)
        what = link_to(page, entry.what_id or 0, entry.what_text) if there else entry.what_text
        return format_html('{} <span class="quiet">{}</span>', what, entry.what.rsplit(".", 1)[-1])

    def _has_page(self, what: str) -> bool:
        return any(model._meta.label_lower == what for model in self.admin_site._registry)

    @admin.display(description="from → to")
    def changes(self, entry: AuditEntry) -> SafeString | str:
        lines = [(name, _words(before), _words(after)) for name, before, after in entry.changes]
        return format_html_join("", '<div class="change"><b>{}</b> {} → {}</div>', lines) or NOTHING

    @admin.display(description="theater", ordering="theater__name")
    def theater_name(self, entry: AuditEntry) -> str:
        return entry.theater.name if entry.theater else gettext("The whole house")


def _words(value: Any) -> str:
    return value_text(value) or NOTHING
