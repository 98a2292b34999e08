"""Mails about favorites as they are sent. Each has the link by which its reader ends it with one click (RFC 8058)."""

from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from core.house_facts import current_house, speaking_for
from core.letters.mail_rendering import html_mail, leave_headers, mail_headers, mail_language
from houses.selectors import house_facts
from reservations.models import FavoriteMail
from reservations.selectors.favorites import favorite_facts, first_on_sale
from reservations.states import FavoriteMailKind

TEMPLATES = {FavoriteMailKind.CONFIRM: "mail/favorite_confirm", FavoriteMailKind.ON_SALE: "mail/favorite_on_sale"}


def compose(mail: FavoriteMail, *, now: datetime) -> EmailMultiAlternatives:
    """Render a mail in its reader's language, from the favorite's house."""
    favorite = mail.favorite
    with mail_language(favorite.language), speaking_for(house_facts(favorite.house_id)):
        house, facts = current_house(), favorite_facts(favorite)
        context = {
            "favorite": facts,
            "showtime": first_on_sale(favorite, now=now) if mail.kind == FavoriteMailKind.ON_SALE else None,
            "site_url": house.site_url,
            "link": house.address_of(reverse("favorite", args=[favorite.code])),
            "page": house.address_of(facts.url),
        }
        leave = house.address_of(reverse("leave_favorite", args=[favorite.code]))
        return html_mail(
            TEMPLATES[FavoriteMailKind(mail.kind)],
            context,
            to=[favorite.contact.email],
            headers=mail_headers(mail.message_key, site_url=house.site_url) | leave_headers(leave),
            sender=house.from_email,
            reply_to=house.reply_to,
        )
