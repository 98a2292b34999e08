"""The two statements of every click on a seat: lock or create the browser's hold, then take the seats (run by locks.py)."""

from reservations.seats.own_sql import BOUGHT, HELD_ELSEWHERE, KEEPS_FOR_FRIENDS
from reservations.seats.price_sql import version_sql
from reservations.seats.share_sql import CROWD, LEFT_AT_ADDRESS, MOST_AT_ADDRESS, MOST_IN_NETWORK, PAID_SEATS
from reservations.seats.state import SeatState, state_sql

FREE, HOUSE, HELD, PENDING = (
    f"'{state}'" for state in (SeatState.FREE, SeatState.HOUSE, SeatState.HELD, SeatState.PENDING)
)

# SQL: an unpaid hold. One that was continued by "change seats" counts only by the outcome of its successor.
UNPAID = """(old."end" IN ('LAPSED', 'RELEASED')
         OR (old."end" = 'PAID' AND EXISTS (SELECT 1 FROM reservations_booking AS booking
                                             WHERE booking.hold_id = old.id AND booking.status = 'EXPIRED')
             AND NOT EXISTS (SELECT 1 FROM reservations_hold AS next
                              WHERE next.root_id = coalesce(old.root_id, old.id) AND next.id > old.id)))"""
PAID = """(old."end" = 'PAID' AND EXISTS (SELECT 1 FROM reservations_booking AS booking
                          WHERE booking.hold_id = old.id AND booking.status = 'CONFIRMED' AND booking.total > 0))"""

# Earlier holds are counted for a new hold alone (xmax = 0). At an address each paid hold makes up for three unpaid
# ones, and those of others do not count against a browser with a paid booking.
LOCK_OR_CREATE_HOLD = f"""
INSERT INTO reservations_hold AS hold
       (showtime_id, price_version_id, holder, address, network, has_paid, operator_id, started_at, expires_at, cap_at, "end",
        labels, changed_at)
SELECT %(showtime)s, price_version_id, %(holder)s::text, %(address)s, %(network)s,
       EXISTS (SELECT 1 FROM reservations_booking WHERE holder = %(holder)s::text AND status = 'CONFIRMED' AND total > 0),
       %(operator)s::bigint, at,
       at + least(length, cap) * interval '1 s',
       at + cap * interval '1 s', '', '{{}}', at
  FROM (SELECT clock_timestamp() AS at) AS clock,
       (SELECT {version_sql("clock_timestamp()")} AS price_version_id, coalesce(theater.hold_seconds, %(hold)s) AS length,
               coalesce(theater.hold_seconds + greatest(%(cap)s - %(hold)s, 0), %(cap)s) AS cap
          FROM theaters_showtime AS showtime
          JOIN theaters_auditorium AS auditorium ON auditorium.id = showtime.auditorium_id
          JOIN houses_theater AS theater ON theater.id = auditorium.theater_id
         WHERE showtime.id = %(showtime)s) AS house
ON CONFLICT (showtime_id, holder) WHERE ended_at IS NULL DO UPDATE SET changed_at = clock_timestamp()
RETURNING id, expires_at, expires_at > clock_timestamp(), xmax = 0,
    CASE WHEN xmax = 0 THEN (SELECT count(*) FROM reservations_hold AS old WHERE old.holder = hold.holder
        AND old.started_at > clock_timestamp() - interval '1 hour' AND {UNPAID}) ELSE 0 END,
    CASE WHEN xmax = 0 THEN {HELD_ELSEWHERE} ELSE 0 END,
    CASE WHEN xmax = 0 THEN (SELECT extract(epoch FROM clock_timestamp() - max(old.ended_at))::float
        FROM reservations_hold AS old
       WHERE old.holder = hold.holder AND old.started_at > clock_timestamp() - interval '1 hour') END,
    CASE WHEN xmax = 0 AND network <> '' AND NOT has_paid THEN
        (SELECT count(*) FILTER (WHERE {UNPAID}) - 3 * count(*) FILTER (WHERE {PAID})
           FROM reservations_hold AS old WHERE old.address = hold.address AND old.network <> ''
            AND old.started_at > clock_timestamp() - interval '1 hour') ELSE 0 END,
    CASE WHEN xmax = 0 AND network <> '' AND NOT has_paid THEN
        (SELECT extract(epoch FROM clock_timestamp() - max(old.ended_at))::float
           FROM reservations_hold AS old WHERE old.address = hold.address AND old.network <> ''
            AND old.started_at > clock_timestamp() - interval '1 hour') END,
    shared_block_id,
    CASE WHEN %(one_at_a_time)s AND network <> ''
         THEN pg_advisory_xact_lock(hashtextextended('seats of ' || showtime_id || ' for ' || network, 0))::text END
"""

# `crowd`: the seats of the showtime that are held or pending now. Its snapshot is newer than the lock of the hold's
# network, so what others of that network took is in it. Seats of staff have no address. `fresh`: the seats asked for that
# are not mine yet; taking what is mine is never refused. The columns after `over_unpaid` are those of
# OwnSeats, when they are taken: the hold has no end then, and nothing is being paid for.
TAKE_SEATS = f"""
WITH locked AS MATERIALIZED (
    SELECT id, label, hold_id, booking_id, held_until, house_reason FROM reservations_showtimeseat
     WHERE showtime_id = %(showtime)s AND label = ANY(%(labels)s) ORDER BY id FOR NO KEY UPDATE),
asking AS MATERIALIZED (
    SELECT address, network, has_paid, started_at, expires_at, cap_at, extended_at, price_version_id, shared_block_id
      FROM reservations_hold WHERE id = %(hold)s),
held_before AS MATERIALIZED (
    SELECT id, label FROM reservations_showtimeseat WHERE hold_id = %(hold)s AND NOT label = ANY(%(labels)s)),
judged AS MATERIALIZED (
    SELECT clock_timestamp() AS at, count(*) AS n, count(*) FILTER (WHERE hold_id IS DISTINCT FROM %(hold)s) AS fresh,
           (SELECT count(*) FROM held_before) AS others,
           EXISTS (SELECT 1 FROM reservations_booking AS booking JOIN sales_sale AS sale ON sale.id = booking.sale_id
                    WHERE booking.showtime_id = %(showtime)s AND booking.holder = %(holder)s AND booking.status = 'PENDING'
                      AND sale.held_until > clock_timestamp()) AS paying,
           CASE WHEN %(most_here)s = 0 THEN 0 ELSE
               (SELECT count(*) FROM reservations_hold AS hold JOIN reservations_showtimeseat AS seat ON seat.hold_id = hold.id
                 WHERE hold.address = (SELECT address FROM asking) AND hold.ended_at IS NULL
                   AND {state_sql("seat", at="clock_timestamp()")} = {HELD}
                   AND NOT (hold.id = %(hold)s AND seat.label = ANY(%(labels)s)))
             + (SELECT count(*) FROM reservations_booking AS booking
                  JOIN reservations_hold AS hold ON hold.id = booking.hold_id
                  JOIN reservations_showtimeseat AS seat ON seat.booking_id = booking.id
                 WHERE booking.status = 'PENDING' AND hold.address = (SELECT address FROM asking)
                   AND {state_sql("seat", at="clock_timestamp()")} = {PENDING}) END AS here
      FROM locked),
crowd AS MATERIALIZED ({CROWD.format(counts="(%(share)s > 0 OR %(unpaid_share)s > 0)")}),
paid AS MATERIALIZED ({PAID_SEATS}),
shares AS MATERIALIZED (
    SELECT CASE WHEN %(share)s = 0 OR asking.network = '' OR fresh = 0 OR crowd.network + fresh <= %(least)s THEN false
                WHEN crowd.address + fresh > %(least)s AND crowd.address + fresh > {MOST_AT_ADDRESS} THEN true
                ELSE crowd.network + fresh > {MOST_IN_NETWORK} END AS over,
           CASE WHEN %(unpaid_share)s = 0 OR asking.network = '' OR asking.has_paid OR fresh = 0
                     OR crowd.address + fresh <= %(pair)s THEN false
                ELSE crowd.unpaid + fresh > floor(%(unpaid_share)s * crowd.seats) END AS over_unpaid,
           {LEFT_AT_ADDRESS.format(taking="fresh")} AS left_at_address
      FROM asking CROSS JOIN crowd CROSS JOIN judged),
fit AS MATERIALIZED (
    SELECT n = %(wanted)s AND NOT paying AND (%(most)s = 0 OR others + n <= %(most)s) AND %(expires_at)s > at
           AND (%(most_here)s = 0 OR here + n <= %(most_here)s)
           AND NOT (SELECT over OR over_unpaid FROM shares)
           AND bool_and((hold_id = %(hold)s OR {state_sql("locked", at="at")} = {FREE}
                         OR (%(house)s AND {state_sql("locked", at="at")} = {HOUSE})) IS TRUE) AS ok
      FROM judged CROSS JOIN locked GROUP BY at, n, others, paying, here),
taken AS (
    UPDATE reservations_showtimeseat AS seat
       SET hold_id = %(hold)s, booking_id = NULL, held_until = %(expires_at)s
      FROM locked WHERE seat.id = locked.id AND (SELECT ok FROM fit) RETURNING seat.id)
SELECT (SELECT count(*) FROM taken) = %(wanted)s, n, others, paying, here, %(expires_at)s > at,
       (SELECT over FROM shares), (SELECT over_unpaid FROM shares),
       at, %(hold)s, started_at, expires_at, cap_at, extended_at, NULL, '', '{{}}'::text[], price_version_id, NULL, NULL, NULL,
       ARRAY(SELECT label FROM (SELECT id, label FROM locked UNION ALL SELECT id, label FROM held_before) AS mine ORDER BY id),
       {BOUGHT}, (SELECT left_at_address FROM shares), shared_block_id, {KEEPS_FOR_FRIENDS}
  FROM judged LEFT JOIN asking ON true
"""
