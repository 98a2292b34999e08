"""The locks of house seats."""

from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from core.database.lock_waits import locks_showtime
from reservations.models import Booking, GroupBlock, Hold, ShowtimeSeat
from reservations.seats.state import HOUSE_SEATS, SeatState, house_seat_sql, shown_to_others, state_sql

KEEP_BACK = f"""
WITH locked AS MATERIALIZED (
    SELECT id, hold_id, booking_id, held_until, house_reason, group_block_id FROM reservations_showtimeseat
     WHERE showtime_id = %(showtime)s AND label = ANY(%(labels)s) ORDER BY id FOR NO KEY UPDATE),
judged AS MATERIALIZED (SELECT clock_timestamp() AS at, count(*) FROM locked)
UPDATE reservations_showtimeseat AS seat
   SET house_reason = %(reason)s, house_release_minutes = %(minutes)s, broken_seat_id = %(broken)s,
       group_block_id = %(group)s,
       hold_id = NULL, booking_id = NULL, held_until = NULL
  FROM locked, judged
 WHERE seat.id = locked.id AND {state_sql("locked", at="at")} IN ('free', 'house')
   AND (NOT ({house_seat_sql("locked")}) OR (%(group)s::bigint IS NULL AND locked.group_block_id IS NULL))
RETURNING seat.label
"""


# Puts house seats on sale: those of a group, those of a mended chair, those with these labels, or those whose time has
# come.
RELEASE_HOUSE = f"""
WITH locked AS MATERIALIZED (
    SELECT seat.id FROM reservations_showtimeseat seat JOIN theaters_showtime showtime ON showtime.id = seat.showtime_id
     WHERE seat.showtime_id = %(showtime)s AND {house_seat_sql("seat")}
       AND CASE WHEN %(group)s::bigint IS NOT NULL THEN seat.group_block_id = %(group)s
                WHEN %(broken)s::bigint IS NOT NULL THEN seat.broken_seat_id = %(broken)s
                WHEN %(labels)s::text[] IS NULL
                THEN showtime.starts_at - seat.house_release_minutes * interval '1 min' <= clock_timestamp()
                ELSE seat.label = ANY(%(labels)s) END
       AND NOT (seat.group_block_id IS NOT NULL AND {state_sql("seat", at="clock_timestamp()")} IN ('held', 'pending'))
     ORDER BY seat.id FOR NO KEY UPDATE OF seat)
UPDATE reservations_showtimeseat AS seat
   SET house_reason = '', house_release_minutes = NULL, broken_seat_id = NULL, group_block_id = NULL
  FROM locked WHERE seat.id = locked.id AND {house_seat_sql("seat")}
RETURNING seat.label, {state_sql("seat", at="clock_timestamp()")}
"""


@locks_showtime
def keep_back(
    *,
    showtime_id: int,
    labels: list[str],
    reason: str,
    release_minutes: int | None,
    broken_seat_id: int | None = None,
    group_block_id: int | None = None,
) -> list[str]:
    """Make those of the seats that are free house seats; returns their labels.

    A house seat gets the new reason. A group gets none of them, and keeps its own.
    """
    with connection.cursor() as cursor:
        wanted: dict[str, Any] = {
            "showtime": showtime_id,
            "labels": labels,
            "reason": reason,
            "minutes": release_minutes,
            "broken": broken_seat_id,
            "group": group_block_id,
        }
        cursor.execute(KEEP_BACK, wanted)
        return [row[0] for row in cursor.fetchall()]


def mark_taken_seats(*, showtime_id: int, labels: list[str], reason: str, broken_seat_id: int | None = None) -> None:
    """Mark taken seats, sofas whole, as house seats: as soon as their owner gives them up, they are kept back. A group
    loses them.

    The row keeps the owner's first hold, so that this customer can still buy it and no other customer can.
    """
    taken = ~HOUSE_SEATS | Q(group_block__isnull=False)
    rows = ShowtimeSeat.objects.filter(taken, showtime_id=showtime_id, label__in=labels)
    ids = list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    seats = ShowtimeSeat.objects.filter(pk__in=ids)
    holds = Hold.objects.filter(pk=OuterRef("hold_id")).values(
        first=Coalesce("root_id", "pk", output_field=BigIntegerField())
    )
    paying = Booking.objects.filter(pk=OuterRef("booking_id")).order_by()
    of_bookings = paying.values(first=Coalesce("hold__root_id", "hold_id", output_field=BigIntegerField()))
    first_hold = Coalesce(Subquery(holds), Subquery(of_bookings))
    seats.update(house_reason=reason, broken_seat=broken_seat_id, group_block=None, kept_from_hold=first_hold)


@locks_showtime
def release_house_seats(
    *,
    showtime_id: int,
    labels: list[str] | None,
    broken_seat_id: int | None = None,
    group_block_id: int | None = None,
) -> dict[str, str]:
    """Put house seats on sale: these, or (None) those whose time has come, those of a broken seat, or those of a group.

    Returns the new state of each: free, unless the counter has it. Seats of a group that somebody is buying stay the
    group's.
    """
    with connection.cursor() as cursor:
        wanted = {"showtime": showtime_id, "labels": labels, "broken": broken_seat_id, "group": group_block_id}
        cursor.execute(RELEASE_HOUSE, wanted)
        return {label: shown_to_others(SeatState(state)) for label, state in cursor.fetchall()}


def group_blocks(showtime_id: int) -> list[GroupBlock]:
    """Lock the blocks of groups at a showtime, before any of their seats."""
    blocks = GroupBlock.objects.filter(showtime_id=showtime_id).order_by("pk")
    return list(blocks.select_for_update(no_key=True))
