"""Actions of staff on one row, in three steps without scripts: a form, a preview, then the call of a service."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from core.refusals import Refusal
from core.texts.lazy_text import gettext_lazy as _
from houses.models import Theater
from staff.access import may
from staff.acting import acting_in
from staff.reauth import require_fresh_sign_in

PAGE = "admin/action.html"


@dataclass(frozen=True)
class ActionPreview:
    """The effects of an action, in sentences. If its mark differs when the action is confirmed, the preview is shown
    again. `instead`: seats that are better than the chosen ones, and that one press chooses.
    """

    lines: tuple[str, ...]
    button: str
    mark: str = "-"
    instead: tuple[str, ...] = ()


class StaffAction:
    """A kind of action by staff. `plan` and `do` may raise a Refusal, whose sentence is shown."""

    title = ""
    lead = ""
    permission = ""
    moves_money = False
    form_class: type[forms.Form] = forms.Form
    next_button = _("Look at what will happen")
    template = PAGE

    def __init__(self, request: HttpRequest, model_admin: admin.ModelAdmin | None, **ids: Any) -> None:
        """`model_admin` is None outside the office, where subclasses replace `find`, `context` and `say`."""
        self.request, self.ids = request, ids
        self.model_admin: Any = model_admin
        self.object = self.find()

    def find(self) -> Any:
        """Find the row, if this person may see it."""
        found: Model | None = self.model_admin.get_object(self.request, str(self.ids["pk"]))
        if found is None:
            raise Http404
        if not self.model_admin.has_view_permission(self.request, found):
            raise PermissionDenied
        return found

    def may(self) -> bool:
        return self.is_for(self.request, self.object)

    @classmethod
    def is_for(cls, request: HttpRequest, found: Any) -> bool:
        """Whether this person may do the action to this row, at its theater."""
        return may(acting_in(request), cls.permission, cls.theater_of(found))

    @classmethod
    def theater_of(cls, found: Any) -> Theater:
        theater: Theater = found.showtime.auditorium.theater
        return theater

    def form(self, data: Any = None) -> forms.Form:
        return self.form_class(data)

    def plan(self, data: dict[str, Any]) -> ActionPreview:
        raise NotImplementedError

    def do(self, data: dict[str, Any], mark: str) -> str:
        """Carry out the action; returns the message to show."""
        raise NotImplementedError

    def back(self) -> str:
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """The context of the frame around the page."""
        frame = self.model_admin.admin_site.each_context(self.request)
        return {**frame, "opts": self.model_admin.opts, "media": self.model_admin.media}

    def say(self, sentence: str) -> None:
        self.model_admin.message_user(self.request, sentence, messages.SUCCESS)

    @property
    def user_id(self) -> int:
        return acting_in(self.request).user_id

    @property
    def actor(self) -> str:
        return acting_in(self.request).actor


def action_view(kind: type[StaffAction], model_admin: admin.ModelAdmin) -> Callable[..., HttpResponse]:
    """A view of the office for one kind of action."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, **ids: int) -> HttpResponse:
        return answer_to(kind(request, model_admin, **ids))

    return model_admin.admin_site.admin_view(view)


def answer_to(action: StaffAction) -> HttpResponse:
    """Answer the requested step. Raises PermissionDenied, and asks for the second factor where money moves."""
    if not action.may():
        raise PermissionDenied
    if action.moves_money:
        require_fresh_sign_in(action.request)
    return _posted(action) if action.request.method == "POST" else _asked(action)


def _asked(action: StaffAction) -> HttpResponse:
    form = action.form()
    return _page(action, form) if form.fields else _planned(action, form, {})


def _posted(action: StaffAction) -> HttpResponse:
    form = action.form(action.request.POST)
    if not form.is_valid():
        return _page(action, form, status=422)
    if "_again" in action.request.POST:
        return _page(action, form)
    if "_do" not in action.request.POST:
        return _planned(action, form, form.cleaned_data)
    try:
        said = action.do(form.cleaned_data, action.request.POST.get("mark", ""))
    except Refusal as refusal:
        return _page(action, form, refusal=refusal, status=refusal.status)
    action.say(said)
    return redirect(action.back())


def _planned(action: StaffAction, form: forms.Form, data: dict[str, Any]) -> HttpResponse:
    try:
        shown = action.plan(data)
    except Refusal as refusal:
        return _page(action, form, refusal=refusal, status=refusal.status)
    return _page(action, form, shown=shown)


def _page(
    action: StaffAction,
    form: forms.Form,
    *,
    shown: ActionPreview | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **action.context(),
        "title": action.title,
        "subtitle": str(action.object),
        "action": action,
        "form": form,
        "shown": shown,
        "refusal": refusal,
        "back": action.back(),
    }
    return TemplateResponse(action.request, action.template, context, status=status)
