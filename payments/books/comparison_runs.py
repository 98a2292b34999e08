"""The nightly comparison with the provider: what moved since the last one that agreed is compared, mended, and kept in a row."""

from datetime import UTC, datetime, time, timedelta

import structlog
from django.conf import settings

from core.clock import ClockTimestamp, database_now, from_now
from core.rows import hints
from core.rows.sweeps import next_row_on_error
from payments import emails
from payments.books.invariant_runs import SCHEDULE, staff_addresses
from payments.books.key_rights import missing_rights
from payments.books.ledger_comparison import Difference
from payments.books.reconciliation import WITHOUT_LOST_SALES, reconcile
from payments.models import KeyRefusal, LedgerComparison
from payments.models.comparisons import COMPARISONS, COMPARISONS_TO_TELL
from payments.providers import errors
from payments.providers.key_refusals import forget_refusals, note_refusal
from payments.providers.registry import online_providers

NIGHTLY_AT = time(3, 40)  # UTC
FIRST_SPAN = timedelta(days=30)
# Objects younger than this may still change; the end of the last comparison is compared once more.
SETTLED_AFTER = timedelta(minutes=10)
OVERLAP = timedelta(days=1)
LEASE_SECONDS = 1900
RETRY_SECONDS = 300
TELL_LEASE_SECONDS = 60
MOST_KEPT = 500
logger = structlog.get_logger(__name__)


def ask_for_comparison(*, actor: str) -> None:
    """Request a comparison as soon as a worker has time; one that waits already is used, and tried at once."""
    LedgerComparison.objects.bulk_create([LedgerComparison(actor=actor)], ignore_conflicts=True)
    LedgerComparison.objects.filter(finished_at=None).exclude(error="").update(try_at=ClockTimestamp())
    hints.on_commit("payments.compare_with_providers")


def run_due_comparison() -> LedgerComparison | None:
    """Run the requested or the nightly comparison, also when its hour was missed. If the provider does not answer it is
    tried again later. Called by the sweep.
    """
    if not LedgerComparison.objects.finished().filter(asked_at__gte=_last_night(database_now())).exists():
        LedgerComparison.objects.bulk_create([LedgerComparison(actor=SCHEDULE)], ignore_conflicts=True)
    waiting = LedgerComparison.objects.due().first()
    if waiting is None:
        return None
    if not COMPARISONS.claim(LedgerComparison.objects.all(), waiting.pk, seconds=LEASE_SECONDS):
        return None
    _compare(waiting)
    return waiting


def _last_night(now: datetime) -> datetime:
    tonight = datetime.combine(now.astimezone(UTC).date(), NIGHTLY_AT, tzinfo=UTC)
    return tonight if tonight <= now else tonight - timedelta(days=1)


def _compare(run: LedgerComparison) -> None:
    run.since, run.until = _since(), database_now() - SETTLED_AFTER
    try:
        _ask_for_rights()
        result = reconcile(
            providers=online_providers(),
            since=run.since,
            until=run.until,
            remedies=WITHOUT_LOST_SALES,
            actor="comparison",
        )
    except errors.ProviderError as error:
        logger.warning("ledgers_not_compared", error=str(error)[:200])
        run.error, run.try_at = str(error)[:200], from_now(RETRY_SECONDS)
        run.save(update_fields=["since", "until", "error", "try_at"])
        return
    run.mended = [_kept(difference) for difference in result.mended[:MOST_KEPT]]
    run.left = [_kept(difference) for difference in result.left[:MOST_KEPT]]
    run.differences, run.error, run.finished_at = len(result.left), "", ClockTimestamp()
    run.save()
    if result.left:
        logger.error("ledgers_differ", comparison=run.pk, differences=len(result.left))


def _since() -> datetime:
    """Start at the last comparison that agreed, so that a difference is looked at every night until it is settled."""
    agreed = LedgerComparison.objects.agreeing().order_by("-pk").first()
    if agreed is not None and agreed.until is not None:
        return agreed.until - OVERLAP
    first = LedgerComparison.objects.filter(since__isnull=False).order_by("pk").first()
    return first.since if first is not None and first.since is not None else database_now() - FIRST_SPAN


def _ask_for_rights() -> None:
    """Ask which rights a restricted key lacks: a missing one raises an alarm before it is needed, and one that is no
    longer missing ends it.
    """
    has_limited_key = any(provider.has_limited_key for provider in online_providers())
    if not has_limited_key and not KeyRefusal.objects.exists():
        return
    missing = missing_rights()
    if not missing:
        forget_refusals()
    for provider, right in missing:
        note_refusal(provider.name, right.name, says=provider.right_in_words(right.name))


def _kept(difference: Difference) -> dict[str, str]:
    return {
        "kind": difference.kind,
        "provider_id": difference.provider_id,
        "booking": difference.booking,
        "says": difference.says,
        "remedy": str(difference.remedy),
    }


def tell_of_differences() -> int:
    """Mail to staff about each comparison that left differences, once; if the mail server is down, try again."""
    told = 0
    for run in LedgerComparison.objects.to_tell().order_by("pk"):
        with next_row_on_error("comparison_not_told", comparison=run.pk):
            if COMPARISONS_TO_TELL.claim(LedgerComparison.objects.all(), run.pk, seconds=TELL_LEASE_SECONDS):
                emails.ledgers_differ(run, to=staff_addresses(), site_url=settings.SITE_URL).send()
                told += LedgerComparison.objects.filter(pk=run.pk).update(told_at=ClockTimestamp())
    return told
