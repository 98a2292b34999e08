"""Send a waiting invitation again with a new link, or withdraw it."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from boxoffice.admin.actions import ActionPreview, StaffAction
from boxoffice.forms.actions import ReasonForm
from core.texts.lazy_text import gettext_lazy as _
from houses.models import Theater
from staff.models import Invitation
from staff.services.invitations import may_invite, renew, withdraw


class _OfInvitation(StaffAction):
    permission = "staff.add_invitation"
    moves_money = True
    form_class = ReasonForm
    object: Invitation

    @classmethod
    def is_for(cls, request: HttpRequest, found: Any) -> bool:
        """Whether the invitation waits, and this person might have made it."""
        user: Any = request.user
        is_waiting = found.accepted_at is None and found.withdrawn_at is None
        return is_waiting and may_invite(user, found.role, found.theater)

    @classmethod
    def theater_of(cls, found: Any) -> Theater:
        theater: Theater = found.theater
        return theater

    def back(self) -> str:
        return reverse("admin:staff_invitation_change", args=[self.object.pk])


class SendAgain(_OfInvitation):
    title = _("Send the invitation again")

    def plan(self, data: dict[str, Any]) -> ActionPreview:
        lines = (
            gettext("%(email)s gets a mail with a new link for 72 hours.") % {"email": self.object.email},
            gettext("The link of the earlier mail opens nothing any more."),
        )
        return ActionPreview(lines, gettext("Send it again"))

    def do(self, data: dict[str, Any], mark: str) -> str:
        renew(invitation_id=self.object.pk, actor=self.actor, reason=data["reason"])
        return on_its_way(self.object)


class Withdraw(_OfInvitation):
    title = _("Withdraw the invitation")

    def plan(self, data: dict[str, Any]) -> ActionPreview:
        return ActionPreview(
            (f"The link in the mail to {self.object.email} opens nothing any more.",), gettext("Withdraw it")
        )

    def do(self, data: dict[str, Any], mark: str) -> str:
        withdraw(invitation_id=self.object.pk, actor=self.actor, reason=data["reason"])
        return "Withdrawn."


def on_its_way(invitation: Invitation) -> str:
    return gettext("The invitation is on its way to %(email)s.") % {"email": invitation.email}
