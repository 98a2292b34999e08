"""Erases the personal data of a sale, which stands in contacts alone: these are emptied, and all other rows refer to
their ids. What people need who took tickets of it is emptied with them.
"""

from datetime import datetime

from django.db import models, transaction

from core.clock import ClockTimestamp
from core.refusals import Refusal
from core.texts.lazy_text import gettext_lazy as _
from payments.models import Payment
from payments.privacy.data_mails import mail_of_erasure
from payments.privacy.erasure_rules import require_over
from reservations.models import Booking, LinkRequest, OutgoingMail, TicketAllowance, Transfer, first_booking
from sales import locks
from sales.models import Contact, Sale
from staff.services.audit import record


class PaymentTooRecent(Refusal):
    staff_can = "Erase it two days after the last payment of the sale ended."
    sentence = _(
        "The last payment of this sale ended less than two days ago: its request may have to be sent again. Please try again "
        "then. Nothing was erased."
    )


def erase_contact(*, sale_id: int, reason: str, actor: str) -> None:
    """Empty the contact of a sale and those it had before, and its notes; forget the requests of its payments.

    Mails that were not sent yet are given up. Notes are emptied with the contact by a trigger. A second time changes
    nothing but the log. Raises PaymentTooRecent.
    """
    with transaction.atomic():
        empty_contacts(locks.sale(sale_id), reason=reason, actor=actor)


def erase_contact_as_customer(*, sale_id: int, now: datetime) -> bool:
    """Erase a sale's personal data at the customer's request and mail a confirmation; False when it was erased before.

    Raises TicketsNotOver, MoneyUnderWay or PaymentTooRecent.
    """
    with transaction.atomic():
        sale = locks.sale(sale_id)
        if sale.contact.emptied_at is not None:
            return False
        to = sale.contact.email
        require_over(Sale.objects.filter(pk=sale.pk), now=now)
        empty_contacts(sale, reason="Asked for by the customer", actor="customer")
        mail_of_erasure(to)
    return True


def empty_contacts(sale: Sale, *, reason: str, actor: str) -> None:
    """Empty the contacts of a locked sale and note it in the audit log. Raises PaymentTooRecent."""
    contacts = forget_contacts(sale)
    booking: Booking = first_booking(sale)
    after = {"contacts": sorted(contacts)}
    record(actor=actor, action="erase contact", thing=booking, theater=sale.theater_id, after=after, reason=reason)


def forget_contacts(sale: Sale) -> set[int]:
    """Empty the contacts of a locked sale, without the audit log; returns their ids. Raises PaymentTooRecent."""
    payments = Payment.objects.filter(sale=sale)
    requests = payments.exclude(request={})
    if requests.exclude(pk__in=payments.with_old_request().values("pk")).exists():
        raise PaymentTooRecent
    requests.update(request={})
    payments.exclude(last_error="").update(last_error="")  # the provider's message may contain the address
    mails = OutgoingMail.objects.filter(booking__sale=sale, contact__isnull=False)
    contacts = {sale.contact_id, *mails.values_list("contact", flat=True)}
    _give_up(OutgoingMail.objects.filter(contact__in=contacts))
    for contact in Contact.objects.filter(pk__in=contacts).exclude(email=""):
        LinkRequest.objects.filter(asked_for__iexact=contact.email).delete()
        TicketAllowance.objects.filter(showtime__bookings__sale=sale, customer=contact.customer).delete()
    Contact.objects.filter(pk__in=contacts).update(
        email="", customer="", payer_name="", payer_search="", told_needs=[], emptied_at=ClockTimestamp()
    )
    Transfer.objects.filter(ticket__booking__sale=sale).exclude(told_needs=[]).update(told_needs=[])
    return contacts


def _give_up(mails: models.QuerySet[OutgoingMail]) -> None:
    """Give up waiting mails, and empty the answers of mail servers, which may contain the address."""
    mails.update(last_error="")
    mails.filter(sent_at=None, gave_up_at=None).update(gave_up_at=ClockTimestamp())
