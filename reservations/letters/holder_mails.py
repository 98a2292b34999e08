"""One mail that staff write to everybody who holds tickets of a showtime.

A mailbox gets the same text once, however often it is sent. Bookings without an address, or with one that earlier mail
did not reach, are listed for staff.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.crypto import salted_hmac

from core.letters.mailboxes import same_mailbox
from core.refusals import Refusal
from core.rows import hints
from core.texts.lazy_text import gettext_lazy as _
from reservations.letters import emails
from reservations.models import Booking, OutgoingMail, Ticket
from reservations.records.status_changes import log_moves
from reservations.states import LIVE_TICKETS, BookingStatus, MailKind
from staff.services.audit import record
from theaters import locks as theater_locks
from theaters.models import Showtime
from theaters.seat_labels import labels_in_words, only_places, seats_inside

DIGEST_SIGNS = 20
SENT, UNREACHED = "SENT", "UNREACHED"


class NobodyToWriteTo(Refusal):
    sentence = _("Nobody with an e-mail address holds a ticket of this showtime. Nothing was sent.")


class WrittenAlready(Refusal):
    sentence = _("Everybody who can be reached has exactly this mail already. Nothing was sent twice.")


class OthersToWriteTo(Refusal):
    sentence = _(
        "Somebody bought, canceled or changed an address meanwhile. Nothing was sent: look again at who gets the mail."
    )


@dataclass(frozen=True)
class Words:
    subject: str
    text: str


@dataclass(frozen=True)
class Recipient:
    """An e-mail address with all of its bookings of the showtime."""

    to: str
    bookings: tuple[Booking, ...]
    purpose: str


@dataclass(frozen=True)
class Recipients:
    """`to_write` get the mail, `written` have it, `silent` have no address. `doubtful`: earlier mail did not reach them."""

    to_write: tuple[Recipient, ...]
    written: tuple[Recipient, ...]
    silent: tuple[Booking, ...]
    doubtful: tuple[Booking, ...]

    @property
    def mark(self) -> str:
        """A fingerprint of the mails to write, so that only what was shown is sent."""
        return _digest(*(f"{recipient.purpose} {recipient.to} {_bookings(recipient)}" for recipient in self.to_write))


def recipients_of(showtime: Showtime, words: Words) -> Recipients:
    """The recipients with confirmed bookings and live tickets. Raises NobodyToWriteTo or WrittenAlready. Four queries."""
    bookings = list(_bookings_of(showtime))
    mailboxes: dict[str, list[Booking]] = {}
    for booking in bookings:
        if booking.email:
            mailboxes.setdefault(same_mailbox(booking.email), []).append(booking)
    if not mailboxes:
        raise NobodyToWriteTo
    start = f"{MailKind.MESSAGE.lower()}:{showtime.pk}:{_digest(words.subject, words.text)}"
    found = [Recipient(own[0].email, tuple(own), f"{start}:{_keyed_digest(box)}") for box, own in mailboxes.items()]
    have = set(
        OutgoingMail.objects.filter(purpose__in=[recipient.purpose for recipient in found]).values_list(
            "purpose", flat=True
        )
    )
    to_write = tuple(recipient for recipient in found if recipient.purpose not in have)
    if not to_write:
        raise WrittenAlready
    return Recipients(
        to_write=to_write,
        written=tuple(recipient for recipient in found if recipient.purpose in have),
        silent=tuple(booking for booking in bookings if not booking.email),
        doubtful=_doubtful(bookings),
    )


def write_to_holders(*, showtime_id: int, words: Words, mark: str, reason: str, actor: str) -> int:
    """Put a mail for each recipient into the outbox, all or none; returns how many.

    Raises OthersToWriteTo when the recipients are not those that `mark` stands for, NobodyToWriteTo and WrittenAlready.
    """
    with transaction.atomic():
        # If two people send at once, the second finds what the first has written.
        showtime = theater_locks.showtime_to_change(showtime_id)
        found = recipients_of(showtime, words)
        if found.mark != mark:
            raise OthersToWriteTo
        OutgoingMail.objects.bulk_create(mail_to(recipient, words) for recipient in found.to_write)
        _note(showtime, found, words, reason=reason, actor=actor)
        hints.on_commit("reservations.send_due_mail")
    return len(found.to_write)


def mail_to(recipient: Recipient, words: Words) -> OutgoingMail:
    """Build the mail to a recipient as it will be sent, without saving it."""
    bookings = [_in_mail(booking) for booking in recipient.bookings]
    return OutgoingMail(
        purpose=recipient.purpose,
        kind=MailKind.MESSAGE,
        booking=recipient.bookings[0],
        contact=recipient.bookings[0].sale.contact,
        facts={"subject": words.subject, "text": words.text, "bookings": bookings},
    )


def first_mail(found: Recipients, words: Words, *, now: datetime) -> EmailMultiAlternatives:
    """Render the mail to the first recipient, for a preview."""
    return emails.compose(mail_to(found.to_write[0], words), now=now, site_url=settings.SITE_URL)


def _bookings_of(showtime: Showtime) -> Iterable[Booking]:
    live = Ticket.objects.filter(booking=OuterRef("pk"), status__in=LIVE_TICKETS)
    bookings = Booking.objects.filter(Exists(live), showtime=showtime, status=BookingStatus.CONFIRMED)
    return bookings.with_names().with_tickets().order_by("pk")


def _doubtful(bookings: list[Booking]) -> tuple[Booking, ...]:
    given_up = OutgoingMail.objects.filter(booking__in=bookings, gave_up_at__isnull=False)
    failed = set(given_up.values_list("booking", "contact"))
    return tuple(booking for booking in bookings if booking.email and (booking.pk, booking.sale.contact_id) in failed)


def _note(showtime: Showtime, found: Recipients, words: Words, *, reason: str, actor: str) -> None:
    note = f"{words.subject}: {reason}"
    told = [(booking.pk, "", SENT) for recipient in found.to_write for booking in recipient.bookings]
    log_moves("message", [*told, *((booking.pk, "", UNREACHED) for booking in found.silent)], actor=actor, note=note)
    after = {
        "subject": words.subject,
        "text": words.text,
        "mails": len(found.to_write),
        "bookings without an address": [booking.reference for booking in found.silent],
    }
    record(
        actor=actor, action="write to all holders", thing=showtime, theater=showtime.auditorium.theater, after=after,
        reason=reason,
    )  # fmt: skip


def _in_mail(booking: Booking) -> dict[str, Any]:
    labels = _labels(booking)
    # The release before reads `seats` and `are_places`.
    return {
        "reference": booking.reference, "has": seats_inside(labels), "seats": labels_in_words(labels),
        "are_places": only_places(labels),
    }  # fmt: skip


def _labels(booking: Booking) -> list[str]:
    return [ticket.seat.label for ticket in booking.tickets.all() if ticket.status in LIVE_TICKETS]


def _seats(booking: Booking) -> str:
    return labels_in_words(_labels(booking))


def _bookings(recipient: Recipient) -> str:
    return " ".join(f"{booking.reference} {_seats(booking)}" for booking in recipient.bookings)


def _keyed_digest(mailbox: str) -> str:
    """Hash an address with our key: texts that must not contain addresses use it to tell them apart."""
    return salted_hmac("holder mail", mailbox, algorithm="sha256").hexdigest()[:DIGEST_SIGNS]


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:DIGEST_SIGNS]
