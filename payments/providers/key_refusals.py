"""Records that a provider refused our key a right: an alarm of its own, besides the failed call, which is tried again."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog
from django.db import DatabaseError
from django.db.models import Case, F, Value, When

from core.clock import ClockTimestamp, from_now
from payments.models.comparisons import STILL_MISSING, KeyRefusal

logger = structlog.get_logger(__name__)
_is_asking: ContextVar[bool] = ContextVar("is_asking_for_rights", default=False)


@contextmanager
def not_noted() -> Iterator[None]:
    """Context in which refused rights are not recorded, because the caller asks for them itself."""
    token = _is_asking.set(True)
    try:
        yield
    finally:
        _is_asking.reset(token)


def note_refusal(provider: str, right: str, *, says: str) -> None:
    """Record that the provider refused our key a right; after a quiet time staff are told again."""
    logger.error("provider_key_refused", provider=provider, right=right, says=says[:200])
    if not _is_asking.get():
        try:
            _write(provider, right[:80], says[:500])
        except DatabaseError:
            # The failed call is more important, and the log has the error.
            logger.exception("key_refusal_not_written", right=right)


def _write(provider: str, right: str, says: str) -> None:
    KeyRefusal.objects.bulk_create([KeyRefusal(provider=provider, right=right, says=says)], ignore_conflicts=True)
    is_new = When(last_at__lt=from_now(-STILL_MISSING.total_seconds()), then=Value(None))
    KeyRefusal.objects.filter(provider=provider, right=right).update(
        says=says, told_at=Case(is_new, default=F("told_at")), last_at=ClockTimestamp()
    )


def forget_refusals() -> None:
    """Clear the recorded refusals, because the key was tested and has every right."""
    KeyRefusal.objects.all().delete()
