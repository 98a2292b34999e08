"""Send the mail of a booking again, or send all of its mail to another address."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext

from boxoffice.admin.actions import ActionPreview, StaffAction
from boxoffice.forms.actions import AccountEmailForm, EmailForm, ResendForm
from core.letters.mailboxes import same_mailbox
from core.texts.lazy_text import gettext_lazy as _
from reservations.links.booking_addresses import (
    NoTickets,
    SameAddress,
    change_email,
    change_email_and_leave_account,
    resend_confirmation,
    resent_before,
)
from reservations.models import Booking
from reservations.states import BookingStatus


class _OfBooking(StaffAction):
    object: Booking

    def back(self) -> str:
        return reverse("admin:reservations_booking_change", args=[self.object.pk])


class Resend(_OfBooking):
    title = _("Send the confirmation again")
    permission = "reservations.resend_mail"

    def form(self, data: Any = None) -> forms.Form:
        return ResendForm(data, initial={"before": resent_before(self.object.pk)})

    def plan(self, data: dict[str, Any]) -> ActionPreview:
        if self.object.status != BookingStatus.CONFIRMED:
            raise NoTickets
        lines = (
            gettext("The mail with the tickets and the link goes to %(email)s once more.")
            % {"email": self.object.email},
            gettext("The tickets stay as they are; what was sent before still opens."),
        )
        return ActionPreview(lines, gettext("Send it"))

    def do(self, data: dict[str, Any], mark: str) -> str:
        wrote = resend_confirmation(
            booking_id=self.object.pk, before=data["before"], reason=data["reason"], actor=self.actor
        )
        if not wrote:
            return gettext("It was on its way already; nothing was sent twice.")
        return gettext("On its way to %(email)s.") % {"email": self.object.email}


class ChangeEmail(_OfBooking):
    title = _("Change the e-mail")
    permission = "reservations.change_email"
    lead = _("Make sure that you speak to the customer: the tickets go to the new mailbox.")

    def form(self, data: Any = None) -> forms.Form:
        return EmailForm(data) if self.object.sale.user_id is None else AccountEmailForm(data)

    def plan(self, data: dict[str, Any]) -> ActionPreview:
        old, new = self.object.email, data["email"]
        if same_mailbox(old) == same_mailbox(new):
            raise SameAddress
        lines = [
            gettext("All mail of this booking goes to %(new)s from now on, and a new link goes there now."),
            gettext(
                "The link in earlier mails opens nothing any more. The codes on tickets that were printed stay good."
            ),
            gettext("A mail tells %(old)s that the address was changed; it does not name the new one."),
        ]
        if self.object.sale.user is not None:
            leaves = gettext("The booking leaves the account %(account)s.")
            stays = gettext("The booking stays in the account %(account)s.")
            lines.append(leaves if data["leaves_account"] else stays)
        words = {"old": old, "new": new, "account": self.object.sale.user.email if self.object.sale.user else ""}
        return ActionPreview(tuple(line % words for line in lines), gettext("Change the e-mail"))

    def do(self, data: dict[str, Any], mark: str) -> str:
        change = change_email_and_leave_account if data.get("leaves_account") else change_email
        change(booking_id=self.object.pk, email=data["email"], reason=data["reason"], actor=self.actor)
        return gettext("The booking's e-mail is %(email)s now. Both addresses are told.") % {"email": data["email"]}
