"""Parts of the statements that take and read seats: what a browser has besides its hold at a showtime."""

# Its tickets from online sales.
BOUGHT = """
    (SELECT count(*) FROM reservations_booking AS bought
       JOIN sales_sale AS sale ON sale.id = bought.sale_id AND sale.channel = 'ONLINE'
       JOIN reservations_ticket AS ticket ON ticket.booking_id = bought.id
      WHERE bought.holder = %(holder)s AND bought.showtime_id = %(showtime)s AND bought.status = 'CONFIRMED'
        AND ticket.status IN ('VALID', 'USED'))"""
KEEPS_FOR_FRIENDS = """
    EXISTS (SELECT 1 FROM reservations_sharedblock AS shared JOIN reservations_hold AS kept ON kept.id = shared.hold_id
             WHERE shared.holder = %(holder)s AND shared.showtime_id = %(showtime)s
               AND kept.ended_at IS NULL AND kept.expires_at > clock_timestamp())"""
# The other showtimes at which seats are held for it: by itself, for its friends, or while it pays.
HELD_ELSEWHERE = """
    (SELECT count(DISTINCT showtime_id) FROM (
        SELECT showtime_id FROM reservations_hold
         WHERE holder = %(holder)s AND ended_at IS NULL AND expires_at > clock_timestamp()
         UNION ALL
        SELECT shared.showtime_id FROM reservations_sharedblock AS shared
          JOIN reservations_hold AS kept ON kept.id = shared.hold_id
         WHERE shared.holder = %(holder)s AND kept.ended_at IS NULL AND kept.expires_at > clock_timestamp()
         UNION ALL
        SELECT showtime_id FROM reservations_booking AS booking JOIN sales_sale AS sale ON sale.id = booking.sale_id
         WHERE booking.holder = %(holder)s AND booking.status = 'PENDING' AND sale.held_until > clock_timestamp()
        ) AS elsewhere WHERE showtime_id <> %(showtime)s)"""
