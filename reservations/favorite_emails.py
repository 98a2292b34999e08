"""Mails about favorites as they are sent. Each has the link by which its reader ends it with one click (RFC 8058)."""

from collections.abc import Callable
from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from core.house_facts import current_house, speaking_for
from core.mail_rendering import mail_language, render_mail, render_subject
from houses.selectors import house_facts
from reservations.models import FavoriteMail
from reservations.selectors.favorites import favorite_facts, first_on_sale
from reservations.states import FavoriteMailKind

TEMPLATES = {FavoriteMailKind.CONFIRM: "mail/favorite_confirm", FavoriteMailKind.ON_SALE: "mail/favorite_on_sale"}


def composed_at(now: datetime) -> Callable[[FavoriteMail], EmailMultiAlternatives]:
    def compose_now(mail: FavoriteMail) -> EmailMultiAlternatives:
        return compose(mail, now=now)

    return compose_now


def compose(mail: FavoriteMail, *, now: datetime) -> EmailMultiAlternatives:
    """In its reader's language, as the house."""
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
        template = TEMPLATES[FavoriteMailKind(mail.kind)]
        leave = house.address_of(reverse("leave_favorite", args=[favorite.code]))
        message = EmailMultiAlternatives(
            subject=render_subject(f"{template}_subject.txt", context),
            body=render_mail(f"{template}.txt", context),
            from_email=house.from_email,
            to=[favorite.contact.email],
            reply_to=[house.reply_to] if house.reply_to else [],
            headers={
                "Message-ID": f"<{mail.message_key}@{house.site_url.split('://')[1].split(':', maxsplit=1)[0]}>",
                "Auto-Submitted": "auto-generated",
                "List-Unsubscribe": f"<{leave}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
        message.attach_alternative(render_mail(f"{template}.html", context), "text/html")
    return message
