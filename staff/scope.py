"""Object by object: a page of the office shows and changes only what belongs to the theaters of the signed-in person.

Pages say in one line how their rows lead to a theater (`theater_path`); who may what where is answered by staff/access.py.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation, BaseModelAdmin
from django.contrib.admin.utils import NestedObjects
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import router
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils.safestring import SafeString

from staff.access import may_everywhere, theater_ids_of

# A page's theater_path, when its rows belong to no theater: everybody reads them and several theaters use them (movies:
# staff/shared_rows.py), or they belong to the installation (the provider's events).
SHARED, HOUSE = "shared", "house"
ITSELF = ""
Keys = frozenset[int] | None  # ids of theaters; None: all
ELSEWHERE = "Something at another theater"


class RefusedWithReason(PermissionDenied):
    """Refused; the sentence is for the person who asked."""


class Scoped(BaseModelAdmin):
    """Limits admin pages and inlines by theater. A page without a path is refused at start."""

    admin_site: Any
    opts: Any
    theater_path: str

    def theater_id_of(self, obj: Any) -> int | None:
        if self.theater_path == ITSELF:
            return obj.pk
        *way, last = self.theater_path.split("__")
        for name in way:
            obj = getattr(obj, name)
        return getattr(obj, f"{last}_id")

    def belongs(self, obj: Any, theater_ids: frozenset[int]) -> bool:
        return self.theater_id_of(obj) in theater_ids

    def theaters_using(self, obj: Any) -> frozenset[int]:
        """The theaters that rely on this object, for a page in SHARED scope."""
        raise NotImplementedError

    def permits(self, request: HttpRequest, verb: str, obj: Any = None) -> bool:
        """Whether this person may do it to this object, or without one to any."""
        permission = f"{self.opts.app_label}.{verb}_{self.opts.model_name}"
        if self.theater_path == HOUSE:
            return may_everywhere(request.user, permission)
        theater_ids = theater_ids_of(request.user, permission)
        if theater_ids is None:
            return True
        if obj is None or not theater_ids:
            return bool(theater_ids)
        if self.theater_path == SHARED:
            return verb == "view" or obj.pk is None or self.theaters_using(obj) <= theater_ids
        return self.belongs(obj, theater_ids)

    def keys(self, request: HttpRequest, *verbs: str) -> Keys:
        """Ids of theaters where this person may do any of these on this page; None for all."""
        found: frozenset[int] = frozenset()
        for verb in verbs:
            permission = f"{self.opts.app_label}.{verb}_{self.opts.model_name}"
            theater_ids = theater_ids_of(request.user, permission)
            if theater_ids is None:
                return None
            found |= theater_ids
        return found

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.permits(request, "view", obj) or self.permits(request, "change", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.permits(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.permits(request, "delete", obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Leave out the pop-ups beside choices: missing objects are added on their own page."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return self._reachable(super().formfield_for_foreignkey(db_field, request, **kwargs), request)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return self._reachable(super().formfield_for_manytomany(db_field, request, **kwargs), request)

    def _reachable(self, field: Any, request: HttpRequest) -> Any:
        """Limit a field's choices to theaters where this person may write."""
        if field is not None:
            field.queryset = narrowed(self.admin_site, field.queryset, self.keys(request, "add", "change"))
        return field


class ScopedAdmin(Scoped, admin.ModelAdmin):
    """An admin page limited by theater: its rows, filters and actions."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.permits(request, "add")

    def narrow(self, rows: QuerySet[Any], theater_ids: Keys) -> QuerySet[Any]:
        """Limit rows to those of these theaters."""
        if theater_ids is None or self.theater_path == SHARED:
            return rows
        if self.theater_path == HOUSE:
            return rows.none()
        return rows.filter(**{f"{self.theater_path or 'pk'}__in": theater_ids})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if self.theater_path == HOUSE:
            return rows if self.has_view_permission(request) else rows.none()
        theater_ids = self.keys(request, "view", "change")
        return rows.none() if theater_ids == frozenset() else self.narrow(rows, theater_ids)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:  # noqa: FBT001
        """Check last that nothing is added or moved to a theater without the right."""
        obj = super().save_form(request, form, change)
        if not self.permits(request, "change" if change else "add", obj):
            raise PermissionDenied
        return obj

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> Any:
        raise Http404(f"There is no {opts.verbose_name} here with this number.")

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """The public page itself, as Django's redirect would reveal any object by number."""
        if obj is None or not self.view_on_site:
            return None
        if callable(self.view_on_site):
            return self.view_on_site(obj)
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [
            (shown_filter, ReachableFilter)
            if isinstance(shown_filter, str) and self._is_relation(shown_filter)
            else shown_filter
            for shown_filter in super().get_list_filter(request)
        ]

    def _is_relation(self, path: str) -> bool:
        model = self.model
        for name in path.split("__"):
            field: Any = model._meta.get_field(name)
            model = field.related_model or model
        return bool(field.is_relation)

    def get_actions(self, request: HttpRequest, action_location: Any = ActionLocation.CHANGE_LIST) -> dict[str, Any]:
        """Limit each action to rows for which this person has its right."""
        found = super().get_actions(request, action_location=action_location)
        return {name: replace(action, func=self._within(action.func)) for name, action in found.items() if action}

    def _within(self, act: Callable[..., Any]) -> Callable[..., Any]:
        verbs = getattr(act, "allowed_permissions", [])

        @wraps(act)
        def limited(page: Any, request: HttpRequest, rows: QuerySet[Any]) -> Any:
            mine = self._permitted(request, rows, verbs) if verbs else rows
            if left := rows.count() - mine.count():
                self.message_user(
                    request, f"{left} of these are not yours to change; nothing happened to them.", messages.WARNING
                )
            return act(page, request, mine)

        return limited

    def _permitted(self, request: HttpRequest, rows: QuerySet[Any], verbs: list[str]) -> QuerySet[Any]:
        if self.theater_path == SHARED:
            keys = [row.pk for row in rows if any(self.permits(request, verb, row) for verb in verbs)]
            return rows.filter(pk__in=keys)
        return self.narrow(rows, self.keys(request, *verbs))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name protected objects only to people who may see them."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        if protected:
            collector = NestedObjects(using=router.db_for_write(self.model), origin=objs)
            collector.collect(objs)
            protected = sorted({self._named(request, thing) for thing in collector.protected})
            lacking = set()  # nothing can be deleted anyway, so the page names what protects it
        return deleted, counts, lacking, protected

    def _named(self, request: HttpRequest, thing: Model) -> str:
        page = self.admin_site._registry.get(type(thing))
        if page is None:  # it has no admin page of its own
            return str(thing._meta.verbose_name)
        return f"{thing._meta.verbose_name}: {thing}" if page.has_view_permission(request, thing) else ELSEWHERE


class ReachableFilter(admin.RelatedFieldListFilter):
    """A filter whose choices are limited to what this person may see."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_value_display = SafeString("Every theater")

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        rows = field.related_model._default_manager.all()
        mine = narrowed(model_admin.admin_site, rows, model_admin.keys(request, "view", "change"))
        return [(str(row.pk), str(row)) for row in mine]


def narrowed(site: admin.AdminSite, rows: QuerySet[Any], theater_ids: Keys) -> QuerySet[Any]:
    """Limit rows of any model as its admin page does."""
    page = site._registry.get(rows.model)
    return page.narrow(rows, theater_ids) if isinstance(page, ScopedAdmin) else rows
