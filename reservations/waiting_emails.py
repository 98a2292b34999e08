"""Mails of waiting lists as they are sent. Each has the link by which its reader leaves the list with one click (RFC 8058)."""

from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from core.clock import in_zone
from core.house_facts import current_house, speaking_for
from core.local_formats import and_list
from core.mail_rendering import mail_language, render_mail, render_subject
from houses.selectors import house_facts
from reservations.models import WaitingEntry, WaitingMail
from reservations.states import WaitingMailKind
from theaters.models import Showtime
from theaters.selectors import other_showtimes, showtime_facts

TEMPLATES = {
    WaitingMailKind.CONFIRM: "mail/waiting_confirm",
    WaitingMailKind.OFFER: "mail/waiting_offer",
    WaitingMailKind.OVER: "mail/waiting_over",
}


def compose(mail: WaitingMail, *, now: datetime) -> EmailMultiAlternatives:
    """In its reader's language, as the house of the theater."""
    showtime = Showtime.objects.with_names().get(pk=mail.entry.showtime_id)
    theater = showtime.auditorium.theater
    with mail_language(mail.entry.language), speaking_for(house_facts(theater.house_id)):
        house = current_house()
        link = house.site_url + reverse("waiting_entry", args=[mail.entry.code])
        context = {
            "entry": mail.entry,
            "showtime": showtime_facts(showtime, now=now),
            "site_url": house.site_url,
            "link": link,
            **_facts(mail, showtime, now),
        }
        template = TEMPLATES[WaitingMailKind(mail.kind)]
        answers_to = theater.reply_to or house.reply_to
        leave = house.site_url + reverse("leave_waiting_list", args=[mail.entry.code])
        message = EmailMultiAlternatives(
            subject=render_subject(f"{template}_subject.txt", context),
            body=render_mail(f"{template}.txt", context),
            from_email=house.from_email,
            to=[mail.entry.contact.email],
            reply_to=[answers_to] if answers_to else [],
            headers={
                "Message-ID": f"<{mail.message_key}@{house.site_url.split('://')[1].split(':', maxsplit=1)[0]}>",
                "Auto-Submitted": "auto-generated",
                "List-Unsubscribe": f"<{leave}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
        message.attach_alternative(render_mail(f"{template}.html", context), "text/html")
    return message


def _facts(mail: WaitingMail, showtime: Showtime, now: datetime) -> dict[str, Any]:
    if mail.kind == WaitingMailKind.OVER:
        return {"others": other_showtimes(showtime, now=now)}
    return {"offer": _offer(mail.entry, showtime) if mail.kind == WaitingMailKind.OFFER else None}


def _offer(entry: WaitingEntry, showtime: Showtime) -> dict[str, Any]:
    offer = entry.offers.latest("pk")
    return {"seats": and_list(offer.labels), "until": in_zone(offer.until, showtime.auditorium.theater.zone)}
