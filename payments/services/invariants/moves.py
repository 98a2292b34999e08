"""What must always be true of statuses and the log of moves."""

from payments.services.invariants.rule import Invariant

MOVES = (
    Invariant(
        "every_move_is_logged",
        "The status of every booking and payment is the one its last logged move led to.",
        """SELECT 'booking ' || booking.reference FROM reservations_booking booking
             LEFT JOIN LATERAL (SELECT to_status FROM reservations_move WHERE what = 'booking' AND what_id = booking.id
                                 ORDER BY id DESC LIMIT 1) last ON true
            WHERE booking.status <> coalesce(last.to_status, 'PENDING')
           UNION ALL
           SELECT 'payment ' || payment.id FROM payments_payment payment
             LEFT JOIN LATERAL (SELECT to_status FROM reservations_move WHERE what = 'payment' AND what_id = payment.id
                                 ORDER BY id DESC LIMIT 1) last ON true
            WHERE payment.status <> coalesce(last.to_status, 'CREATED')""",
    ),
)
