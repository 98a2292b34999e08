"""The locks of seat rows, always by ascending id."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from core.database.lock_waits import locks_showtime
from core.database.prepared_statements import prepared_cursor
from reservations.models import Booking, ShowtimeSeat, Ticket
from reservations.seats.state import state_sql

RELEASE_SEATS = f"""
WITH locked AS MATERIALIZED (
    SELECT id FROM reservations_showtimeseat
     WHERE hold_id = %(hold)s AND (%(labels)s::text[] IS NULL OR label = ANY(%(labels)s)
           OR (unit <> '' AND unit IN (SELECT unit FROM reservations_showtimeseat
                                        WHERE hold_id = %(hold)s AND label = ANY(%(labels)s))))
     ORDER BY id FOR NO KEY UPDATE)
UPDATE reservations_showtimeseat AS seat SET hold_id = NULL, held_until = NULL
  FROM locked WHERE seat.id = locked.id AND seat.hold_id = %(hold)s
RETURNING seat.label, {state_sql("seat", at="clock_timestamp()")}
"""


# Gives the rows of a locked hold to a booking and ends the hold: one statement instead of two, because Pay has many.
HAND_OVER = """
WITH ended AS (
    UPDATE reservations_hold SET "end" = 'PAID', ended_at = clock_timestamp(), changed_at = clock_timestamp()
     WHERE id = %(hold)s)
UPDATE reservations_showtimeseat SET hold_id = NULL, booking_id = %(booking)s, held_until = %(held_until)s
 WHERE hold_id = %(hold)s
"""


LENGTHEN_SEATS = """
WITH locked AS MATERIALIZED (
    SELECT id FROM reservations_showtimeseat WHERE hold_id = %(hold)s ORDER BY id FOR NO KEY UPDATE)
UPDATE reservations_showtimeseat AS seat SET held_until = %(expires_at)s
  FROM locked WHERE seat.id = locked.id AND seat.hold_id = %(hold)s
"""


def release_seats(*, hold_id: int, labels: list[str] | None) -> dict[str, str]:
    """Release the rows that still belong to this hold (None: all of them), sofas whole; returns the new state of each:
    free, or house.

    The unit of a row never changes, so it may be read before the lock.
    """
    with prepared_cursor() as cursor:
        cursor.execute(RELEASE_SEATS, {"hold": hold_id, "labels": labels})
        return dict(cursor.fetchall())


def lengthen_seats(*, hold_id: int, expires_at: datetime) -> None:
    with prepared_cursor() as cursor:
        cursor.execute(LENGTHEN_SEATS, {"hold": hold_id, "expires_at": expires_at})


def hand_over(booking: Booking) -> None:
    """Give the locked rows of a locked hold to the booking that was just created."""
    with prepared_cursor() as cursor:
        cursor.execute(
            HAND_OVER, {"hold": booking.hold_id, "booking": booking.pk, "held_until": booking.sale.held_until}
        )


def seats_of_hold(hold_id: int) -> list[ShowtimeSeat]:
    return list(
        ShowtimeSeat.objects.filter(hold_id=hold_id)
        .select_related("seat")
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
    )


def turn_for_best_seats(*, showtime_id: int) -> None:
    """Wait until the transaction before has taken its best seats of the showtime.

    Such waits are short, so they do not count as waits for the showtime (core/database/lock_waits.py).
    """
    with prepared_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('best seats of ' || %s, 0))", [showtime_id])


@locks_showtime
def lock_seats(showtime_id: int, *, labels: list[str], hold_id: int | None) -> None:
    """Lock these seats and all seats of a hold, in ascending order."""
    seats = ShowtimeSeat.objects.filter(Q(showtime_id=showtime_id, label__in=labels) | Q(hold_id=hold_id or 0))
    list(seats.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def lock_seats_of_holds(hold_ids: list[int]) -> set[int]:
    """Lock the seats of holds that nobody else has locked. Returns the holds all of whose seats are ours now."""
    seats = ShowtimeSeat.objects.filter(hold_id__in=hold_ids)
    mine = set(seats.order_by("pk").select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True))
    others = seats.exclude(pk__in=mine).values_list("hold_id", flat=True)
    return set(hold_ids).difference(others)


def seats_of_booking(booking_id: int) -> list[ShowtimeSeat]:
    return list(ShowtimeSeat.objects.filter(booking_id=booking_id).order_by("pk").select_for_update(no_key=True))


@locks_showtime
def seats_by_seat(*, showtime_id: int, seat_ids: list[int]) -> list[ShowtimeSeat]:
    return list(
        ShowtimeSeat.objects.filter(showtime_id=showtime_id, seat_id__in=seat_ids)
        .order_by("pk")
        .select_for_update(no_key=True)
    )


@locks_showtime
def seats_to_swap(*, showtime_id: int, seat_ids: list[int], labels: list[str]) -> list[ShowtimeSeat]:
    """Lock the seats that tickets leave and get, in ascending order."""
    seats = ShowtimeSeat.objects.filter(Q(seat_id__in=seat_ids) | Q(label__in=labels), showtime_id=showtime_id)
    return list(seats.order_by("pk").select_for_update(no_key=True))


def seats_to_exchange(
    tickets: Collection[Ticket], *, showtime_id: int, seat_ids: Collection[int]
) -> list[ShowtimeSeat]:
    """The seats of the old tickets, and these at the new showtime, in one order. Returns the new ones, with their seats."""
    old = Q(pk__in=[])
    for ticket in tickets:
        old |= Q(showtime_id=ticket.showtime_id, seat_id=ticket.seat_id)
    new = Q(showtime_id=showtime_id, seat_id__in=seat_ids)
    rows = ShowtimeSeat.objects.filter(old | new).select_related("seat").order_by("pk")
    locked = list(rows.select_for_update(no_key=True, of=("self",)))
    return [row for row in locked if row.showtime_id == showtime_id and row.seat_id in seat_ids]


@locks_showtime
def seats_of_showtime(showtime_id: int) -> list[ShowtimeSeat]:
    return list(ShowtimeSeat.objects.filter(showtime_id=showtime_id).order_by("pk").select_for_update(no_key=True))
