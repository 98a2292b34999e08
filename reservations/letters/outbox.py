"""Sending the mails of bookings, by core/letters/outbox.py."""

from datetime import datetime
from functools import partial

from django.conf import settings

from core.letters.outbox import Compose, MailOutcome, send_due_rows, try_to_send
from reservations.letters import emails
from reservations.models import OutgoingMail


def send_due_mail(*, now: datetime, most: int = 50) -> int:
    """Send the mails that are due; returns how many were sent."""
    return send_due_rows(OutgoingMail.objects.all(), _compose(now), most=most)


def send_mail(*, mail_id: int, now: datetime) -> bool:
    """Send a due mail unless another worker has it; True when it went out."""
    return try_to_send(OutgoingMail.objects.all(), mail_id, _compose(now)) == MailOutcome.SENT


def _compose(now: datetime) -> Compose:
    return partial(emails.compose, now=now, site_url=settings.SITE_URL)
