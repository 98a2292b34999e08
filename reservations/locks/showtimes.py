"""The lock of a showtime, taken first by everything that sells."""

from dataclasses import dataclass

from core.database.lock_waits import locks_showtime
from core.database.prepared_statements import prepared_cursor
from core.models import PauseKind
from core.pauses import WhenPaused, note_no_pause, stops
from reservations.refusals.on_sale import SalesPaused, ShowtimeMoves

# FOR KEY SHARE waits for a transaction that changes the showtime (FOR UPDATE, theaters/locks.py) and reads what it
# wrote; it does not stand in the way of the counts of seats that the sweep writes there
# (docs/adr/0012-sellers-lock-the-key.md). Without pinned prices (published by a release that had none) nothing is on
# sale.
LOCK_SHOWTIME = """
SELECT CASE WHEN status = 'PUBLISHED' AND price_version_id IS NULL THEN 'DRAFT' ELSE status END,
       sales_close_at > clock_timestamp(), ends_at <= clock_timestamp(),
       (SELECT kind FROM core_salespause WHERE ended_at IS NULL ORDER BY kind LIMIT 1), plan_id,
       coalesce(sales_paused_until > clock_timestamp(), false)
  FROM theaters_showtime WHERE id = %(showtime)s FOR KEY SHARE
"""


@dataclass(frozen=True)
class ShowtimeGate:
    status: str
    is_before_close: bool
    is_over: bool
    plan_id: int


@locks_showtime
def showtime_gate(showtime_id: int, *, when_paused: WhenPaused = WhenPaused.STOPS) -> ShowtimeGate | None:
    """Lock a showtime to sell and say whether it is on sale, in one statement.

    Raises SalesPaused while sales are paused, unless the caller says that its act goes on; ShowtimeMoves is one for
    this showtime alone. `tests/payments/test_pauses.py` lists the callers that do.
    """
    with prepared_cursor() as cursor:
        cursor.execute(LOCK_SHOWTIME, {"showtime": showtime_id})
        row = cursor.fetchone()
    if row is None:
        return None
    if row[3] is None:
        note_no_pause()
    elif stops(when_paused, PauseKind(row[3])):
        raise SalesPaused
    if row[5] and when_paused == WhenPaused.STOPS:
        raise ShowtimeMoves
    return ShowtimeGate(row[0], row[1], row[2], row[4])
