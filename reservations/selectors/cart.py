"""The seats that one browser holds at all showtimes, for the small line on every page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.database.prepared_statements import prepared_cursor
from reservations.seats.showtime_frame import showtime_frame
from theaters.seat_labels import number_in_words
from theaters.selectors import ShowtimeFacts

HELD = """
SELECT showtime_id, expires_at, extract(epoch FROM expires_at - clock_timestamp())::int, false,
       (SELECT array[count(*), count(area_id)] FROM reservations_showtimeseat WHERE hold_id = hold.id) AS seats
  FROM reservations_hold AS hold
 WHERE holder = %(holder)s AND ended_at IS NULL AND expires_at > clock_timestamp()
 UNION ALL
SELECT block.showtime_id, expires_at, extract(epoch FROM expires_at - clock_timestamp())::int, false,
       (SELECT array[count(*), count(area_id)] FROM reservations_showtimeseat WHERE hold_id = kept.id)
  FROM reservations_sharedblock AS block JOIN reservations_hold AS kept ON kept.id = block.hold_id
 WHERE block.holder = %(holder)s AND ended_at IS NULL AND expires_at > clock_timestamp()
 UNION ALL
SELECT showtime_id, payable_until, extract(epoch FROM payable_until - clock_timestamp())::int, true,
       (SELECT array[count(*), count(area_id)] FROM reservations_showtimeseat WHERE booking_id = booking.id)
  FROM reservations_booking AS booking JOIN sales_sale AS sale ON sale.id = booking.sale_id
 WHERE holder = %(holder)s AND status = 'PENDING' AND payable_until > clock_timestamp()
 ORDER BY 2
"""


@dataclass(frozen=True)
class HeldSeats:
    """Seats of one showtime that are held, or being paid for, until a moment in the theater's time.

    `number_text`: 2 seats, or 2 places where they have no numbers.
    """

    showtime: ShowtimeFacts
    number_text: str
    until: datetime
    seconds_left: int
    is_paying: bool


def held_seats(*, holder: str, now: datetime, besides: int | None = None) -> list[HeldSeats]:
    """The held seats in the order in which holds end, without the showtime `besides`. One query; none without a holder."""
    if not holder:
        return []
    with prepared_cursor() as cursor:
        cursor.execute(HELD, {"holder": holder})
        rows = cursor.fetchall()
    return [_held(row, now) for row in rows if row[0] != besides and row[4][0]]


def _held(row: Sequence[Any], now: datetime) -> HeldSeats:
    showtime_id, until, seconds_left, is_paying, (count, places) = row
    showtime = showtime_frame(showtime_id, now=now).facts
    number_text, until = number_in_words(count - places, places), until.astimezone(showtime.starts_at.tzinfo)
    return HeldSeats(showtime, number_text, until, seconds_left, is_paying)
