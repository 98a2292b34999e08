"""Invariants of time: rows that must have ended by their moment."""

from payments.books.invariants.rule import Invariant

TIMES = (
    Invariant(
        "holds_end_by_their_cap",
        "No hold, and no seat of one, lives past its cap or without an end.",
        """SELECT DISTINCT 'hold ' || hold.id FROM reservations_hold hold
             LEFT JOIN reservations_showtimeseat seat ON seat.hold_id = hold.id
            WHERE hold.ended_at IS NULL
              AND (hold.expires_at > hold.cap_at OR seat.held_until > hold.cap_at
                   OR (seat.id IS NOT NULL AND seat.held_until IS NULL))""",
    ),
    Invariant(
        "pending_bookings_are_decided",
        "No booking is pending two minutes after its seats were free again.",
        """SELECT 'booking ' || sale.reference FROM reservations_booking booking
             JOIN sales_sale sale ON sale.id = booking.sale_id
            WHERE booking.status = 'PENDING' AND sale.held_until < clock_timestamp() - interval '2 minutes'""",
    ),
    Invariant(
        "nothing_is_sold_after_the_close",
        "Pay is never pressed after the close of sales; the counter sells and staff give away until the end of the show.",
        """SELECT 'booking ' || sale.reference FROM reservations_booking booking
             JOIN sales_sale sale ON sale.id = booking.sale_id
             JOIN theaters_showtime showtime ON showtime.id = booking.showtime_id
            WHERE booking.created_at > CASE WHEN sale.channel = 'ONLINE'
                                            THEN showtime.sales_close_at ELSE showtime.ends_at END""",
    ),
    Invariant(
        "nothing_is_sold_where_there_is_no_show",
        "A canceled showtime has no confirmed booking ten minutes later, and a draft has none at all.",
        """SELECT 'booking ' || sale.reference FROM reservations_booking booking
             JOIN sales_sale sale ON sale.id = booking.sale_id
             JOIN theaters_showtime showtime ON showtime.id = booking.showtime_id
            WHERE (showtime.status = 'DRAFT'
                   OR (showtime.status = 'CANCELED' AND booking.status IN ('PENDING', 'CONFIRMED')
                       AND booking.changed_at < clock_timestamp() - interval '10 minutes'))""",
    ),
)
