"""The outbox of favorites."""

from datetime import datetime
from functools import partial

from core.letters.outbox import send_due_rows
from reservations.letters.mail_rows import add_mails
from reservations.models import Favorite, FavoriteMail
from reservations.states import FavoriteMailKind
from reservations.waiting import favorite_emails


def write_favorite_mail(favorite: Favorite, kind: FavoriteMailKind, *, about: int | str = "") -> None:
    """Queue a mail about a favorite, once for each kind and `about`."""
    purpose = f"{kind.lower()}:{favorite.pk}:{about}"
    add_mails([FavoriteMail(purpose=purpose, kind=kind, favorite=favorite)])


def send_due_favorite_mail(*, now: datetime, most: int = 50) -> int:
    """Send the mails that are due; returns how many were sent."""
    mails = FavoriteMail.objects.select_related(
        "favorite__contact", "favorite__movie", "favorite__series", "favorite__theater"
    )
    return send_due_rows(mails, partial(favorite_emails.compose, now=now), most=most)
