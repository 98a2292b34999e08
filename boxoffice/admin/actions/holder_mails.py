"""One mail to all ticket holders of a showtime: written, previewed exactly as it will be, then sent."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.csp import CSP
from django.utils.translation import gettext, ngettext
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST

from boxoffice.admin.actions import ActionPreview, StaffAction
from boxoffice.forms.holder_mails import HolderMailForm
from core.refusals import Refusal
from core.texts.lazy_text import gettext_lazy as _
from houses.models import Theater
from reservations.letters.holder_mails import Recipients, Words, first_mail, recipients_of, write_to_holders
from reservations.models import Booking
from theaters.models import Showtime
from theaters.states import ShowtimeStatus

MOST_NAMED = 30
# The Content-Security-Policy of the preview: the mail may use its own styles and load nothing.
AS_A_MAIL: dict[str, Any] = {"default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE], "sandbox": True}


class WriteToHolders(StaffAction):
    title = _("Write to all holders")
    permission = "reservations.write_to_holders"
    template = "admin/actions/holder_mail.html"
    form_class = HolderMailForm
    lead = _("Everybody with a valid ticket of this showtime gets one mail. Answers go where the theater’s mail goes.")
    object: Showtime
    preview: EmailMultiAlternatives | None = None

    @classmethod
    def is_for(cls, request: HttpRequest, found: Showtime) -> bool:
        return found.status != ShowtimeStatus.DRAFT and super().is_for(request, found)

    @classmethod
    def theater_of(cls, found: Any) -> Theater:
        theater: Theater = found.auditorium.theater
        return theater

    def plan(self, data: dict[str, Any]) -> ActionPreview:
        words = Words(data["subject"], data["text"])
        found = recipients_of(self.object, words)
        self.preview = first_mail(found, words, now=timezone.now())
        number = len(found.to_write)
        return ActionPreview(tuple(_lines(found)), _button(number), found.mark)

    def do(self, data: dict[str, Any], mark: str) -> str:
        words = Words(data["subject"], data["text"])
        sent = write_to_holders(
            showtime_id=self.object.pk, words=words, mark=mark, reason=data["reason"], actor=self.actor
        )
        on_the_way = ngettext("%(n)s mail is on the way.", "%(n)s mails are on the way.", sent) % {"n": sent}
        return f"{on_the_way} {gettext('It stands in the history of the showtime and of each booking.')}"

    def back(self) -> str:
        return reverse("admin:theaters_showtime_change", args=[self.object.pk])

    @property
    def preview_text(self) -> str:
        return str(self.preview.body) if self.preview else ""

    @property
    def answers_go_to(self) -> str:
        return (
            ", ".join(self.preview.reply_to) if self.preview and self.preview.reply_to else settings.DEFAULT_FROM_EMAIL
        )


def html_preview(model_admin: admin.ModelAdmin) -> Any:
    """Show only the HTML part of the mail, in a window of its own."""

    @require_POST
    @csp_override(AS_A_MAIL)
    def view(request: HttpRequest, **ids: int) -> HttpResponse:
        action = WriteToHolders(request, model_admin, **ids)
        if not action.may():
            raise PermissionDenied
        form = HolderMailForm(request.POST)
        if not form.is_valid():
            return HttpResponse("Fill in the form first.", status=422, content_type="text/plain; charset=utf-8")
        try:
            mail: Any = first_mail(recipients_of(action.object, form.words), form.words, now=timezone.now())
        except Refusal as refusal:
            return HttpResponse(refusal.sentence, status=refusal.status, content_type="text/plain; charset=utf-8")
        return HttpResponse(mail.alternatives[0].content)

    return model_admin.admin_site.admin_view(view)


def _button(number: int) -> str:
    return ngettext("Send %(n)s mail", "Send %(n)s mails", number) % {"n": number}


def _lines(found: Recipients) -> list[str]:
    number = len(found.to_write)
    bookings = sum(len(recipient.bookings) for recipient in found.to_write)
    people = ngettext("%(n)s person gets one mail", "%(n)s people get one mail each", number) % {"n": number}
    lines = [
        ngettext("%(people)s, for %(n)s booking.", "%(people)s, for %(n)s bookings.", bookings)
        % {"people": people, "n": bookings}
    ]
    if found.written:
        lines.append(
            gettext("%(number)s have exactly this mail already and get it no second time.")
            % {"number": len(found.written)}
        )
    if found.silent:
        lines.append(
            gettext("Without an e-mail address, so nobody can write to them (%(number)s): %(named)s.")
            % {"number": len(found.silent), "named": _named(found.silent)}
        )
    if found.doubtful:
        lines.append(
            gettext("Earlier mail did not reach these; it is tried again (%(number)s): %(named)s.")
            % {"number": len(found.doubtful), "named": _named(found.doubtful)}
        )
    return lines


def _named(bookings: tuple[Booking, ...]) -> str:
    more = len(bookings) - MOST_NAMED
    return ", ".join(booking.reference for booking in bookings[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
