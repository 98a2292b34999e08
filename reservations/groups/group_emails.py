"""The mail with the link by which a group pays, as it is sent."""

from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from core.clock import in_zone
from core.house_facts import current_house, speaking_for
from core.letters.mail_rendering import mail_language, render_mail, render_subject, signed
from houses.selectors import house_facts
from reservations.models import GroupMail, ShowtimeSeat
from reservations.selectors.groups import seats_in_words
from theaters.models import Showtime
from theaters.selectors import showtime_facts
from theaters.states import ShowtimeStatus

TEMPLATE = "mail/group_link"
# How the purpose of a mail begins that tells of a changed or canceled showtime.
CHANGED = "change:"


def compose(mail: GroupMail, *, now: datetime) -> EmailMultiAlternatives:
    """Render the mail in the group's language, from the theater's house, with the seats that the group has now."""
    block = mail.block
    showtime = Showtime.objects.with_names().get(pk=block.showtime_id)
    theater = showtime.auditorium.theater
    kept = ShowtimeSeat.objects.filter(group_block=block, booking=None).select_related("seat").order_by("seat_id")
    with mail_language(block.language), speaking_for(house_facts(theater.house_id)):
        house = current_house()
        context = {
            "name": block.name,
            "is_changed": mail.purpose.startswith(CHANGED),
            "is_canceled": showtime.status == ShowtimeStatus.CANCELED,
            "until": in_zone(block.until, theater.zone),
            "seats": seats_in_words(list(kept)),
            "showtime": showtime_facts(showtime, now=now),
            "site_url": house.site_url,
            "link": house.address_of(reverse("group", args=[block.code])),
        }
        answers_to = theater.reply_to or house.reply_to
        message = EmailMultiAlternatives(
            subject=render_subject(f"{TEMPLATE}_subject.txt", context),
            body=signed(render_mail(f"{TEMPLATE}.txt", context)),
            from_email=house.from_email,
            to=[block.contact],
            reply_to=[answers_to] if answers_to else [],
            headers={
                "Message-ID": f"<{mail.message_key}@{house.site_url.split('://')[1].split(':', maxsplit=1)[0]}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        message.attach_alternative(render_mail(f"{TEMPLATE}.html", context), "text/html")
    return message
