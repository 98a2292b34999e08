"""Invitations to the staff: make, list, send again and withdraw them."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from boxoffice.admin.actions import action_view
from boxoffice.admin.actions.invitations import SendAgain, Withdraw, on_its_way
from boxoffice.forms.invitations import InvitationForm
from core.texts.lazy_text import gettext_lazy as _
from staff.models import Invitation
from staff.office import NOTHING, OfficeAdmin, moment_text, state_chip, viewer
from staff.services.invitations import invite, may_invite
from staff.services.roles import Person, RoleRefused


@admin.register(Invitation)
class InvitationAdmin(OfficeAdmin):
    """An invitation is made here and then changed by actions only."""

    theater_path = "theater"
    form = InvitationForm
    actions = None
    nothing_here = _("Nobody has been invited yet.")
    list_display = ["email", "role", "theater", "state", "expires"]
    list_filter = ["theater", "role"]
    list_select_related = ["theater", "invited_by", "mail"]
    search_fields = ["email", "first_name", "last_name"]
    search_help_text = "E-mail or name"

    def get_urls(self) -> list[Any]:
        acts = [("again", SendAgain), ("withdraw", Withdraw)]
        return [
            *(
                path(f"<int:pk>/{name}/", action_view(action, self), name=f"staff_invitation_{name}")
                for name, action in acts
            ),
            *super().get_urls(),
        ]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        asked = ["email", ("first_name", "last_name"), "theater", "role", "reason"]
        return [*asked, "inviter", "state", "expires", "what_to_do"] if obj else asked

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["inviter", "state", "expires", "what_to_do"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            answer: HttpResponse = super().changeform_view(request, *args, **kwargs)
        except RoleRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect("admin:staff_invitation_changelist")
        return answer

    def response_add(self, request: HttpRequest, obj: Invitation, post_url_continue: str | None = None) -> HttpResponse:
        self.message_user(request, on_its_way(obj))
        return redirect("admin:staff_invitation_changelist")

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:  # noqa: FBT001
        data = form.cleaned_data
        inviter: Any = request.user
        person = Person(data["email"], data["first_name"], data["last_name"])
        made, _ = invite(
            person=person, theater=data["theater"], role=data["role"], inviter=inviter, reason=data["reason"]
        )  # fmt: skip
        obj.pk, obj.email = made.pk, made.email

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Write no log here: the service writes the audit entry in its own words."""
        return None

    @admin.display(description=_("invited by"))
    def inviter(self, invitation: Invitation) -> str:
        """The inviter's name without a link: not everybody who sees invitations may see accounts."""
        return str(invitation.invited_by)

    @admin.display(description="state")
    def state(self, invitation: Invitation) -> SafeString | str:
        if invitation.accepted_at:
            return state_chip("done", "Accepted")
        if invitation.withdrawn_at:
            return state_chip("closed", "Withdrawn")
        if invitation.expires_at <= timezone.now():
            return state_chip("failed", "Too old")
        if invitation.mail and invitation.mail.gave_up_at:
            return state_chip("failed", "Mail not delivered")
        if invitation.sent_at or (invitation.mail and invitation.mail.sent_at):
            return state_chip("waiting", "Waiting")
        return state_chip("waiting", "Mail not sent yet")

    @admin.display(description=_("good until"), ordering="expires_at")
    def expires(self, invitation: Invitation) -> str:
        return moment_text(invitation.expires_at, invitation.theater.zone)

    @admin.display(description=_("what to do"))
    def what_to_do(self, invitation: Invitation) -> SafeString | str:
        user: Any = viewer.get()
        over = invitation.accepted_at or invitation.withdrawn_at
        if over or user is None or not may_invite(user, invitation.role, invitation.theater):
            return NOTHING
        again, take_back = (
            reverse(f"admin:staff_invitation_{name}", args=[invitation.pk]) for name in ("again", "withdraw")
        )
        return format_html(
            '<a class="button" href="{}">Send it again</a> <a class="button" href="{}">Withdraw it</a>',
            again,
            take_back,
        )
