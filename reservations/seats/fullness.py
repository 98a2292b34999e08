"""Counts how full showtimes are, for lists. No decision depends on these counts."""

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from core.clock import database_now
from core.models import Heartbeat
from reservations.seats.state import state_sql

LOOK_BACK = timedelta(seconds=60)
FULLNESS_LOCK = 0x5EA75  # any number that nothing else uses
EVER = datetime(2000, 1, 1, tzinfo=UTC)

# Showtimes where something may have changed since the last time: a hold or a booking moved, or seats lapsed.
CHANGED_SHOWTIMES = """
SELECT showtime_id FROM reservations_hold WHERE changed_at > %(since)s
UNION SELECT showtime_id FROM reservations_booking WHERE changed_at > %(since)s
UNION SELECT showtime_id FROM reservations_showtimeseat WHERE held_until BETWEEN %(since)s AND clock_timestamp()
UNION SELECT id FROM theaters_showtime WHERE status = 'PUBLISHED' AND fullness_at IS NULL
"""

COUNT_TAKEN = f"""
WITH unlocked AS MATERIALIZED (
    SELECT id FROM theaters_showtime WHERE id = ANY(%(showtimes)s::bigint[]) FOR NO KEY UPDATE SKIP LOCKED),
counted AS (
    SELECT showtime_id, count(*) AS total,
           count(*) FILTER (WHERE {state_sql("seat", at="clock_timestamp()")} <> 'free') AS taken
      FROM reservations_showtimeseat AS seat WHERE showtime_id IN (SELECT id FROM unlocked) GROUP BY showtime_id),
written AS (
    UPDATE theaters_showtime AS showtime
       SET seats_total = counted.total, seats_taken = counted.taken, fullness_at = clock_timestamp()
      FROM counted WHERE showtime.id = counted.showtime_id
       AND (showtime.seats_total, showtime.seats_taken, showtime.fullness_at IS NULL)
           IS DISTINCT FROM (counted.total, counted.taken, false))
SELECT count(*) FROM unlocked
"""


def refresh_fullness() -> int:
    """Bring the counts on showtimes up to date where something changed since the last run, however long ago that was.

    It neither blocks sellers nor waits for them (reservations/locks/showtimes.py). It skips showtimes that somebody is
    changing; the next run counts them. Of two workers at once the second does nothing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [FULLNESS_LOCK])
        if cursor.fetchone() != (True,):
            return 0
        now = database_now()
        last = Heartbeat.objects.filter(name="fullness").values_list("at", flat=True).first()
        cursor.execute(CHANGED_SHOWTIMES, {"since": EVER if last is None else last - LOOK_BACK})
        changed = [found[0] for found in cursor.fetchall()]
        counted = _count_taken(cursor, changed) if changed else 0
        if counted == len(changed):
            Heartbeat.objects.beat("fullness", at=now)
    return counted


def _count_taken(cursor: CursorWrapper, showtime_ids: list[int]) -> int:
    cursor.execute(COUNT_TAKEN, {"showtimes": showtime_ids})
    return int(cursor.fetchall()[0][0])
