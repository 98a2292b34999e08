"""The statements that read a seat map for one browser (run by map_reads.py)."""

from reservations.seats.own_sql import BOUGHT, KEEPS_FOR_FRIENDS
from reservations.seats.price_sql import version_sql
from reservations.seats.share_sql import CROWD, LEFT_AT_ADDRESS, PAID_SEATS
from reservations.seats.state import state_sql

# The letters of reservations/seats/map_markup.py, for the browser of OWN_TABLES.
LETTER = f"""CASE {state_sql("seat", at="clock_timestamp()")}
         WHEN 'free' THEN 'f' WHEN 'house' THEN 'x'
         WHEN 'sold' THEN CASE WHEN booking_id = ANY(paid.ids) THEN 'p' ELSE 's' END
         ELSE CASE WHEN hold_id = hold.id OR booking_id = booking.id THEN 'm' ELSE 'h' END END"""
# The newest hold of this browser here (alive, lapsed or ended), and its booking that waits for money; how many tickets
# it has bought here is asked only of a browser that ever held a seat; how many more seats its address can take
# (share_sql.py) only of a live hold, where a share is given; its bookings that are paid for; whether the hold is of a
# shared block, and whether this browser keeps seats for friends. Sales of the counter, which have an operator, are left
# out: for the next customer there these seats are taken.
OWN_FACTS = f"""
       clock_timestamp(), hold.id, hold.started_at, hold.expires_at, hold.cap_at, hold.extended_at, hold.ended_at, hold."end",
       hold.labels, hold.price_version_id, booking.id, booking.reference, booking.payable_until,
       ARRAY(SELECT label FROM reservations_showtimeseat
              WHERE (hold_id = hold.id AND hold.ended_at IS NULL) OR booking_id = booking.id ORDER BY id),
       CASE WHEN hold.id IS NULL THEN 0 ELSE {BOUGHT} END,
       CASE WHEN %(share)s > 0 AND hold.network <> '' AND hold.ended_at IS NULL AND hold.expires_at > clock_timestamp() THEN (
           WITH asking AS (SELECT hold.address, hold.network), crowd AS MATERIALIZED ({CROWD.format(counts="true")}),
                paid AS MATERIALIZED ({PAID_SEATS})
           SELECT {LEFT_AT_ADDRESS.format(taking="0")} FROM asking CROSS JOIN crowd) END,
       hold.shared_block_id, {KEEPS_FOR_FRIENDS}
"""
OWN_TABLES = """
  LEFT JOIN LATERAL (SELECT * FROM reservations_hold WHERE showtime_id = %(showtime)s AND holder = %(holder)s
                      ORDER BY started_at DESC, id DESC LIMIT 1) AS hold ON true
  LEFT JOIN LATERAL (SELECT pending.id, sale.reference, sale.payable_until FROM reservations_booking AS pending
                       JOIN sales_sale AS sale ON sale.id = pending.sale_id
                      WHERE pending.showtime_id = %(showtime)s AND pending.holder = %(holder)s
                        AND pending.status = 'PENDING' AND sale.held_until > clock_timestamp()
                      ORDER BY pending.id DESC LIMIT 1) AS booking ON true
 CROSS JOIN LATERAL (SELECT ARRAY(SELECT bought.id FROM reservations_booking AS bought
                       JOIN sales_sale AS sale ON sale.id = bought.sale_id AND sale.operator_id IS NULL
                      WHERE bought.showtime_id = %(showtime)s AND bought.holder = %(holder)s
                        AND bought.status = 'CONFIRMED') AS ids) AS paid
"""
OWN = f"SELECT {OWN_FACTS} FROM (SELECT 1) AS asked {OWN_TABLES}"

# The same with the seats of one click: label and letter.
CLICKED = f"""
SELECT ARRAY(SELECT ARRAY[label, {LETTER}] FROM reservations_showtimeseat AS seat
              WHERE showtime_id = %(showtime)s AND label = ANY(%(labels)s) ORDER BY seat_id),
       {OWN_FACTS}
  FROM (SELECT 1) AS asked {OWN_TABLES}
"""

# Everything on the page of a showtime that changes, in one statement.
SEAT_MAP = f"""
SELECT CASE WHEN showtime.status = 'PUBLISHED' AND showtime.price_version_id IS NULL THEN 'DRAFT' ELSE showtime.status END,
       showtime.sales_close_at > clock_timestamp(), showtime.plan_id, {version_sql("clock_timestamp()")},
       (SELECT coalesce(string_agg({LETTER}, '' ORDER BY seat_id), '')
          FROM reservations_showtimeseat AS seat WHERE showtime_id = showtime.id AND area_id IS NULL),
       (SELECT coalesce(jsonb_object_agg(name, free), '{{}}') FROM (
           SELECT area.name, count(*) FILTER (WHERE {state_sql("seat", at="clock_timestamp()")} = 'free') AS free
             FROM reservations_showtimearea AS area JOIN reservations_showtimeseat AS seat ON seat.area_id = area.id
            WHERE area.showtime_id = showtime.id GROUP BY area.name) AS counted),
       coalesce(showtime.sales_paused_until > clock_timestamp(), false),
       {OWN_FACTS}
  FROM theaters_showtime AS showtime {OWN_TABLES} WHERE showtime.id = %(showtime)s
"""
