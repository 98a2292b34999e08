"""The outbox of waiting lists."""

from datetime import datetime

from django.core.mail import EmailMultiAlternatives

from core import hints
from core.outbox import Compose, send_due_rows
from reservations import waiting_emails
from reservations.models import WaitingEntry, WaitingMail
from reservations.states import WaitingMailKind


def write_waiting_mail(entry: WaitingEntry, kind: WaitingMailKind, *, about: int | str = "") -> None:
    """Once for each kind and thing it is about."""
    purpose = f"{kind.lower()}:{entry.pk}:{about}"
    WaitingMail.objects.bulk_create([WaitingMail(purpose=purpose, kind=kind, entry=entry)], ignore_conflicts=True)
    hints.on_commit("reservations.send_due_mail")


def send_due_waiting_mail(*, now: datetime, most: int = 50) -> int:
    """The sweep; returns how many went out."""
    mails = WaitingMail.objects.select_related("entry__contact")
    return send_due_rows(mails, _composed_at(now), most=most)


def _composed_at(now: datetime) -> Compose:
    def compose(mail: WaitingMail) -> EmailMultiAlternatives:
        return waiting_emails.compose(mail, now=now)

    return compose
