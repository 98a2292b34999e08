"""Mail to staff when sales paused by themselves after a restore."""

import structlog
from django.conf import settings

from core.clock import ClockTimestamp
from core.models import SalesPause
from payments import emails
from payments.books.invariant_runs import staff_addresses

logger = structlog.get_logger(__name__)


def tell_of_pause() -> int:
    """Mail staff once about each pause that began by itself; the next sweep tries again if that fails."""
    told = 0
    for pause in SalesPause.objects.to_tell():
        try:
            emails.sales_paused(pause, to=staff_addresses(), site_url=settings.SITE_URL).send()
        except OSError as error:  # SMTP errors are among them
            logger.warning("pause_not_told", pause=pause.pk, error=type(error).__name__)
            continue
        told += SalesPause.objects.filter(pk=pause.pk).update(told_at=ClockTimestamp())
    return told
