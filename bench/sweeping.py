"""The product's own sweep, timed; needs Django set up. `expiry` runs it in a process of its own."""

import json
import time
from statistics import median

from django.db import connection

from reservations.seats.hold_sweep import end_lapsed_holds

EMPTY_SWEEPS = 30
LAPSED = 200
BATCHES = 3

LAPSE = """
WITH lapsed AS (
    INSERT INTO reservations_hold (showtime_id, holder, address, started_at, expires_at, cap_at, "end", labels, changed_at)
    SELECT %(showtime)s, 'lapsed-' || number, '', at - interval '10 min', at - interval '1 min', at + interval '10 min',
           '', '{}', at FROM generate_series(1, %(count)s) AS number, (SELECT clock_timestamp() AS at) AS clock
    RETURNING id, expires_at, split_part(holder, '-', 2)::int AS number),
free AS (SELECT id, row_number() OVER (ORDER BY id) AS number FROM reservations_showtimeseat WHERE showtime_id = %(showtime)s)
UPDATE reservations_showtimeseat AS seat SET hold_id = lapsed.id, held_until = lapsed.expires_at
  FROM lapsed JOIN free USING (number) WHERE seat.id = free.id
"""


def time_sweeps(showtime_id: int) -> str:
    """Milliseconds of a sweep that finds nothing, and of one that ends a batch of holds; as JSON."""
    end_lapsed_holds()
    empty = [_timed() for _ in range(EMPTY_SWEEPS)]
    batches = []
    for _ in range(BATCHES):
        with connection.cursor() as cursor:
            cursor.execute(LAPSE, {"showtime": showtime_id, "count": LAPSED})
        batches.append(_timed())
    return json.dumps({"empty": median(empty), "batch": median(batches)})


def _timed() -> float:
    began = time.perf_counter()
    end_lapsed_holds()
    return (time.perf_counter() - began) * 1000
