"""The nightly check of the invariants: a row asks for it, a worker answers, a mail tells staff when something is wrong."""

from datetime import UTC, datetime, time, timedelta
from time import monotonic

import structlog
from django.conf import settings
from django.db import connection, transaction

from accounts.models import User
from core.clock import ClockTimestamp, database_now
from core.rows import hints
from core.rows.sweeps import next_row_on_error
from houses.models import Theater
from payments import emails, locks
from payments.books.invariants import Finding, check_invariants
from payments.models import InvariantRun
from payments.models.invariant_runs import CHECKS_TO_TELL
from staff.access import emails_of_staff

NIGHTLY_AT = time(3, 10)  # UTC
SCHEDULE = "schedule"
LEASE_SECONDS = 60
MEMORY = "64MB"
RIGHT = "payments.run_invariants"
logger = structlog.get_logger(__name__)


def ask_for_check(*, actor: str) -> None:
    """Request a check as soon as a worker has time; one that waits already is used."""
    InvariantRun.objects.bulk_create([InvariantRun(actor=actor)], ignore_conflicts=True)
    hints.on_commit("payments.check_invariants")


def run_due_check() -> InvariantRun | None:
    """Run the requested or the nightly check. If the worker dies, it still waits. Called by the sweep."""
    if not InvariantRun.objects.finished().filter(asked_at__gte=last_night(database_now())).exists():
        InvariantRun.objects.bulk_create([InvariantRun(actor=SCHEDULE)], ignore_conflicts=True)
    with transaction.atomic():
        run = locks.waiting_check()
        if run is not None:
            _check(run)
    return run


def last_night(now: datetime) -> datetime:
    tonight = datetime.combine(now.astimezone(UTC).date(), NIGHTLY_AT, tzinfo=UTC)
    return tonight if tonight <= now else tonight - timedelta(days=1)


def _check(run: InvariantRun) -> None:
    began = monotonic()
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{MEMORY}'")
    findings = check_invariants()
    broken = [found for found in findings if not found.is_clean]
    run.milliseconds = round((monotonic() - began) * 1000)
    run.checked, run.broken = len(findings), len(broken)
    run.findings = [_noted(found) for found in broken]
    run.finished_at = ClockTimestamp()
    run.save(update_fields=["milliseconds", "checked", "broken", "findings", "finished_at"])
    if broken:
        logger.error("invariants_broken", run=run.pk, rules=[found.name for found in broken])


def _noted(found: Finding) -> dict[str, object]:
    return {"name": found.name, "says": found.says, "rows": list(found.rows)}


def tell_of_broken_checks() -> int:
    """Mail to staff about each check with findings, once; if the mail server is down, try again."""
    told = 0
    for run in InvariantRun.objects.to_tell().order_by("pk"):
        # Without a mail the light in the office is red all the same, and the next sweep tries again.
        with next_row_on_error("check_not_told", run=run.pk):
            if CHECKS_TO_TELL.claim(InvariantRun.objects.all(), run.pk, seconds=LEASE_SECONDS):
                emails.broken_check(run, to=staff_addresses(), site_url=settings.SITE_URL).send()
                told += InvariantRun.objects.filter(pk=run.pk).update(told_at=ClockTimestamp())
    return told


def staff_addresses() -> list[str]:
    """The people who look after the money of any theater; when there are none, superusers."""
    if settings.STAFF_MAIL:
        return sorted(set(settings.STAFF_MAIL))
    found = {address for theater in Theater.objects.all() for address in emails_of_staff(RIGHT, theater)}
    everything = User.objects.filter(is_active=True, is_staff=True, is_superuser=True)
    return sorted(found or everything.values_list("email", flat=True))
