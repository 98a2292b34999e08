"""Renewing the secret link of a booking, by its customer or because its address changed. The old link then opens
nothing.
"""

from django.db import transaction
from django.db.models import F

from core.clock import ClockTimestamp, from_now
from core.limits.limiter import seconds_until_fewer
from reservations import locks
from reservations.models import Booking, OutgoingMail
from reservations.refusals.booking_links import ManyLinksSent, NoMailbox
from reservations.selling.bookings import write_mail
from reservations.states import MailKind
from sales.models import new_link_nonce

HOUR = 3600
LINKS_PER_HOUR = 3


def renew_link(booking: Booking) -> None:
    """Give a locked booking a new link; the old one and the browsers that used it lose access."""
    booking.sale.link_version += 1
    booking.sale.link_nonce = new_link_nonce()
    booking.sale.link_renewed_at = ClockTimestamp()
    booking.sale.save(update_fields=["link_version", "link_nonce", "link_renewed_at"])


def just_renewed(*, reference: str, holder: str) -> Booking | None:
    """The booking whose link was renewed within the hour, if this browser had opened it by the link before that."""
    renewed = Booking.objects.filter(sale__reference=reference, sale__link_renewed_at__gt=from_now(-HOUR))
    opened = renewed.filter(accesses__holder=holder, accesses__link_version=F("sale__link_version") - 1)
    return opened.exclude(accesses__holder="").first()


def send_new_link(*, booking_id: int, before: int | None = None) -> None:
    """Renew the link and mail it to the booking's own address alone. Raises NoMailbox and ManyLinksSent.

    `before` is the link's version when the form was drawn: a form that is sent twice renews it once.
    """
    with transaction.atomic():
        booking = locks.booking(booking_id)
        if before is not None and before != booking.sale.link_version:
            return
        if not booking.email:
            raise NoMailbox
        mails = OutgoingMail.objects.filter(booking__sale=booking.sale_id, kind=MailKind.LINK)
        if wait := seconds_until_fewer(mails, "created_at", most=LINKS_PER_HOUR, within_seconds=HOUR):
            raise ManyLinksSent(wait)
        renew_link(booking)
        write_mail(booking, MailKind.LINK, about=f"{booking.pk}-{booking.sale.link_version}")
