"""The locks of house seats."""

from typing import Any

from django.db import connection

from core.lock_waits import locks_showtime
from reservations.models import ShowtimeSeat
from reservations.seats.state import HOUSE_SEATS, SeatState, house_seat_sql, shown_to_others, state_sql

KEEP_BACK = f"""
WITH locked AS MATERIALIZED (
    SELECT id, hold_id, booking_id, held_until, house_reason FROM reservations_showtimeseat
     WHERE showtime_id = %(showtime)s AND label = ANY(%(labels)s) ORDER BY id FOR NO KEY UPDATE),
judged AS MATERIALIZED (SELECT clock_timestamp() AS at, count(*) FROM locked)
UPDATE reservations_showtimeseat AS seat
   SET house_reason = %(reason)s, house_release_minutes = %(minutes)s, broken_seat_id = %(broken)s,
       hold_id = NULL, booking_id = NULL, held_until = NULL
  FROM locked, judged
 WHERE seat.id = locked.id AND {state_sql("locked", at="at")} IN ('free', 'house')
RETURNING seat.label
"""


# House seats go on sale: those kept back for a chair that is mended, those that are named, or those whose time has come.
RELEASE_HOUSE = f"""
WITH locked AS MATERIALIZED (
    SELECT seat.id FROM reservations_showtimeseat seat JOIN theaters_showtime showtime ON showtime.id = seat.showtime_id
     WHERE seat.showtime_id = %(showtime)s AND {house_seat_sql("seat")}
       AND CASE WHEN %(broken)s::bigint IS NOT NULL THEN seat.broken_seat_id = %(broken)s
                WHEN %(labels)s::text[] IS NULL
                THEN showtime.starts_at - seat.house_release_minutes * interval '1 min' <= clock_timestamp()
                ELSE seat.label = ANY(%(labels)s) END
     ORDER BY seat.id FOR NO KEY UPDATE OF seat)
UPDATE reservations_showtimeseat AS seat SET house_reason = '', house_release_minutes = NULL, broken_seat_id = NULL
  FROM locked WHERE seat.id = locked.id AND {house_seat_sql("seat")}
RETURNING seat.label, {state_sql("seat", at="clock_timestamp()")}
"""


@locks_showtime
def keep_back(
    *, showtime_id: int, labels: list[str], reason: str, release_minutes: int | None, broken_seat_id: int | None = None
) -> list[str]:
    """Make those of the seats that are free house seats; returns their labels."""
    with connection.cursor() as cursor:
        wanted: dict[str, Any] = {
            "showtime": showtime_id,
            "labels": labels,
            "reason": reason,
            "minutes": release_minutes,
            "broken": broken_seat_id,
        }
        cursor.execute(KEEP_BACK, wanted)
        return [row[0] for row in cursor.fetchall()]


def mark_taken_seats(*, showtime_id: int, labels: list[str], reason: str, broken_seat_id: int | None = None) -> None:
    """A seat that somebody has, or a sofa, is kept back as soon as it is left, whatever ends that."""
    rows = ShowtimeSeat.objects.filter(~HOUSE_SEATS, showtime_id=showtime_id, label__in=labels)
    ids = list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    ShowtimeSeat.objects.filter(pk__in=ids).update(house_reason=reason, broken_seat=broken_seat_id)


@locks_showtime
def release_house_seats(
    *, showtime_id: int, labels: list[str] | None, broken_seat_id: int | None = None
) -> dict[str, str]:
    """Put house seats on sale: these, or (None) those whose time has come, or those kept back for a broken seat.

    Returns what each is now: free, unless the counter has it.
    """
    with connection.cursor() as cursor:
        cursor.execute(RELEASE_HOUSE, {"showtime": showtime_id, "labels": labels, "broken": broken_seat_id})
        return {label: shown_to_others(SeatState(state)) for label, state in cursor.fetchall()}
