"""What must always be true of seats and money, each as one query that finds the rows where it is not.

Two minutes are the longest that any part may take to decide a case by itself.
"""

from dataclasses import dataclass

from django.db import connection

MOST_SHOWN = 20


@dataclass(frozen=True)
class Invariant:
    name: str
    says: str
    query: str


@dataclass(frozen=True)
class Finding:
    name: str
    says: str
    rows: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        return not self.rows


INVARIANTS = (
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
        "confirmed_bookings_have_tickets_and_money",
        "Every confirmed booking has its tickets, and the money for them was captured.",
        """SELECT 'booking ' || booking.reference FROM reservations_booking booking
            WHERE booking.status = 'CONFIRMED'
              AND (NOT EXISTS (SELECT 1 FROM reservations_ticket ticket
                                WHERE ticket.booking_id = booking.id AND ticket.status IN ('VALID', 'USED'))
                   OR booking.total <> (SELECT sum(price) FROM reservations_ticket WHERE booking_id = booking.id)
                   OR booking.total > (SELECT coalesce(sum(amount), 0) FROM payments_payment
                                        WHERE booking_id = booking.id AND status IN ('SUCCEEDED', 'DISPUTED')))""",
    ),
    Invariant(
        "kept_money_is_the_price_of_live_tickets",
        "Money captured and not owed back equals the price of live tickets.",
        """SELECT 'booking ' || booking.reference FROM reservations_booking booking
             CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS amount FROM payments_payment
                                  WHERE booking_id = booking.id AND status IN ('SUCCEEDED', 'DISPUTED')) captured
             CROSS JOIN LATERAL (SELECT coalesce(sum(refund.amount), 0) AS amount FROM payments_refund refund
                                   JOIN payments_payment payment ON payment.id = refund.payment_id
                                  WHERE payment.booking_id = booking.id AND refund.status <> 'FAILED') refunded
             CROSS JOIN LATERAL (SELECT coalesce(sum(price), 0) AS amount FROM reservations_ticket
                                  WHERE booking_id = booking.id AND status IN ('VALID', 'USED')) live
            WHERE captured.amount - greatest(refunded.amount, booking.refund_due) <> live.amount""",
    ),
    Invariant(
        "refunds_are_under_way",
        "What is owed back is in refunds that have not failed, within ten minutes.",
        """SELECT 'booking ' || booking.reference FROM reservations_booking booking
             CROSS JOIN LATERAL (SELECT coalesce(sum(refund.amount), 0) AS amount FROM payments_refund refund
                                   JOIN payments_payment payment ON payment.id = refund.payment_id
                                  WHERE payment.booking_id = booking.id AND refund.status <> 'FAILED') refunded
            WHERE booking.refund_due > refunded.amount
              AND booking.changed_at < clock_timestamp() - interval '10 minutes'""",
    ),
    Invariant(
        "refunds_within_what_was_captured",
        "No payment gives back more than it captured.",
        """SELECT 'payment ' || payment.id FROM payments_payment payment
             JOIN payments_refund refund ON refund.payment_id = payment.id AND refund.status <> 'FAILED'
            GROUP BY payment.id
           HAVING sum(refund.amount) > payment.amount OR payment.status NOT IN ('SUCCEEDED', 'DISPUTED')""",
    ),
    Invariant(
        "holds_end_by_their_cap",
        "No hold, and no seat of one, lives past its cap.",
        """SELECT DISTINCT 'hold ' || hold.id FROM reservations_hold hold
             LEFT JOIN reservations_showtimeseat seat ON seat.hold_id = hold.id
            WHERE hold.ended_at IS NULL AND (hold.expires_at > hold.cap_at OR seat.held_until > hold.cap_at)""",
    ),
    Invariant(
        "ended_holds_have_no_seats",
        "A hold that ended has no seats.",
        """SELECT DISTINCT 'hold ' || hold.id FROM reservations_hold hold
             JOIN reservations_showtimeseat seat ON seat.hold_id = hold.id WHERE hold.ended_at IS NOT NULL""",
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
        "pending_bookings_are_decided",
        "No booking is pending two minutes after its seats were free again.",
        """SELECT 'booking ' || reference FROM reservations_booking
            WHERE status = 'PENDING' AND held_until < clock_timestamp() - interval '2 minutes'""",
    ),
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


def check_invariants() -> list[Finding]:
    """One query each; the first rows that break it are named."""
    findings = []
    with connection.cursor() as cursor:
        for invariant in INVARIANTS:
            cursor.execute(f"{invariant.query} LIMIT {MOST_SHOWN}")
            rows = tuple(str(row[0]) for row in cursor.fetchall())
            findings.append(Finding(invariant.name, invariant.says, rows))
    return findings
