"""Try a delivery of a provider that was set aside again, or close it."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from boxoffice.admin.actions import ActionPreview, StaffAction
from boxoffice.forms.actions import ReasonForm
from core.texts.lazy_text import gettext_lazy as _
from payments.books.events_set_aside import close_event, replay_event, require_set_aside
from payments.models import ProviderEvent
from staff.access import may_everywhere


class _OfEvent(StaffAction):
    permission = "payments.replay_providerevent"
    form_class = ReasonForm
    object: ProviderEvent

    @classmethod
    def is_for(cls, request: HttpRequest, found: Any) -> bool:
        return may_everywhere(request.user, cls.permission)

    def back(self) -> str:
        return reverse("admin:payments_providerevent_change", args=[self.object.pk])


class ReplayEvent(_OfEvent):
    title = _("Try the delivery again")

    def plan(self, data: dict[str, Any]) -> ActionPreview:
        require_set_aside(self.object)
        lines = (
            gettext(
                "A worker acts on it again within seconds, by asking the payment provider how its payment, refund or "
                "dispute stands."
            ),
            gettext("If it fails again as often as before, it is set aside again."),
        )
        return ActionPreview(lines, gettext("Try it again"))

    def do(self, data: dict[str, Any], mark: str) -> str:
        replay_event(event_id=self.object.pk, reason=data["reason"], actor=self.actor)
        return gettext("It is tried again now. Come back to this page in a minute.")


class CloseEvent(_OfEvent):
    title = _("Close the delivery")

    def plan(self, data: dict[str, Any]) -> ActionPreview:
        require_set_aside(self.object)
        lines = (
            gettext("It is not tried again, and no longer waits for a person. Nothing else changes."),
            gettext("Money that it speaks of is still found by the comparison with the payment provider."),
        )
        return ActionPreview(lines, gettext("Close it"))

    def do(self, data: dict[str, Any], mark: str) -> str:
        close_event(event_id=self.object.pk, reason=data["reason"], actor=self.actor)
        return "Closed."
