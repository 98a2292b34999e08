"""What must always be true of money."""

from payments.services.invariants.rule import Invariant, listed
from payments.states import CAPTURED_PAYMENTS, OPEN_PAYMENTS
from reservations.states import LIVE_TICKETS

LIVE = listed(LIVE_TICKETS)
CAPTURED = listed(CAPTURED_PAYMENTS)
OPEN = listed(OPEN_PAYMENTS)
# What a payment really took; and whether that is in the booking's currency, else it is in none of these sums.
TAKEN = "coalesce(captured, amount)"
AT_HOME = "coalesce(captured_currency, currency) = currency"

MONEY = (
    Invariant(
        "confirmed_bookings_have_tickets_and_money",
        "Every confirmed booking has all its tickets, and the money for them was captured.",
        f"""SELECT 'booking ' || booking.reference FROM reservations_booking booking
             LEFT JOIN (SELECT ticket.booking_id, sum(ticket.price) AS price,
                               count(*) FILTER (WHERE ticket.status IN ({LIVE})) AS live,
                               count(*) FILTER (WHERE ticket.status NOT IN ({LIVE}) AND canceled.id IS NULL) AS lost
                          FROM reservations_ticket ticket
                          LEFT JOIN reservations_canceledticket canceled ON canceled.ticket_id = ticket.id
                         GROUP BY ticket.booking_id) tickets ON tickets.booking_id = booking.id
             LEFT JOIN (SELECT booking_id, sum({TAKEN}) AS amount FROM payments_payment
                         WHERE status IN ({CAPTURED}) AND {AT_HOME} GROUP BY booking_id) captured
               ON captured.booking_id = booking.id
            WHERE booking.status = 'CONFIRMED'
              AND (coalesce(tickets.live, 0) = 0 OR tickets.lost > 0 OR booking.total <> tickets.price
                   OR booking.total > coalesce(captured.amount, 0))""",
    ),
    Invariant(
        "kept_money_is_the_price_of_live_tickets",
        "Money captured and not owed back is the price of live tickets and the stated fees of canceled ones, but for goodwill.",
        f"""SELECT 'booking ' || booking.reference FROM reservations_booking booking
             LEFT JOIN (SELECT booking_id, sum({TAKEN}) AS amount FROM payments_payment
                         WHERE status IN ({CAPTURED}) AND {AT_HOME} GROUP BY booking_id) captured
               ON captured.booking_id = booking.id
             LEFT JOIN (SELECT payment.booking_id, sum(refund.amount) AS amount FROM payments_refund refund
                          JOIN payments_payment payment ON payment.id = refund.payment_id
                         WHERE refund.status <> 'FAILED' AND refund.currency = payment.currency
                         GROUP BY payment.booking_id) refunded
               ON refunded.booking_id = booking.id
             LEFT JOIN (SELECT booking_id, sum(price) AS amount FROM reservations_ticket
                         WHERE status IN ({LIVE}) GROUP BY booking_id) live ON live.booking_id = booking.id
            WHERE coalesce(captured.amount, 0) - greatest(refunded.amount, booking.refund_due)
                  <> coalesce(live.amount, 0) + booking.fees_kept - booking.goodwill""",
    ),
    Invariant(
        "refunds_are_under_way",
        "What is owed back is in refunds that have not failed or with a bank that won a dispute, within ten minutes.",
        """SELECT 'booking ' || booking.reference FROM reservations_booking booking
             CROSS JOIN LATERAL (SELECT coalesce(sum(refund.amount), 0) AS amount FROM payments_refund refund
                                   JOIN payments_payment payment ON payment.id = refund.payment_id
                                  WHERE payment.booking_id = booking.id AND refund.status <> 'FAILED'
                                    AND refund.currency = booking.currency) refunded
             CROSS JOIN LATERAL (SELECT coalesce(sum(dispute.amount) FILTER (WHERE dispute.status = 'LOST'), 0) AS amount,
                                        coalesce(bool_or(dispute.status = 'OPEN'), false) AS is_open
                                   FROM payments_dispute dispute
                                   JOIN payments_payment payment ON payment.id = dispute.payment_id
                                  WHERE payment.booking_id = booking.id) lost
            WHERE booking.refund_due > 0 AND booking.refund_due > refunded.amount + lost.amount AND NOT lost.is_open
              AND booking.changed_at < clock_timestamp() - interval '10 minutes'""",
    ),
    Invariant(
        "refunds_within_what_was_captured",
        "No payment gives back more than it captured.",
        f"""SELECT 'payment ' || payment.id FROM payments_payment payment
             JOIN payments_refund refund ON refund.payment_id = payment.id AND refund.status <> 'FAILED'
            GROUP BY payment.id
           HAVING sum(refund.amount) > coalesce(payment.captured, payment.amount) OR payment.status NOT IN ({CAPTURED})""",
    ),
    Invariant(
        "owed_within_what_was_captured",
        "No booking is owed more than was ever captured for it.",
        f"""SELECT 'booking ' || booking.reference FROM reservations_booking booking
            WHERE booking.refund_due > 0
              AND booking.refund_due > (SELECT coalesce(sum({TAKEN}), 0) FROM payments_payment
                                         WHERE booking_id = booking.id AND status IN ({CAPTURED}) AND {AT_HOME})""",
    ),
    Invariant(
        "one_currency_per_booking",
        "Tickets and payments are in their booking's currency, refunds in that of the money that came.",
        """SELECT 'ticket ' || ticket.id FROM reservations_ticket ticket
             JOIN reservations_booking booking ON booking.id = ticket.booking_id
            WHERE ticket.currency <> booking.currency
           UNION ALL
           SELECT 'payment ' || payment.id FROM payments_payment payment
             JOIN reservations_booking booking ON booking.id = payment.booking_id
            WHERE payment.currency <> booking.currency
           UNION ALL
           SELECT 'refund ' || refund.id FROM payments_refund refund
             JOIN payments_payment payment ON payment.id = refund.payment_id
            WHERE refund.currency <> coalesce(payment.captured_currency, payment.currency)""",
    ),
    Invariant(
        "provider_objects_are_used_once",
        "A session, an intent, a refund or a key of a provider stands on one row alone.",
        """SELECT 'payment ' || max(id) FROM payments_payment
            WHERE session_id IS NOT NULL GROUP BY provider, session_id HAVING count(*) > 1
           UNION ALL
           SELECT 'payment ' || max(id) FROM payments_payment
            WHERE provider_id IS NOT NULL GROUP BY provider, provider_id HAVING count(*) > 1
           UNION ALL
           SELECT 'payment ' || max(id) FROM payments_payment GROUP BY key HAVING count(*) > 1
           UNION ALL
           SELECT 'refund ' || max(id) FROM payments_refund
            WHERE provider_id IS NOT NULL GROUP BY provider, provider_id HAVING count(*) > 1
           UNION ALL
           SELECT 'refund ' || max(id) FROM payments_refund GROUP BY key HAVING count(*) > 1""",
    ),
    Invariant(
        "paid_bookings_are_decided",
        "A booking whose money came is confirmed, or the money goes back.",
        f"""SELECT DISTINCT 'booking ' || booking.reference FROM reservations_booking booking
             JOIN payments_payment payment ON payment.booking_id = booking.id AND payment.status IN ({CAPTURED})
            WHERE booking.status IN ('PENDING', 'EXPIRED')""",
    ),
    Invariant(
        "open_payments_are_asked_about",
        "No payment is open for more than a day, but for those that a bank is deciding: payment sessions live for an hour.",
        f"""SELECT 'payment ' || payment.id FROM payments_payment payment
             JOIN reservations_booking booking ON booking.id = payment.booking_id
            WHERE payment.status IN ({OPEN}) AND payment.created_at < clock_timestamp() - interval '1 day'
              AND booking.checking_since IS NULL""",
    ),
    Invariant(
        "cancellations_add_up",
        "What came back and what was kept of a canceled ticket is its price, and the booking says the same.",
        """SELECT 'ticket ' || ticket.id FROM reservations_canceledticket line
             JOIN reservations_ticket ticket ON ticket.id = line.ticket_id
            WHERE line.refunded + line.kept <> ticket.price OR ticket.status <> 'VOID'
           UNION ALL
           SELECT 'booking ' || booking.reference FROM reservations_booking booking
             LEFT JOIN (SELECT cancellation.booking_id, sum(line.kept) AS kept FROM reservations_canceledticket line
                          JOIN reservations_cancellation cancellation ON cancellation.id = line.cancellation_id
                         GROUP BY cancellation.booking_id) lines ON lines.booking_id = booking.id
            WHERE booking.fees_kept <> coalesce(lines.kept, 0)""",
    ),
    Invariant(
        "refunds_end",
        "No refund waits for an hour to be sent, nor for two weeks to arrive. Cash waits for whoever it belongs to.",
        """SELECT 'refund ' || id FROM payments_refund
            WHERE (method = 'ONLINE' AND status IN ('REQUESTED', 'SUBMITTED')
                   AND created_at < clock_timestamp() - interval '1 hour')
               OR (status = 'PENDING' AND created_at < clock_timestamp() - interval '14 days')""",
    ),
    Invariant(
        "sent_refunds_fail_by_the_providers_word",
        "A refund that was sent is failed only by the provider's own object, or by a refusal with its code.",
        """SELECT 'refund ' || refund.id FROM payments_refund refund
            WHERE refund.status = 'FAILED' AND refund.method = 'ONLINE' AND refund.provider_id IS NULL
              AND refund.last_error !~ '^[a-z][a-z0-9_]*: '
              AND EXISTS (SELECT 1 FROM reservations_move move
                           WHERE move.what = 'refund' AND move.what_id = refund.id AND move.from_status = 'SUBMITTED'
                             AND move.to_status = 'FAILED')""",
    ),
    Invariant(
        "failed_refunds_are_told",
        "Somebody of the staff was told of every failed refund.",
        """SELECT 'refund ' || refund.id FROM payments_refund refund
             JOIN payments_payment payment ON payment.id = refund.payment_id
            WHERE refund.status = 'FAILED' AND refund.ended_at < clock_timestamp() - interval '10 minutes'
              AND NOT EXISTS (SELECT 1 FROM reservations_outgoingmail mail
                               WHERE mail.booking_id = payment.booking_id
                                 AND mail.purpose LIKE 'refund_failed:' || refund.id || ':%')""",
    ),
)
