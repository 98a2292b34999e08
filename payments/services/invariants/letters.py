"""What must always be true of what comes in from Stripe and goes out as mail."""

from payments.services.invariants.rule import Invariant

LETTERS = (
    Invariant(
        "stripe_events_are_done",
        "No event of Stripe waits for more than two minutes.",
        """SELECT 'event ' || stripe_id FROM payments_stripeevent
            WHERE done_at IS NULL AND received_at < clock_timestamp() - interval '2 minutes'""",
    ),
    Invariant(
        "one_confirmation_mail",
        "Every confirmed booking has exactly one confirmation mail.",
        """SELECT 'booking ' || booking.reference FROM reservations_booking booking
             LEFT JOIN reservations_outgoingmail mail ON mail.booking_id = booking.id AND mail.kind = 'CONFIRMATION'
            WHERE booking.status = 'CONFIRMED' GROUP BY booking.id, booking.reference HAVING count(mail.id) <> 1""",
    ),
)
