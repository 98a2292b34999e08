"""The receipt of a booking by mail, to the address that the customer names at the counter."""

from typing import ClassVar

from django.db import transaction
from django.db.models import QuerySet

from core.letters.mailboxes import same_mailbox
from core.limits.limiter import seconds_until_fewer
from core.refusals import Refusal, TooOften
from core.rows import hints
from core.texts.lazy_text import gettext_lazy as _
from reservations import locks
from reservations.letters.papers import receipt_of
from reservations.models import Booking, OutgoingMail
from reservations.states import MailKind
from sales.models import Contact
from staff.services.audit import record

MOST_SENT = 5
SENT_WITHIN_SECONDS = 3600


class NoReceipt(Refusal):
    sentence = _("Nothing was paid for this booking, so there is no receipt.")


class ReceiptSentOften(TooOften):
    sentence = _("The receipt went out %(times)s times within the last hour. Please wait %(wait)s, or print it.")
    numbers: ClassVar[dict[str, int]] = {"times": MOST_SENT}


def receipts_mailed(booking_id: int) -> int:
    """How often receipts of its sale were mailed: a form carries it, so that a double click is one mail."""
    return _mailed(booking_id).count()


def _mailed(booking_id: int) -> QuerySet[OutgoingMail]:
    """Find the receipt mails of the whole sale: an exchange adds bookings, which must not reset the limit."""
    return OutgoingMail.objects.filter(booking__sale__bookings=booking_id, kind=MailKind.RECEIPT)


def mail_receipt(*, booking_id: int, to: str, before: int, actor: str) -> bool:
    """Put the receipt into the outbox; False when that was done since the form was shown. Raises a Refusal."""
    # The number is given in a transaction of its own.
    receipt = receipt_of(booking_id=booking_id)
    if receipt is None:
        raise NoReceipt
    with transaction.atomic():
        booking = locks.booking(booking_id)
        mailed = _mailed(booking_id)
        if mailed.count() != before:
            return False
        if wait := seconds_until_fewer(mailed, "created_at", most=MOST_SENT, within_seconds=SENT_WITHIN_SECONDS):
            raise ReceiptSentOften(wait)
        OutgoingMail.objects.create(
            purpose=f"receipt:{booking.pk}:{before + 1}", kind=MailKind.RECEIPT, booking=booking,
            contact=_contact_of(booking, to), facts={"paper": receipt.pk},
        )  # fmt: skip
        hints.on_commit("reservations.send_due_mail")
        record(
            actor=actor, action="mail the receipt", thing=booking, theater=booking.sale.theater_id,
            after={"receipt": receipt.name},
        )  # fmt: skip
    return True


def _contact_of(booking: Booking, email: str) -> Contact:
    """The contact of the sale, or a new one for another address: only contacts hold addresses, because they can be
    erased.
    """
    contact = booking.sale.contact
    return contact if same_mailbox(email) == same_mailbox(contact.email) else Contact.objects.create(email=email)
