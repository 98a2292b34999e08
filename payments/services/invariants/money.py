"""What must always be true of money."""

from payments.services.invariants.rule import Invariant

MONEY = (
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
        "Money captured and not owed back equals the price of live tickets and the stated fees of canceled ones.",
        """SELECT 'booking ' || booking.reference FROM reservations_booking booking
             CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS amount FROM payments_payment
                                  WHERE booking_id = booking.id AND status IN ('SUCCEEDED', 'DISPUTED')) captured
             CROSS JOIN LATERAL (SELECT coalesce(sum(refund.amount), 0) AS amount FROM payments_refund refund
                                   JOIN payments_payment payment ON payment.id = refund.payment_id
                                  WHERE payment.booking_id = booking.id AND refund.status <> 'FAILED') refunded
             CROSS JOIN LATERAL (SELECT coalesce(sum(price), 0) AS amount FROM reservations_ticket
                                  WHERE booking_id = booking.id AND status IN ('VALID', 'USED')) live
            WHERE captured.amount - greatest(refunded.amount, booking.refund_due) <> live.amount + booking.fees_kept""",
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
)
