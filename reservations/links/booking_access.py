"""How a browser or an account comes to see a booking."""

from collections.abc import Sequence

from django.db.models.functions import Lower

from core.letters.mailboxes import same_mailbox
from reservations.models import Booking, BookingAccess
from sales.models import Contact, Sale


def admit(*, booking: Booking, holder: str) -> None:
    """Let this browser see all bookings of its sale, as long as the link it came by is the current one."""
    version, whole_sale = booking.sale.link_version, Booking.objects.filter(sale=booking.sale_id)
    accesses = [BookingAccess(booking=booking, holder=holder, link_version=version) for booking in whole_sale]
    BookingAccess.objects.bulk_create(accesses, ignore_conflicts=True)


def claim_bookings(*, user_id: int, emails: Sequence[str]) -> int:
    """Give guest bookings to the account that has verified their e-mail address; never by anything else."""
    mailboxes = [same_mailbox(email) for email in emails]
    contacts = Contact.objects.annotate(lower_email=Lower("email")).filter(lower_email__in=mailboxes)
    return Sale.objects.filter(user=None, contact__in=contacts).update(user_id=user_id)
