"""Finds out whether the database was restored from a backup, and pauses sales then.

It compares the database with a file that has the highest number in the log of moves, and with the provider's newest
objects of this installation. A row is committed before its object at the provider exists, so an object without a row is
proof. Objects from before the last resumption after a restore were reconciled and prove nothing.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import structlog
from django.db import Error
from django.db.models import Max

from core.clock import database_now
from core.database.number_gap import is_far_behind, move_numbers_ahead
from core.database.restore_marker import RestoreMarker, read_marker, write_marker
from core.installation import installation_id, is_from_here
from core.models import PauseKind, SalesPause
from core.pauses import read_pause
from payments.models import Payment, Refund
from payments.providers import errors
from payments.providers.answers import Created
from payments.providers.registry import online_providers
from payments.sessions.sales_without_provider import count_by_day, lost_without_provider
from reservations.models import Move
from theaters.schedule.sales_pauses import note_agreement, pause_sales

ACTOR = "system"
# Tolerance: the provider counts whole seconds, and its clock differs from the database's.
CLOCKS_DIFFER = timedelta(seconds=5)
logger = structlog.get_logger(__name__)


def check_database_age() -> bool:
    """Every minute: pause when the database is older than the file or the provider, else bring the file up to date.

    True when sales are paused after a restore.
    """
    if compare_with_marker():
        return True
    try:
        missing = first_without_row(_newest_objects())
    except errors.ProviderError as error:
        logger.info("newest_objects_not_seen", error=str(error)[:200])
    else:
        if missing is not None:
            pause_after_restore(
                f"A payment provider has {missing.kind} {missing.id}, created here, without a row", missing.created_at
            )
            return True
    update_marker()
    return False


def _newest_objects() -> list[Created]:
    """Fetch the newest objects of all providers. Raises errors.ProviderError when one does not answer."""
    return [thing for provider in online_providers() for thing in provider.newest_objects()]


def compare_at_start() -> None:
    """Compare with the marker file before a process works, without asking the provider. Never stops the start."""
    try:
        compare_with_marker()
    except Error as error:
        logger.warning("database_age_not_compared", error=type(error).__name__)


def compare_with_marker() -> bool:
    """Pause sales when the database is older than its marker file. True while such a pause lasts."""
    if is_paused_after_restore():
        return True
    marker = read_marker(installation_id())
    if marker is None or newest_move() >= marker.newest_move or _is_answered(marker):
        return False
    then = f"{marker.written_at.astimezone(UTC):%d %b %Y %H:%M} UTC"
    why = f"The log of moves ends at {newest_move()}; at {then} it had come to {marker.newest_move}"
    pause_after_restore(why, marker.written_at)
    return True


def _is_answered(marker: RestoreMarker) -> bool:
    """Whether sales were paused because of this file already, and resumed: each such pause moves the numbers ahead.

    Moments would not tell it, because the clock may have been set meanwhile.
    """
    return is_far_behind(marker.newest_move, table=Move._meta.db_table)


def is_paused_after_restore() -> bool:
    pause = read_pause()
    return pause is not None and pause.is_after_restore


def newest_move() -> int:
    return Move.objects.aggregate(newest=Max("pk"))["newest"] or 0


def last_resumed() -> datetime:
    """When the last pause after a restore ended; the beginning of time when there was none."""
    ended = SalesPause.objects.filter(kind=PauseKind.AFTER_RESTORE).aggregate(last=Max("ended_at"))["last"]
    return ended or datetime.min.replace(tzinfo=UTC)


def is_news(thing: Created) -> bool:
    """Whether an object without a row here was created after the last reconciliation."""
    return thing.created_at > last_resumed() + CLOCKS_DIFFER


def update_marker() -> bool:
    return write_marker(installation_id(), RestoreMarker(newest_move(), database_now(), count_by_day()))


def first_without_row(objects: Iterable[Created]) -> Created | None:
    """Find the oldest object since the last resumption that we created and have no row for."""
    ours = [thing for thing in objects if is_from_here(thing.metadata) and is_news(thing)]
    keys = [thing.key for thing in ours]
    known = {*Payment.objects.filter(key__in=keys).values_list("key", flat=True)}
    known |= {*Refund.objects.filter(key__in=keys).values_list("key", flat=True)}
    known_ids = {
        *Refund.objects.filter(provider_id__in=[thing.id for thing in ours]).values_list("provider_id", flat=True)
    }
    known_ids |= {
        *Payment.objects.filter(session_id__in=[thing.id for thing in ours]).values_list("session_id", flat=True)
    }
    missing = [thing for thing in ours if thing.key not in known and thing.id not in known_ids]
    return min(missing, key=lambda thing: thing.created_at, default=None)


def pause_after_restore(why: str, unknown_from: datetime | None) -> None:
    """`unknown_from`: a moment from which the database lacks facts; its last move before that is the last it knows.

    When sales are not paused after a restore yet, numbers move ahead as well.
    """
    logger.error("database_is_older", why=why)
    note_agreement(agrees=False)
    if is_paused_after_restore():
        return
    known = known_until(unknown_from)
    lost = lost_without_provider(read_marker(installation_id()))
    pause_sales(kind=PauseKind.AFTER_RESTORE, why=why, actor=ACTOR, known_until=known, lost=lost)
    move_beyond_lost_numbers()


def move_beyond_lost_numbers() -> None:
    """Move all numbers ahead, also of those that the file knows to be lost."""
    marker = read_marker(installation_id())
    move_numbers_ahead(lost=max(0, marker.newest_move - newest_move()) if marker else 0)


def known_until(unknown_from: datetime | None) -> datetime:
    """The last moment of which the database knows all tickets: its last move, if it is not newer than `unknown_from`."""
    moves = Move.objects.all() if unknown_from is None else Move.objects.filter(at__lte=unknown_from)
    last: datetime | None = moves.aggregate(last=Max("at"))["last"]
    return last or unknown_from or database_now()
