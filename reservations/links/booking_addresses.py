"""Staff send a booking's mail again, or change its address, with a reason."""

from typing import ClassVar

from django.db import transaction
from django.db.models import Q, QuerySet

from core.letters.mailboxes import same_mailbox
from core.limits.limiter import seconds_until_fewer
from core.refusals import Refusal, TooOften
from core.rows import hints
from core.texts.lazy_text import gettext_lazy as _
from reservations import locks
from reservations.links.booking_links import renew_link
from reservations.models import Booking, OutgoingMail
from reservations.records.status_changes import log_moves
from reservations.selling.bookings import write_mail
from reservations.states import BookingStatus, MailKind
from sales.models import Contact, Sale
from sales.services.opening import Customer
from staff.services.audit import record

MOST_RESENT = 3
RESENT_WITHIN_SECONDS = 3600


class NoTickets(Refusal):
    sentence = _("This booking has no tickets: there is no confirmation to send.")


class NoAddress(Refusal):
    status = 422
    sentence = _(
        "This booking was sold at the counter and has no address. Give it one: the tickets are sent there then."
    )


class SentOften(TooOften):
    sentence = _(
        "The confirmation went out %(times)s times within the last hour. Please look into the spam folder too, or wait "
        "%(wait)s."
    )
    numbers: ClassVar[dict[str, int]] = {"times": MOST_RESENT}


class SameAddress(Refusal):
    status = 422
    sentence = _("This is the address of the booking already.")


def resent_before(booking_id: int) -> int:
    """How often confirmations of its sale were sent again: a form carries it, so that a double click is one mail."""
    return _resent(booking_id).count()


def _resent(booking_id: int) -> QuerySet[OutgoingMail]:
    """Find the mails that were resent for the whole sale: after an exchange it has several bookings."""
    return OutgoingMail.objects.filter(booking__sale__bookings=booking_id, kind=MailKind.RESENT)


def resend_confirmation(*, booking_id: int, before: int, reason: str, actor: str) -> bool:
    """Put the confirmation into the outbox once more; False when that was done since the form was shown. Raises a
    Refusal.
    """
    with transaction.atomic():
        booking = locks.booking(booking_id)
        if booking.status != BookingStatus.CONFIRMED:
            raise NoTickets
        if not booking.email:
            raise NoAddress
        resent = _resent(booking_id)
        if resent.count() != before:
            return False
        if wait := seconds_until_fewer(resent, "created_at", most=MOST_RESENT, within_seconds=RESENT_WITHIN_SECONDS):
            raise SentOften(wait)
        mail = _write(booking, MailKind.RESENT, f"resent:{booking.pk}:{before + 1}", to=booking.sale.contact)
        log_moves("mail", [(mail.pk, "", "RESENT")], actor=actor, note=reason)
        _record(booking, "send confirmation again", actor=actor, reason=reason, after=_named(booking.sale.contact))
    return True


def change_email(*, booking_id: int, email: str, reason: str, actor: str) -> None:
    """Change the address of a booking. The old link stops working, and both addresses get a mail. Raises SameAddress."""
    with transaction.atomic():
        booking = locks.booking(booking_id)
        _change(booking, email, reason=reason, actor=actor)


def change_email_and_leave_account(*, booking_id: int, email: str, reason: str, actor: str) -> None:
    """Change the address of a booking that is in another person's account, and take it out of that."""
    with transaction.atomic():
        booking = locks.booking(booking_id)
        account = str(booking.sale.user)
        booking.sale.user = None
        booking.sale.save(update_fields=["user"])
        _change(booking, email, reason=reason, actor=actor)
        _record(booking, "leave account", actor=actor, reason=reason, before={"account": account})


def _change(booking: Booking, email: str, *, reason: str, actor: str) -> None:
    if same_mailbox(email) == same_mailbox(booking.email):
        raise SameAddress
    contact = booking.sale.contact
    left = _leave_address(booking.sale)
    contact.email, contact.customer = email, Customer(email=email).key
    contact.save(update_fields=["email", "customer"])
    renew_link(booking)
    version = booking.sale.link_version
    if left:
        _write(booking, MailKind.ADDRESS_LEFT, f"address_left:{booking.pk}:{version}", to=left)
        _write(booking, MailKind.ADDRESS_NEW, f"address_new:{booking.pk}:{version}", to=contact)
    else:
        # A sale at the counter that had no address: now the tickets can be mailed.
        for sold in Booking.objects.filter(sale=booking.sale_id, status=BookingStatus.CONFIRMED).order_by("pk"):
            write_mail(sold, MailKind.CONFIRMATION)
    log_moves("address", [(booking.pk, f"LINK {version - 1}", f"LINK {version}")], actor=actor, note=reason)
    before = _named(left) if left else {}
    _record(booking, "change e-mail", actor=actor, reason=reason, before=before, after=_named(contact))


def _leave_address(sale: Sale) -> Contact | None:
    """Make a contact with the old address of a sale; its earlier mails, sent or given up, belong to that from now on.

    Mails that wait go to the new address; a worker that is just sending one to the old address leaves the link out
    (emails.py).
    """
    if not sale.contact.email:
        return None
    left = Contact.objects.create(email=sale.contact.email)
    over = Q(sent_at__isnull=False) | Q(gave_up_at__isnull=False)
    OutgoingMail.objects.filter(over, contact=sale.contact).update(contact=left)
    return left


def _named(contact: Contact) -> dict[str, str]:
    """Name a contact in the audit log by its number, because the address may be erased later."""
    return {"contact": str(contact.pk)}


def _record(booking: Booking, action: str, *, actor: str, reason: str, **facts: dict[str, str]) -> None:
    theater = booking.showtime.auditorium.theater_id
    record(actor=actor, action=action, thing=booking, theater=theater, reason=reason, **facts)


def _write(booking: Booking, kind: MailKind, purpose: str, *, to: Contact) -> OutgoingMail:
    mail = OutgoingMail.objects.create(purpose=purpose, kind=kind, booking=booking, contact=to)
    hints.on_commit("reservations.send_due_mail")
    return mail
