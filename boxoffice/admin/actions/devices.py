"""Actions on a device: revoke it for good, or unlock a PIN that was typed wrong too often there."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from boxoffice.admin.actions import ActionPreview, StaffAction
from boxoffice.forms.actions import ReasonForm
from core.texts.lazy_text import gettext_lazy as _
from houses.models import Theater
from staff.models import Device
from staff.selectors.operators import locked_people
from staff.services.devices import revoke
from staff.services.pins import unlock_pin


class _OfDevice(StaffAction):
    permission = "staff.change_device"
    object: Device

    @classmethod
    def is_for(cls, request: HttpRequest, found: Any) -> bool:
        return found.revoked_at is None and super().is_for(request, found)

    @classmethod
    def theater_of(cls, found: Any) -> Theater:
        theater: Theater = found.theater
        return theater

    def back(self) -> str:
        return reverse("admin:staff_device_change", args=[self.object.pk])


class Revoke(_OfDevice):
    title = _("Revoke the device")
    form_class = ReasonForm

    def plan(self, data: dict[str, Any]) -> ActionPreview:
        lines = (
            gettext("%(device)s is refused from its next request on, for good.") % {"device": self.object},
            gettext(
                "Seats that it holds are free again when their time is over. Its sales and its drawer stay in the books."
            ),
        )
        return ActionPreview(lines, gettext("Revoke it"))

    def do(self, data: dict[str, Any], mark: str) -> str:
        revoke(device_id=self.object.pk, user_id=self.user_id, reason=data["reason"])
        return gettext("%(device)s is revoked.") % {"device": self.object}


class UnlockForm(forms.Form):
    person = forms.TypedChoiceField(label=_("Whose PIN?"), coerce=int)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.choices = people


class UnlockPin(_OfDevice):
    title = _("Unlock a PIN")
    form_class = UnlockForm

    def form(self, data: Any = None) -> forms.Form:
        return UnlockForm(data, people=locked_people(self.object))

    def plan(self, data: dict[str, Any]) -> ActionPreview:
        name = dict(locked_people(self.object))[data["person"]]
        line = gettext("%(name)s has five more tries on %(device)s.") % {"name": name, "device": self.object}
        return ActionPreview((line,), gettext("Unlock it"))

    def do(self, data: dict[str, Any], mark: str) -> str:
        unlock_pin(user_id=data["person"], device=self.object, actor=self.actor)
        return gettext("The PIN is unlocked.")
