"""What must always be true of seats and their tickets."""

from payments.services.invariants.rule import Invariant

SEATS = (
    Invariant(
        "one_live_ticket_per_seat",
        "No seat has two live tickets.",
        """SELECT 'showtime ' || showtime_id || ', seat ' || seat_id FROM reservations_ticket
            WHERE status IN ('VALID', 'USED') GROUP BY showtime_id, seat_id HAVING count(*) > 1""",
    ),
    Invariant(
        "live_tickets_have_their_seat",
        "The seat of every live ticket is sold to its booking.",
        """SELECT 'ticket ' || ticket.id FROM reservations_ticket ticket
             LEFT JOIN reservations_showtimeseat seat
               ON seat.showtime_id = ticket.showtime_id AND seat.seat_id = ticket.seat_id
            WHERE ticket.status IN ('VALID', 'USED')
              AND (seat.booking_id IS DISTINCT FROM ticket.booking_id OR seat.held_until IS NOT NULL)""",
    ),
    Invariant(
        "sold_seats_have_a_live_ticket",
        "Every sold seat has a live ticket of its booking.",
        """SELECT 'showtime ' || seat.showtime_id || ', seat ' || seat.label FROM reservations_showtimeseat seat
            WHERE seat.booking_id IS NOT NULL AND seat.held_until IS NULL
              AND NOT EXISTS (SELECT 1 FROM reservations_ticket ticket
                               WHERE ticket.booking_id = seat.booking_id AND ticket.seat_id = seat.seat_id
                                 AND ticket.status IN ('VALID', 'USED'))""",
    ),
    Invariant(
        "live_tickets_are_of_confirmed_bookings",
        "Live tickets belong to confirmed bookings alone.",
        """SELECT 'ticket ' || ticket.id FROM reservations_ticket ticket
             JOIN reservations_booking booking ON booking.id = ticket.booking_id
            WHERE ticket.status IN ('VALID', 'USED') AND booking.status <> 'CONFIRMED'""",
    ),
    Invariant(
        "dead_bookings_have_no_live_seats",
        "No expired, canceled or refunded booking keeps a seat.",
        """SELECT DISTINCT 'booking ' || booking.reference FROM reservations_booking booking
             JOIN reservations_showtimeseat seat ON seat.booking_id = booking.id
            WHERE booking.status IN ('EXPIRED', 'CANCELED', 'REFUNDED')
              AND (seat.held_until IS NULL OR seat.held_until > clock_timestamp())""",
    ),
    Invariant(
        "ended_holds_have_no_seats",
        "A hold that ended has no seats.",
        """SELECT DISTINCT 'hold ' || hold.id FROM reservations_hold hold
             JOIN reservations_showtimeseat seat ON seat.hold_id = hold.id WHERE hold.ended_at IS NOT NULL""",
    ),
)
