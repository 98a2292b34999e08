"""Parts of the statements that take and read seats: what the customers of an internet address have of one showtime.

`asking` is the hold that asks, with its address and network; an empty network is not limited. `%(share)s` and
`%(network_share)s` are parts of the showtime's seats that are not house seats, 0 for no limit. Each hold counts at the
address where it began; holds of staff have none.
"""

from reservations.seats.state import house_seat_sql, unpaid_sql

IS_TAKEN = unpaid_sql("seat", at="clock_timestamp()")

# One pass over the showtime's rows: the seats that are held or being paid for, of the address, of its network, and of all
# browsers that never paid; and all that are not house seats.
CROWD = f"""
    SELECT coalesce(sum(held) FILTER (WHERE owner.address = asking.address), 0) AS address,
           coalesce(sum(held) FILTER (WHERE owner.network = asking.network), 0) AS network,
           coalesce(sum(held) FILTER (WHERE NOT owner.has_paid), 0) AS unpaid, coalesce(sum(ordinary), 0) AS seats
      FROM asking
     CROSS JOIN (SELECT hold_id, booking_id, count(*) FILTER (WHERE {IS_TAKEN}) AS held,
                        count(*) FILTER (WHERE NOT ({house_seat_sql("seat")})) AS ordinary
                   FROM reservations_showtimeseat AS seat
                  WHERE {{counts}} AND showtime_id = %(showtime)s GROUP BY hold_id, booking_id) AS counted
      LEFT JOIN reservations_booking AS booking ON booking.id = counted.booking_id AND held > 0
      LEFT JOIN reservations_hold AS owner
             ON owner.id = coalesce(counted.hold_id, booking.hold_id) AND held > 0 AND owner.address <> ''
     WHERE asking.network <> ''"""

# Seats that the address and its network paid for at this showtime: they come on top of its share.
PAID_SEATS = """
    SELECT count(*) FILTER (WHERE owner.address = asking.address) AS address, count(*) AS network
      FROM asking CROSS JOIN reservations_booking AS booking
      JOIN reservations_hold AS owner ON owner.id = booking.hold_id
      JOIN reservations_showtimeseat AS seat ON seat.booking_id = booking.id
     WHERE booking.showtime_id = %(showtime)s AND booking.status = 'CONFIRMED' AND booking.total > 0
       AND owner.network = asking.network"""

MOST_AT_ADDRESS = """
    greatest(%(least)s, floor(%(share)s * crowd.seats)) + (SELECT address FROM paid)"""
MOST_IN_NETWORK = """
    greatest(%(least)s, floor(%(network_share)s * crowd.seats)) + (SELECT network FROM paid)"""

# How many more seats the address can take beside `{taking}` new ones; NULL while more than `near` are left for certain.
LEFT_AT_ADDRESS = f"""
    CASE WHEN %(share)s = 0 OR asking.network = '' OR crowd.network + {{taking}} + %(near)s <= %(least)s THEN NULL
         ELSE greatest(0, least({MOST_AT_ADDRESS} - crowd.address, {MOST_IN_NETWORK} - crowd.network) - {{taking}})::int END"""
