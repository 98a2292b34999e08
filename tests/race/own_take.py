"""Versions of the statements that take and give back seats, written for these tests: whole, or with a part left out or
moved.

They do not use the product's statements, which may be rewritten freely; only the races say whether those are right. With
all parts, these behave as the product does. So what a race then shows is the harm of the part that is missing.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection

from reservations.locks import LockedHold, TakeOutcome
from tests.race.racing import taken

MOST_SEATS = 10

TAKE = """
WITH mine AS MATERIALIZED ({mine}),
locked AS MATERIALIZED (
    SELECT id, hold_id, booking_id, held_until, clock_timestamp() AS read_at FROM reservations_showtimeseat
     WHERE (SELECT count(*) FROM mine) = 1 AND showtime_id = %(showtime)s AND label = ANY(%(labels)s::text[])
     ORDER BY {order} FOR NO KEY UPDATE),
judged AS MATERIALIZED (
    SELECT {clock} AS at, count(*) AS found,
           (SELECT count(*) FROM reservations_showtimeseat
             WHERE hold_id = %(hold)s AND NOT label = ANY(%(labels)s::text[])) AS others,
           {paying} AS paying
      FROM locked),
fit AS MATERIALIZED (
    SELECT found = cardinality(%(labels)s::text[]) AND NOT paying AND others + found <= {most} AND %(expires_at)s > at
           AND bool_and(({own} OR held_until <= at OR (hold_id IS NULL AND booking_id IS NULL)) {is_true}) AS ok
      FROM judged CROSS JOIN {rows} GROUP BY at, found, others, paying),
changed AS (
    UPDATE reservations_showtimeseat AS seat
       SET hold_id = %(hold)s, booking_id = NULL, held_until = %(expires_at)s
      FROM locked WHERE seat.id = locked.id AND (SELECT ok FROM fit) RETURNING seat.id)
SELECT (SELECT count(*) FROM changed) = cardinality(%(labels)s::text[]), found, others, paying, %(expires_at)s > at FROM judged
"""
PARTS = {
    "mine": "SELECT %(hold)s AS id",
    "order": "id",
    "clock": "clock_timestamp()",
    "paying": """EXISTS (SELECT 1 FROM reservations_booking AS booking JOIN sales_sale AS sale ON sale.id = booking.sale_id
                       WHERE booking.showtime_id = %(showtime)s AND booking.holder = %(holder)s
                         AND booking.status = 'PENDING' AND sale.held_until > clock_timestamp())""",
    "own": "hold_id = %(hold)s",
    "is_true": "IS TRUE",
    "rows": "locked",
    "most": str(MOST_SEATS),
}
SNAPSHOT = """(SELECT id, hold_id, booking_id, held_until FROM reservations_showtimeseat
                WHERE showtime_id = %(showtime)s AND label = ANY(%(labels)s::text[])) AS seen"""
HOLD_IN_THE_SAME_STATEMENT = "SELECT id FROM reservations_hold WHERE id = %(hold)s FOR NO KEY UPDATE"


def own_take(**parts: str) -> Callable[..., TakeOutcome]:
    """A replacement of `locks.take_seats`: own_take(clock="now()") reads the clock at the start of the transaction."""
    assert set(parts) <= set(PARTS)
    statement = TAKE.format(**PARTS | parts)

    def take(*, showtime_id: int, holder: str, hold: LockedHold, labels: list[str], **_: Any) -> TakeOutcome:
        wanted = {"showtime": showtime_id, "holder": holder, "hold": hold.id, "expires_at": hold.expires_at}
        with connection.cursor() as cursor:
            cursor.execute(statement, wanted | {"labels": labels})
            is_taken, found, others, paying, is_alive = cursor.fetchone()
        return taken(is_taken, found=found, others=others, paying=paying, is_alive=is_alive)

    return take


def release_without_a_second_look(*, hold_id: int, labels: list[str] | None) -> dict[str, str]:
    """A replacement of `locks.release_seats`: it frees the rows that belonged to the hold before it waited for them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH before AS MATERIALIZED (SELECT id FROM reservations_showtimeseat WHERE hold_id = %(hold)s),
            locked AS MATERIALIZED (
                SELECT id FROM reservations_showtimeseat
                 WHERE id IN (SELECT id FROM before) AND (%(labels)s::text[] IS NULL OR label = ANY(%(labels)s::text[]))
                 ORDER BY id FOR NO KEY UPDATE)
            UPDATE reservations_showtimeseat AS seat SET hold_id = NULL, held_until = NULL
              FROM locked WHERE seat.id = locked.id RETURNING seat.label, 'free'
            """,
            {"hold": hold_id, "labels": labels},
        )
        return dict(cursor.fetchall())
