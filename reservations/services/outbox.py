"""Sending the mails of bookings (core/outbox.py has how)."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from core.outbox import Compose, MailOutcome, send_due_rows, try_to_send
from reservations import emails
from reservations.models import OutgoingMail


def send_due_mail(*, now: datetime, most: int = 50) -> int:
    """The sweep; returns how many went out."""
    return send_due_rows(OutgoingMail.objects.all(), _composed_at(now), most=most)


def send_mail(*, mail_id: int, now: datetime) -> bool:
    """Send a due mail unless another worker has it; True when it went out."""
    return try_to_send(OutgoingMail.objects.all(), mail_id, _composed_at(now)) == MailOutcome.SENT


def _composed_at(now: datetime) -> Compose:
    def compose(mail: OutgoingMail) -> EmailMultiAlternatives:
        return emails.compose(mail, now=now, site_url=settings.SITE_URL)

    return compose
