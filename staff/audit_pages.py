"""Writes every change made on a page of the office into the audit log: old value, new value and the reason, if given."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import FileField, Model, Q, QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from staff.access import staff_actor, theater_ids_of
from staff.models import AuditEntry
from staff.scope import HOUSE, SHARED, ScopedAdmin
from staff.services.audit import record

MOST_SHOWN = 200
MOST_REASON = 500
NOT_TOLD = "(secret)"


@dataclass
class Changes:
    """Changes of fields by label, in readable form."""

    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AuditedAction:
    """An action on an office page, for the audit log."""

    action: str
    thing: Model
    theater_id: int | None
    before: dict[str, Any]
    after: dict[str, Any]


def record_action(request: HttpRequest, action: AuditedAction) -> None:
    """Write an action to the audit log, with the reason from the form if there is one."""
    record(
        actor=staff_actor(request.user),
        action=action.action,
        thing=action.thing,
        theater=action.theater_id,
        before=action.before,
        after=action.after,
        reason=request.POST.get("_reason", "")[:MOST_REASON],
    )


def history_of(request: HttpRequest, thing: Model) -> QuerySet[AuditEntry]:
    """The audit entries of an object, at theaters where this person may view its kind."""
    entries = AuditEntry.objects.about(thing).select_related("user", "theater", "device")
    theater_ids = theater_ids_of(request.user, f"{thing._meta.app_label}.view_{thing._meta.model_name}")
    return entries if theater_ids is None else entries.filter(Q(theater=None) | Q(theater__in=theater_ids))


class AuditedAdmin(ScopedAdmin):
    """Writes the audit log instead of Django's history, which tells which fields changed but not from what to what."""

    object_history_template = "admin/history.html"
    # Fields whose values stay out of the log, because everybody who sees the page may read the log.
    secret_fields: frozenset[str] = frozenset()

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:  # noqa: FBT001, FBT002
        changes = Changes()
        _note_changes(changes, form, "", is_new=add, secret=self.secret_fields)
        for formset in formsets or []:
            _take_rows(changes, formset)
        return changes

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._record(request, "add", obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Write the change to the audit log; `message` is the form's, or a service's sentence."""
        self._record(request, "change", obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            self._record(request, "delete", obj, Changes(before=_facts(obj, self.secret_fields)))

    def _record(self, request: HttpRequest, action: str, obj: Model, message: Any) -> None:
        changes = message if isinstance(message, Changes) else Changes(after=_said(message))
        if action == "change" and not (changes.before or changes.after):
            return
        for theater_id in self.told_at(obj):
            record_action(request, AuditedAction(action, obj, theater_id, changes.before, changes.after))

    def told_at(self, obj: Any) -> list[int | None]:
        """The theaters in whose log the entry appears."""
        return [None if self.theater_path in (SHARED, HOUSE) else self.theater_id_of(obj)]

    @method_decorator(require_safe)
    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        if obj is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": f"What was changed: {obj}",
            "entries": history_of(request, obj)[:MOST_SHOWN],
            "object": obj,
            "opts": self.opts,
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)


def _note_changes(
    changes: Changes, form: BaseForm, whose: str, *, is_new: bool, secret: frozenset[str] = frozenset()
) -> None:
    for name in form.changed_data if not is_new else form.fields:
        bound = form[name]
        if bound.is_hidden or name == "DELETE":
            continue
        label = f"{whose}{bound.label}"
        before, after = _value(form, name, bound.initial), _value(form, name, form.cleaned_data.get(name))
        told = (NOT_TOLD, NOT_TOLD) if name in secret else (before, after)
        if not is_new and before != after:
            changes.before[label], changes.after[label] = told
        elif is_new and not _is_empty(after):
            changes.after[label] = told[1]


def _take_rows(changes: Changes, formset: Any) -> None:
    for form in formset.forms:
        whose = f"{formset.model._meta.verbose_name} {form.instance}"
        if form in formset.deleted_forms:
            changes.before[whose], changes.after[whose] = "was there", None
        elif form.has_changed():
            _note_changes(
                changes, form, f"{whose}: ", is_new=form.instance.pk is None or form not in formset.initial_forms
            )


def _value(form: BaseForm, name: str, value: Any) -> Any:
    """The readable value: the label of a choice rather than its stored value."""
    rows = getattr(form.fields[name], "queryset", None)
    many = isinstance(value, list | tuple | QuerySet)
    if rows is not None and value not in (None, ""):
        keys = [getattr(item, "pk", item) for item in (value if many else [value])]
        found = [str(row) for row in rows.model._base_manager.filter(pk__in=keys)]
        return found if many else "".join(found)
    if many:
        return [str(item) for item in value]
    return value if value is None or isinstance(value, bool | int) else str(value)


def _is_empty(value: Any) -> bool:
    return value is None or value is False or value in ("", [], {})


def _facts(obj: Model, secret: frozenset[str]) -> dict[str, Any]:
    """The values of a row that is being deleted."""
    facts: dict[str, Any] = {}
    for column in obj._meta.concrete_fields:
        value = getattr(obj, column.name)
        if not (column.primary_key or _is_empty(value) or (isinstance(column, FileField) and not value)):
            facts[str(column.verbose_name)] = NOT_TOLD if column.name in secret else str(value)
    return facts


def _said(message: Any) -> dict[str, Any]:
    return {"done": message} if isinstance(message, str) and message else {}
