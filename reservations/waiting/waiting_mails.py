"""The outbox of waiting lists."""

from datetime import datetime
from functools import partial

from core.letters.outbox import send_due_rows
from reservations.letters.mail_rows import add_mails
from reservations.models import WaitingEntry, WaitingMail
from reservations.states import WaitingMailKind
from reservations.waiting import waiting_emails


def write_waiting_mail(entry: WaitingEntry, kind: WaitingMailKind, *, about: int | str = "") -> None:
    """Queue a mail about an entry, once for each kind and `about`."""
    purpose = f"{kind.lower()}:{entry.pk}:{about}"
    add_mails([WaitingMail(purpose=purpose, kind=kind, entry=entry)])


def send_due_waiting_mail(*, now: datetime, most: int = 50) -> int:
    """Send the mails that are due; returns how many were sent."""
    mails = WaitingMail.objects.select_related("entry__contact")
    return send_due_rows(mails, partial(waiting_emails.compose, now=now), most=most)
