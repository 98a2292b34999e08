"""The mail that tells an organizer what has become of the seats for their friends, as it is sent."""

from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from core.house_facts import current_house, speaking_for
from core.letters.mail_rendering import html_mail, mail_headers, mail_language
from houses.selectors import house_facts
from reservations.models import SharedBlockMail
from reservations.selectors.shared_blocks import shared_page
from theaters.models import Showtime
from theaters.selectors import other_showtimes
from theaters.states import ShowtimeStatus


def compose(mail: SharedBlockMail, *, now: datetime) -> EmailMultiAlternatives:
    """Render a mail in the organizer's language, from the theater's house."""
    block = mail.block
    showtime = Showtime.objects.with_names().with_age_rule().get(pk=block.showtime_id)
    theater = showtime.auditorium.theater
    is_canceled = showtime.status == ShowtimeStatus.CANCELED
    with mail_language(block.language), speaking_for(house_facts(theater.house_id)):
        house = current_house()
        page = shared_page(block, holder=block.holder, now=now)
        context = {
            "page": page,
            "showtime": page.showtime,
            "is_canceled": is_canceled,
            "is_held": page.is_open and not is_canceled,
            "others": other_showtimes(showtime, now=now) if is_canceled else [],
            "site_url": house.site_url,
            "link": house.address_of(reverse("share_seats", args=[block.showtime_id])),
            "seats_link": house.address_of(page.showtime.url),
        }
        return html_mail(
            "mail/shared_block",
            context,
            to=[block.email],
            headers=mail_headers(mail.message_key, site_url=house.site_url),
            sender=house.from_email,
            reply_to=theater.reply_to or house.reply_to,
        )
