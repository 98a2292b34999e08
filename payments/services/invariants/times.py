"""What must be over by its moment."""

from payments.services.invariants.rule import Invariant

TIMES = (
    Invariant(
        "holds_end_by_their_cap",
        "No hold, and no seat of one, lives past its cap.",
        """SELECT DISTINCT 'hold ' || hold.id FROM reservations_hold hold
             LEFT JOIN reservations_showtimeseat seat ON seat.hold_id = hold.id
            WHERE hold.ended_at IS NULL AND (hold.expires_at > hold.cap_at OR seat.held_until > hold.cap_at)""",
    ),
    Invariant(
        "pending_bookings_are_decided",
        "No booking is pending two minutes after its seats were free again.",
        """SELECT 'booking ' || reference FROM reservations_booking
            WHERE status = 'PENDING' AND held_until < clock_timestamp() - interval '2 minutes'""",
    ),
)
