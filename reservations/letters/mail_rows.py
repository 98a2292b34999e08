"""Rows of outboxes, written in the transaction of the event; one mail for each purpose."""

from collections.abc import Iterable

from core.letters.outbox import UniqueMail
from core.rows import hints
from reservations.models import Booking, OutgoingMail
from reservations.states import MailKind


def add_mails(mails: Iterable[UniqueMail]) -> None:
    """Add mails to one outbox. A mail whose purpose is already there is ignored."""
    rows = list(mails)
    if rows:
        type(rows[0])._default_manager.bulk_create(rows, ignore_conflicts=True)
    hints.on_commit("reservations.send_due_mail")


def add_mails_to_staff(
    booking: Booking, kind: MailKind, *, purpose: str, addresses: Iterable[str], facts: dict[str, str]
) -> None:
    """Add a mail to staff for each address."""
    add_mails(
        OutgoingMail(purpose=f"{purpose}:{number}", kind=kind, booking=booking, to=address, facts=facts)
        for number, address in enumerate(addresses)
    )
