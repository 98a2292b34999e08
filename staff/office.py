"""Base classes and helpers of all admin pages: scope, audit log, ledgers that nobody edits, moments and states in
words.
"""

import json
from contextvars import ContextVar
from datetime import datetime
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import IntegrityError
from django.forms.utils import pretty_name
from django.http import HttpRequest, HttpResponseNotAllowed
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from core.texts.lazy_text import gettext_lazy
from staff.audit_pages import AuditedAdmin
from staff.scope import HOUSE, ITSELF, SHARED, Scoped, ScopedAdmin

__all__ = [
    "HOUSE", "ITSELF", "NOTHING", "SHARED", "LedgerAdmin", "OfficeAdmin", "OfficeInline", "as_json", "link_to", "moment_text",
    "opens", "state_chip", "titled", "viewer",
]  # fmt: skip

NOTHING = "–"
# The person who requested the page that is being rendered: links lead only where this person may go.
viewer: ContextVar[Any] = ContextVar("viewer", default=None)


def _only_choice(field: Any) -> Any:
    if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
        return None
    few = list(field.queryset[:2])
    return few[0].pk if len(few) == 1 else None


class OfficeAdmin(AuditedAdmin, ScopedAdmin):
    """A page of the office: limited to the person's theaters, with every change in the audit log. Says its `theater_path`.

    Long tables are not counted twice.
    """

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    empty_value_display = NOTHING
    nothing_here = "There is nothing here yet."
    # What the empty choice of an optional list means, by column.
    empty_words: dict[str, str] = {}
    # What the address (slug) of a thing of this page is for; with it the field is called so.
    address_help = ""

    class Media:
        css = {"all": ["css/staff.css"]}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "slug" and field is not None and self.address_help:
            field.label, field.help_text = gettext_lazy("Address"), self.address_help
        if (words := self.empty_words.get(db_field.name)) is None or field is None:
            return field
        if hasattr(field, "empty_label"):
            field.empty_label = words
        else:
            field.choices = [("", words), *((value, label) for value, label in field.choices if value)]
        return field

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Preselect a theater, house or auditorium when there is only one."""
        fields = self.get_form(request).base_fields.items()
        needed = {name: field for name, field in fields if field.required and type(field.widget) is forms.Select}
        only = {name: one for name, field in needed.items() if (one := _only_choice(field)) is not None}
        return only | dict(super().get_changeform_initial_data(request))

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Validate once more if somebody else saved the same name or code after the form was validated: now the form
        names it.
        """
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            for file in chain.from_iterable(files for _name, files in request.FILES.lists()):
                file.seek(0)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow only lookups of the list's filters: `?code__startswith=` would reveal, letter by letter, what a page
        hides.
        """
        name = lookup.split("__", maxsplit=1)[0]
        is_column = any(name in {field.name, getattr(field, "attname", "")} for field in self.opts.get_fields())
        if is_column and name not in {*_filtered_by(self.get_list_filter(request)), self.opts.pk.name}:
            return False
        return super().lookup_allowed(lookup, value, request)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        if request.method == "POST" and not self.get_actions(request):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})


def _filtered_by(list_filter: Any) -> set[str]:
    """The columns behind a list's filters, and the names of filters that have a query of their own."""
    named = [
        name[0] if isinstance(name, list | tuple) else getattr(name, "parameter_name", name) for name in list_filter
    ]
    return {str(name).split("__")[0] for name in named}


class OfficeInline(Scoped, admin.TabularInline):
    """Rows inside a page. They belong to the theater of the page's object, and so have its `theater_path`."""

    def theaters_using(self, obj: Any) -> frozenset[int]:
        used: frozenset[int] = self.admin_site._registry[self.parent_model].theaters_using(obj)
        return used

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.permits(request, "add", obj)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The labels stand in the head of the table, where they belong to no field: each field says its own."""
        formset: Any = super().get_formset(request, obj, **kwargs)

        class Labelled(formset):
            def add_fields(self, form: Any, index: int | None) -> None:
                super().add_fields(form, index)
                for name, field in form.fields.items():
                    field.widget.attrs["aria-label"] = capfirst(field.label or pretty_name(name))
                if "DELETE" in form.fields:
                    form.fields["DELETE"].widget.attrs["aria-label"] = f"Delete {form.instance}"

        return Labelled


class LedgerAdmin(OfficeAdmin):
    """Records of what happened: read-only for everybody, owners too. Services write them."""

    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return flatten_fieldsets(self.get_fieldsets(request, obj))

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


def titled(title: str, base: type[admin.FieldListFilter] = admin.ChoicesFieldListFilter) -> type[admin.FieldListFilter]:
    """A filter by a field, with our own title."""

    def begin(self: Any, *args: Any, **kwargs: Any) -> None:
        base.__init__(self, *args, **kwargs)
        self.title = title

    return type(base.__name__, (base,), {"__init__": begin})


def as_json(value: object) -> SafeString:
    return format_html('<pre class="json">{}</pre>', json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False))


def moment_text(moment: datetime | None, zone: ZoneInfo) -> str:
    """Format a moment with its zone, as lists may hold several theaters: Fri 27 Nov 2026, 19:30 EST."""
    return f"{moment.astimezone(zone):%a %d %b %Y, %H:%M %Z}" if moment else NOTHING


def state_chip(value: str, label: str) -> SafeString:
    """A status as a chip; the word gives its meaning, the stylesheet its color."""
    return format_html('<span class="state" data-state="{}">{}</span>', value.lower(), label)


def opens(page: str) -> bool:
    """Whether the viewer may open pages of this kind; `page` is app_model."""
    user, (app, model) = viewer.get(), page.split("_", 1)
    return user is None or user.has_perm(f"{app}.view_{model}")


def link_to(page: str, pk: int, text: object) -> SafeString:
    """A link to the page of an object; `page` is app_model. People without access see only the words."""
    if not opens(page):
        return format_html("{}", text)
    return format_html('<a href="{}">{}</a>', reverse(f"admin:{page}_change", args=[pk]), text)
