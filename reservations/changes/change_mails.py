"""Telling holders what happened to their showtime: one mail per booking and change, however often it is asked for."""

from reservations.letters.mail_rows import add_mails
from reservations.models import Booking, OutgoingMail
from reservations.selectors.change_offers import sides_of
from reservations.states import MailKind
from theaters.models import ShowtimeChange


def tell_of_cancel(booking: Booking, change: ShowtimeChange) -> None:
    _add_mail(booking, MailKind.CALLED_OFF, f"called_off:{booking.pk}", {"reason": change.reason})


def tell_of_change(booking: Booking, change: ShowtimeChange) -> None:
    before, after = sides_of(change, booking)
    facts: dict[str, object] = {"kind": change.kind, "before": before, "after": after}
    facts |= {"reason": change.reason, "offer_until": change.offer_until and change.offer_until.isoformat()}
    _add_mail(booking, MailKind.MOVED, f"moved:{booking.pk}:{change.pk}", facts)


def _add_mail(booking: Booking, kind: MailKind, purpose: str, facts: dict[str, object]) -> None:
    if not booking.email:
        return
    add_mails([OutgoingMail(purpose=purpose, kind=kind, booking=booking, contact=booking.sale.contact, facts=facts)])
