"""Mails to staff about deliveries of the provider that were set aside: one for each cause, not for each delivery."""

import structlog
from django.conf import settings
from django.db.models import Case, F, Value, When

from core.clock import ClockTimestamp
from core.rows.sweeps import next_row_on_error
from payments import emails
from payments.books.invariant_runs import staff_addresses
from payments.models import ProviderEvent, SetAsideCause
from payments.models.provider_events import CAUSES_TO_TELL

LEASE_SECONDS = 60
logger = structlog.get_logger(__name__)


def note_set_aside(event: ProviderEvent, *, error: Exception, says: str) -> None:
    """Record the cause of a delivery that was set aside. A cause that returns after a quiet day is mailed again."""
    logger.error("provider_event_set_aside", provider_event=event.provider_id, error=says[:200])
    cause, says = f"{event.kind}: {_kind_of(error)}"[:160], f"{event.kind}: {says}"[:200]
    SetAsideCause.objects.bulk_create([SetAsideCause(cause=cause, says=says)], ignore_conflicts=True)
    mine = SetAsideCause.objects.filter(cause=cause)
    is_back = When(pk__in=mine.quiet().values("pk"), then=Value(None))
    mine.update(says=says, told_at=Case(is_back, default=F("told_at")), last_at=ClockTimestamp())


def _kind_of(error: Exception) -> str:
    code = getattr(error, "code", "")
    name = type(error).__name__
    return f"{name} {code}" if isinstance(code, str) and code else name


def tell_of_events_set_aside() -> int:
    """Mail to staff, once for each cause; if the mail server is down, try again."""
    told = 0
    for cause in SetAsideCause.objects.to_tell().order_by("pk"):
        with next_row_on_error("set_aside_not_told", cause=cause.cause):
            if CAUSES_TO_TELL.claim(SetAsideCause.objects.all(), cause.pk, seconds=LEASE_SECONDS):
                emails.events_set_aside(cause, to=staff_addresses(), site_url=settings.SITE_URL).send()
                told += SetAsideCause.objects.filter(pk=cause.pk).update(told_at=ClockTimestamp())
    return told
