"""Invariants of money."""

from payments.books.invariants.rule import Invariant, listed
from payments.states import CAPTURED_PAYMENTS, OPEN_PAYMENTS
from reservations.states import LIVE_TICKETS

LIVE = listed(LIVE_TICKETS)
CAPTURED = listed(CAPTURED_PAYMENTS)
OPEN = listed(OPEN_PAYMENTS)
# SQL: the amount that a payment really took, and whether it is in the booking's currency; other currencies are in none
# of these sums.
TAKEN = "coalesce(captured, amount)"
AT_HOME = "coalesce(captured_currency, currency) = currency"

# A booking has the total at which it was sold: tickets that came by an exchange later are not in it.
AS_SOLD = "exchange.id IS NULL OR exchange.made_booking_id = ticket.booking_id"

MONEY = (
    Invariant(
        "confirmed_bookings_have_tickets_and_money",
        "Every confirmed booking has all its tickets, and the money for its sale was captured.",
        f"""SELECT 'booking ' || sale.reference FROM reservations_booking booking
             JOIN sales_sale sale ON sale.id = booking.sale_id
             LEFT JOIN (SELECT ticket.booking_id, sum(ticket.price) FILTER (WHERE {AS_SOLD}) AS price,
                               count(*) FILTER (WHERE ticket.status IN ({LIVE})) AS live,
                               count(*) FILTER (WHERE ticket.status NOT IN ({LIVE}) AND canceled.id IS NULL) AS lost
                          FROM reservations_ticket ticket
                          LEFT JOIN reservations_canceledticket canceled ON canceled.ticket_id = ticket.id
                          LEFT JOIN reservations_exchangedticket line ON line.new_ticket_id = ticket.id
                          LEFT JOIN reservations_exchange exchange ON exchange.id = line.exchange_id
                         GROUP BY ticket.booking_id) tickets ON tickets.booking_id = booking.id
             LEFT JOIN (SELECT sale_id, sum({TAKEN}) AS amount FROM payments_payment
                         WHERE status IN ({CAPTURED}) AND {AT_HOME} GROUP BY sale_id) captured
               ON captured.sale_id = sale.id
            WHERE booking.status = 'CONFIRMED'
              AND (coalesce(tickets.live, 0) = 0 OR tickets.lost > 0 OR booking.total <> tickets.price
                   OR sale.total > coalesce(captured.amount, 0))""",
    ),
    Invariant(
        "sales_are_the_sum_of_their_bookings",
        "A sale has bookings, all of its theater; its total is the sum of theirs, but for those that exchanges made.",
        """SELECT 'booking ' || sale.reference FROM reservations_booking booking
             JOIN sales_sale sale ON sale.id = booking.sale_id
             JOIN theaters_showtime showtime ON showtime.id = booking.showtime_id
             JOIN theaters_auditorium auditorium ON auditorium.id = showtime.auditorium_id
            WHERE auditorium.theater_id <> sale.theater_id
           UNION ALL
           SELECT 'booking ' || sale.reference FROM sales_sale sale
             LEFT JOIN (SELECT sale_id, sum(total) AS total FROM reservations_booking booking
                         WHERE NOT EXISTS (SELECT FROM reservations_exchange WHERE made_booking_id = booking.id)
                         GROUP BY sale_id) parts
               ON parts.sale_id = sale.id
            WHERE sale.total IS DISTINCT FROM parts.total""",
    ),
    Invariant(
        "kept_money_is_the_price_of_live_tickets",
        "Money captured and not owed back is the price of live tickets and the stated fees of canceled ones, but for goodwill.",
        f"""SELECT 'booking ' || sale.reference FROM sales_sale sale
             LEFT JOIN (SELECT sale_id, sum({TAKEN}) AS amount FROM payments_payment
                         WHERE status IN ({CAPTURED}) AND {AT_HOME} GROUP BY sale_id) captured
               ON captured.sale_id = sale.id
             LEFT JOIN (SELECT payment.sale_id, sum(refund.amount) AS amount FROM payments_refund refund
                          JOIN payments_payment payment ON payment.id = refund.payment_id
                         WHERE refund.status <> 'FAILED' AND refund.currency = payment.currency
                         GROUP BY payment.sale_id) refunded
               ON refunded.sale_id = sale.id
             LEFT JOIN (SELECT booking.sale_id, sum(ticket.price) AS amount FROM reservations_ticket ticket
                          JOIN reservations_booking booking ON booking.id = ticket.booking_id
                         WHERE ticket.status IN ({LIVE}) GROUP BY booking.sale_id) live ON live.sale_id = sale.id
            WHERE coalesce(captured.amount, 0) - greatest(refunded.amount, sale.refund_due)
                  <> coalesce(live.amount, 0) + sale.fees_kept - sale.goodwill
              AND NOT (coalesce(captured.amount, 0) < sale.total
                       AND EXISTS (SELECT 1 FROM reservations_booking WHERE sale_id = sale.id AND status = 'PENDING'))""",
    ),
    Invariant(
        "refunds_are_under_way",
        "What is owed back is in refunds that have not failed or with a bank that won a dispute, within ten minutes.",
        """SELECT 'booking ' || sale.reference FROM sales_sale sale
             CROSS JOIN LATERAL (SELECT coalesce(sum(refund.amount), 0) AS amount FROM payments_refund refund
                                   JOIN payments_payment payment ON payment.id = refund.payment_id
                                  WHERE payment.sale_id = sale.id AND refund.status <> 'FAILED'
                                    AND refund.currency = sale.currency) refunded
             CROSS JOIN LATERAL (SELECT coalesce(sum(dispute.amount) FILTER (WHERE dispute.status = 'LOST'), 0) AS amount,
                                        coalesce(bool_or(dispute.status = 'OPEN'), false) AS is_open
                                   FROM payments_dispute dispute
                                   JOIN payments_payment payment ON payment.id = dispute.payment_id
                                  WHERE payment.sale_id = sale.id) lost
            WHERE sale.refund_due > 0 AND sale.refund_due > refunded.amount + lost.amount AND NOT lost.is_open
              AND sale.changed_at < clock_timestamp() - interval '10 minutes'""",
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
        f"""SELECT 'booking ' || sale.reference FROM sales_sale sale
            WHERE sale.refund_due > 0
              AND sale.refund_due > (SELECT coalesce(sum({TAKEN}), 0) FROM payments_payment
                                         WHERE sale_id = sale.id AND status IN ({CAPTURED}) AND {AT_HOME})""",
    ),
    Invariant(
        "one_currency_per_booking",
        "Tickets and payments are in their booking's currency, refunds in that of the money that came.",
        """SELECT 'ticket ' || ticket.id FROM reservations_ticket ticket
             JOIN reservations_booking booking ON booking.id = ticket.booking_id
             JOIN sales_sale sale ON sale.id = booking.sale_id
            WHERE ticket.currency <> sale.currency
           UNION ALL
           SELECT 'payment ' || payment.id FROM payments_payment payment
             JOIN sales_sale sale ON sale.id = payment.sale_id
            WHERE payment.currency <> sale.currency
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
        "A booking whose money came is confirmed, or the money goes back; it may wait for the rest of its sale's total.",
        f"""SELECT DISTINCT 'booking ' || sale.reference FROM reservations_booking booking
             JOIN sales_sale sale ON sale.id = booking.sale_id
             JOIN (SELECT sale_id, sum({TAKEN}) AS amount FROM payments_payment WHERE status IN ({CAPTURED})
                    GROUP BY sale_id) captured ON captured.sale_id = sale.id
            WHERE booking.status = 'EXPIRED' OR (booking.status = 'PENDING' AND captured.amount >= sale.total)""",
    ),
    Invariant(
        "open_payments_are_asked_about",
        "No payment is open for more than a day, but for those that a bank is deciding: payment sessions live for an hour.",
        f"""SELECT 'payment ' || payment.id FROM payments_payment payment
             JOIN sales_sale sale ON sale.id = payment.sale_id
            WHERE payment.status IN ({OPEN}) AND payment.created_at < clock_timestamp() - interval '1 day'
              AND sale.checking_since IS NULL""",
    ),
    Invariant(
        "cancellations_add_up",
        "What came back and what was kept of a canceled ticket is its price, and the booking says the same.",
        """SELECT 'ticket ' || ticket.id FROM reservations_canceledticket line
             JOIN reservations_ticket ticket ON ticket.id = line.ticket_id
            WHERE line.refunded + line.kept <> ticket.price OR ticket.status <> 'VOID'
           UNION ALL
           SELECT 'booking ' || sale.reference FROM sales_sale sale
             LEFT JOIN (SELECT booking.sale_id, sum(line.kept) AS kept FROM reservations_canceledticket line
                          JOIN reservations_cancellation cancellation ON cancellation.id = line.cancellation_id
                          JOIN reservations_booking booking ON booking.id = cancellation.booking_id
                         GROUP BY booking.sale_id) lines ON lines.sale_id = sale.id
            WHERE sale.fees_kept <> coalesce(lines.kept, 0)""",
    ),
    Invariant(
        "refunds_end",
        "No refund waits for an hour to be sent, nor for two weeks to arrive. Cash waits for the person it belongs to.",
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
                               WHERE mail.booking_id IN (SELECT id FROM reservations_booking WHERE sale_id = payment.sale_id)
                                 AND mail.purpose LIKE 'refund_failed:' || refund.id || ':%')""",
    ),
)
