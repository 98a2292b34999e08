"""Parts of the statements that take and read seats: what a browser has at a showtime besides its hold."""

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
