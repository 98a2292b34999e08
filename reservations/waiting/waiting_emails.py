"""Mails of waiting lists as they are sent. Each has the link by which its reader leaves the list with one click (RFC 8058)."""

from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from core.house_facts import current_house, speaking_for
from core.letters.mail_rendering import html_mail, leave_headers, mail_headers, mail_language
from houses.selectors import house_facts
from reservations.models import WaitingMail
from reservations.selectors.waiting import offer_of_entry
from reservations.states import WaitingMailKind
from theaters.models import Showtime
from theaters.selectors import other_showtimes, showtime_facts

TEMPLATES = {
    WaitingMailKind.CONFIRM: "mail/waiting_confirm",
    WaitingMailKind.OFFER: "mail/waiting_offer",
    WaitingMailKind.OVER: "mail/waiting_over",
}


def compose(mail: WaitingMail, *, now: datetime) -> EmailMultiAlternatives:
    """Render a mail in its reader's language, from the theater's house."""
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
        leave = house.address_of(reverse("leave_waiting_list", args=[mail.entry.code]))
        return html_mail(
            TEMPLATES[WaitingMailKind(mail.kind)],
            context,
            to=[mail.entry.contact.email],
            headers=mail_headers(mail.message_key, site_url=house.site_url) | leave_headers(leave),
            sender=house.from_email,
            reply_to=theater.reply_to or house.reply_to,
        )


def _facts(mail: WaitingMail, showtime: Showtime, now: datetime) -> dict[str, Any]:
    if mail.kind == WaitingMailKind.OVER:
        return {"others": other_showtimes(showtime, now=now)}
    if mail.kind == WaitingMailKind.OFFER:
        return {"offer": offer_of_entry(mail.entry.offers.latest("pk"), showtime)}
    return {}
