"""What the admin pages of every app share: the house's stylesheet, ledgers that nobody edits, moments and states in words."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

NOTHING = "–"


class OfficeAdmin(admin.ModelAdmin):
    """A page of the office. Long tables are not counted twice."""

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    empty_value_display = NOTHING

    class Media:
        css = {"all": ["css/staff.css"]}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})


class LedgerAdmin(OfficeAdmin):
    """What happened: shown to whom may see it, changed by nobody, not even by the owner. Services write it."""

    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return flatten_fieldsets(self.get_fieldsets(request, obj))

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


def moment_text(moment: datetime | None, zone: ZoneInfo) -> str:
    """Fri 27 Nov 2026, 19:30 EST. With the zone: one list may hold several theaters."""
    return f"{moment.astimezone(zone):%a %d %b %Y, %H:%M %Z}" if moment else NOTHING


def state_chip(value: str, label: str) -> SafeString:
    """A status: its color is in the stylesheet, its meaning in the word."""
    return format_html('<span class="state" data-state="{}">{}</span>', value.lower(), label)


def link_to(page: str, pk: int, text: object) -> SafeString:
    """To the page of one object; `page` is app_model."""
    return format_html('<a href="{}">{}</a>', reverse(f"admin:{page}_change", args=[pk]), text)
