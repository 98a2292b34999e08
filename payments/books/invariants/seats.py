"""Invariants of seats and their tickets."""

from payments.books.invariants.rule import Invariant, listed
from reservations.states import LIVE_TICKETS

LIVE = listed(LIVE_TICKETS)

SEATS = (
    Invariant(
        "one_claim_per_seat",
        "A seat of a showtime has one row, and that row is free, held, pending, sold or kept back.",
        """SELECT 'showtime ' || showtime_id || ', seat ' || min(label) FROM reservations_showtimeseat
            GROUP BY showtime_id, seat_id HAVING count(*) > 1
           UNION ALL
           SELECT 'showtime ' || showtime_id || ', seat ' || label FROM reservations_showtimeseat
            WHERE (hold_id IS NOT NULL AND booking_id IS NOT NULL)
               OR (hold_id IS NULL AND booking_id IS NULL AND held_until IS NOT NULL)""",
    ),
    Invariant(
        "one_live_ticket_per_seat",
        "No seat has two live tickets.",
        f"""SELECT 'showtime ' || showtime_id || ', seat ' || seat_id FROM reservations_ticket
            WHERE status IN ({LIVE}) GROUP BY showtime_id, seat_id HAVING count(*) > 1""",
    ),
    Invariant(
        "live_tickets_have_their_seat",
        "The seat of every live ticket is sold to its booking.",
        f"""SELECT 'ticket ' || ticket.id FROM reservations_ticket ticket
             LEFT JOIN reservations_showtimeseat seat
               ON seat.showtime_id = ticket.showtime_id AND seat.seat_id = ticket.seat_id
            WHERE ticket.status IN ({LIVE})
              AND (seat.booking_id IS DISTINCT FROM ticket.booking_id OR seat.held_until IS NOT NULL)""",
    ),
    Invariant(
        "sold_seats_have_a_live_ticket",
        "Every sold seat has a live ticket of its booking.",
        f"""SELECT 'showtime ' || seat.showtime_id || ', seat ' || seat.label FROM reservations_showtimeseat seat
            WHERE seat.booking_id IS NOT NULL AND seat.held_until IS NULL
              AND NOT EXISTS (SELECT 1 FROM reservations_ticket ticket
                               WHERE ticket.booking_id = seat.booking_id AND ticket.seat_id = seat.seat_id
                                 AND ticket.status IN ({LIVE}))""",
    ),
    Invariant(
        "live_tickets_are_of_confirmed_bookings",
        "Live tickets belong to confirmed bookings alone.",
        f"""SELECT 'ticket ' || ticket.id FROM reservations_ticket ticket
             JOIN reservations_booking booking ON booking.id = ticket.booking_id
            WHERE ticket.status IN ({LIVE}) AND booking.status <> 'CONFIRMED'""",
    ),
    Invariant(
        "dead_bookings_have_no_live_seats",
        "No expired, canceled or refunded booking keeps a seat.",
        """SELECT DISTINCT 'booking ' || sale.reference FROM reservations_booking booking
             JOIN sales_sale sale ON sale.id = booking.sale_id
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
    Invariant(
        "seats_of_a_pending_booking_end_with_it",
        "While a booking waits for its money its seats end when it does, and not later.",
        """SELECT DISTINCT 'booking ' || sale.reference FROM reservations_booking booking
             JOIN sales_sale sale ON sale.id = booking.sale_id
             JOIN reservations_showtimeseat seat ON seat.booking_id = booking.id
            WHERE booking.status = 'PENDING' AND (seat.held_until IS NULL OR seat.held_until > sale.held_until)""",
    ),
    Invariant(
        "tickets_are_of_their_bookings_showtime",
        "A ticket is for its booking's showtime, and a live one for a seat of that showtime's plan.",
        f"""SELECT 'ticket ' || ticket.id FROM reservations_ticket ticket
             JOIN reservations_booking booking ON booking.id = ticket.booking_id
             JOIN theaters_showtime showtime ON showtime.id = ticket.showtime_id
             JOIN theaters_seat seat ON seat.id = ticket.seat_id
            WHERE booking.showtime_id <> ticket.showtime_id
               OR (seat.plan_id <> showtime.plan_id AND ticket.status IN ({LIVE}))""",
    ),
    Invariant(
        "replaced_codes_are_no_tickets",
        "A code that a swap or a transfer replaced belongs to no ticket, and the newest of them gave a ticket the code it has.",
        """WITH replaced AS (
               SELECT line.ticket_id, line.old_code, line.new_code, swap.at, line.id FROM reservations_swappedticket line
                 JOIN reservations_seatswap swap ON swap.id = line.swap_id
               UNION ALL SELECT ticket_id, old_code, new_code, accepted_at, id FROM reservations_transfer
                          WHERE accepted_at IS NOT NULL)
           SELECT 'ticket ' || ticket.id FROM replaced JOIN reservations_ticket ticket ON ticket.code = replaced.old_code
           UNION
           SELECT 'ticket ' || ticket.id
             FROM (SELECT DISTINCT ON (ticket_id) ticket_id, new_code FROM replaced ORDER BY ticket_id, at DESC, id DESC) newest
             JOIN reservations_ticket ticket ON ticket.id = newest.ticket_id WHERE ticket.code <> newest.new_code""",
    ),
)
