"""Sending the outbox: one lease, one mail, one note that it went. A killed worker's mail is due again after the lease."""

from datetime import datetime

import structlog
from django.conf import settings
from django.db.models import F

from core.clock import ClockTimestamp, from_now
from reservations import emails
from reservations.models import OutgoingMail

logger = structlog.get_logger(__name__)
LEASE_SECONDS = 60
SLOWEST_RETRY_SECONDS = 3600
MOST_ATTEMPTS = 40


def send_due_mail(*, now: datetime, most: int = 50) -> int:
    due = list(OutgoingMail.objects.due().order_by("try_at").values_list("pk", flat=True)[:most])
    return sum(send_mail(mail_id=mail_id, now=now) for mail_id in due)


def send_mail(*, mail_id: int, now: datetime) -> bool:
    """Send a due mail unless another worker has it; True when it went out."""
    claimed = (
        OutgoingMail.objects.due().filter(pk=mail_id).update(try_at=from_now(LEASE_SECONDS), attempts=F("attempts") + 1)
    )
    if not claimed:
        return False
    mail = OutgoingMail.objects.select_related("booking").get(pk=mail_id)
    try:
        emails.compose(mail, now=now, site_url=settings.SITE_URL).send()
    except Exception as error:  # one mail that cannot be made must not stop all the others
        _try_later(mail, error)
        return False
    OutgoingMail.objects.filter(pk=mail_id).update(sent_at=ClockTimestamp(), last_error="")
    return True


def _try_later(mail: OutgoingMail, error: Exception) -> None:
    logger.warning("mail_not_sent", purpose=mail.purpose, error=type(error).__name__)
    pause = min(SLOWEST_RETRY_SECONDS, 5 * 2 ** min(mail.attempts, 12))
    given_up = {"gave_up_at": ClockTimestamp()} if mail.attempts >= MOST_ATTEMPTS else {}
    OutgoingMail.objects.filter(pk=mail.pk).update(
        try_at=from_now(pause), last_error=f"{type(error).__name__}: {error}"[:200], **given_up
    )
