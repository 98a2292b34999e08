"""Invariants of sales at the counter and of the money in its drawer."""

from payments.books.invariants.rule import Invariant, listed
from payments.states import COUNTER_METHODS
from theaters.cash_rounding import MOST_DIFFERENCE

AT_COUNTER = listed(COUNTER_METHODS)

COUNTER = (
    Invariant(
        "counter_money_never_meets_a_provider",
        "No payment or refund of the counter has an id of a provider or waits for one, and none is refunded there.",
        f"""SELECT 'payment ' || id FROM payments_payment
            WHERE method IN ({AT_COUNTER}) AND (session_id IS NOT NULL OR provider_id IS NOT NULL OR status <> 'SUCCEEDED')
           UNION ALL
           SELECT 'refund ' || id FROM payments_refund
            WHERE method IN ({AT_COUNTER}) AND (provider_id IS NOT NULL OR status IN ('SUBMITTED', 'PENDING'))
           UNION ALL
           SELECT 'refund ' || refund.id FROM payments_refund refund
             JOIN payments_payment payment ON payment.id = refund.payment_id
            WHERE payment.method IN ({AT_COUNTER}) AND refund.method NOT IN ({AT_COUNTER})""",
    ),
    Invariant(
        "counter_sales_are_paid_as_they_say",
        "A booking sold at the counter has one payment, of its whole total, by the way it says, to the hands and the drawer that "
        "sold it; exchanges are paid beside it.",
        f"""SELECT 'booking ' || sale.reference FROM sales_sale sale
             LEFT JOIN payments_payment payment ON payment.sale_id = sale.id AND payment.method IN ({AT_COUNTER})
                   AND payment.exchange_id IS NULL
            WHERE sale.channel = 'COUNTER' AND (sale.total > 0 OR payment.id IS NOT NULL)
            GROUP BY sale.id
           HAVING count(payment.id) <> 1 OR min(payment.method) <> sale.paid_with OR min(payment.amount) <> sale.total
               OR min(payment.operator_id) IS DISTINCT FROM sale.operator_id
               OR min(payment.device_id) IS DISTINCT FROM sale.device_id""",
    ),
    Invariant(
        "cash_is_rounded_to_coins",
        "What coins add to cash, or take off it, is less than a coin and the same in a sale and its payment; cards are exact.",
        f"""SELECT 'payment ' || id FROM payments_payment
            WHERE rounding <> 0 AND (method <> 'CASH' OR abs(rounding) > {MOST_DIFFERENCE})
           UNION ALL
           SELECT 'refund ' || id FROM payments_refund
            WHERE rounding <> 0 AND (method <> 'CASH' OR status <> 'SUCCEEDED' OR abs(rounding) > {MOST_DIFFERENCE})
           UNION ALL
           SELECT 'booking ' || sale.reference FROM sales_sale sale
             LEFT JOIN payments_payment payment ON payment.sale_id = sale.id AND payment.exchange_id IS NULL
            WHERE sale.cash_rounding <> 0 OR payment.rounding <> 0 GROUP BY sale.id
           HAVING coalesce(sum(payment.rounding), 0) <> sale.cash_rounding
           UNION ALL
           SELECT 'exchange ' || exchange.id FROM reservations_exchange exchange
             LEFT JOIN payments_payment payment ON payment.exchange_id = exchange.id
            WHERE exchange.cash_rounding <> 0 OR payment.rounding <> 0
            GROUP BY exchange.id HAVING coalesce(sum(payment.rounding), 0) <> exchange.cash_rounding""",
    ),
    Invariant(
        "moved_in_sales_are_paid_elsewhere",
        "What was moved in was paid whole to the other system, and nothing else was; each of its tickets has an old barcode.",
        """SELECT 'booking ' || sale.reference FROM sales_sale sale
             LEFT JOIN payments_payment payment ON payment.sale_id = sale.id
            WHERE sale.channel = 'MOVED_IN' OR payment.method = 'MOVED_IN'
            GROUP BY sale.id
           HAVING sale.channel <> 'MOVED_IN' OR count(payment.id) <> (sale.total > 0)::int
               OR bool_or(payment.method <> 'MOVED_IN') OR coalesce(sum(payment.amount), 0) <> sale.total
           UNION ALL
           SELECT 'ticket ' || ticket.id FROM reservations_ticket ticket
             JOIN reservations_booking booking ON booking.id = ticket.booking_id
             JOIN sales_sale sale ON sale.id = booking.sale_id
             LEFT JOIN reservations_movedinticket moved ON moved.ticket_id = ticket.id
            WHERE (sale.channel = 'MOVED_IN') <> (moved.id IS NOT NULL)
           UNION ALL
           SELECT 'ticket ' || ticket.id FROM reservations_movedinticket moved
             JOIN reservations_ticket ticket ON ticket.code = moved.barcode""",
    ),
    Invariant(
        "money_is_in_a_drawer_of_its_theater",
        "Money that went into a device's drawer or left it belongs to a sale of that device's theater.",
        """SELECT 'payment ' || payment.id FROM payments_payment payment
             JOIN sales_sale sale ON sale.id = payment.sale_id JOIN staff_device device ON device.id = payment.device_id
            WHERE device.theater_id <> sale.theater_id
           UNION ALL
           SELECT 'refund ' || refund.id FROM payments_refund refund
             JOIN payments_payment payment ON payment.id = refund.payment_id
             JOIN sales_sale sale ON sale.id = payment.sale_id JOIN staff_device device ON device.id = refund.device_id
            WHERE device.theater_id <> sale.theater_id""",
    ),
    Invariant(
        "what_was_paid_out_is_written_down",
        "What a booking says was paid out at the counter is in its refunds, each with the person who paid it out.",
        f"""SELECT 'booking ' || sale.reference FROM sales_sale sale
             LEFT JOIN (SELECT payment.sale_id, sum(refund.amount) AS amount, bool_and(refund.operator_id IS NOT NULL) AS known
                          FROM payments_refund refund JOIN payments_payment payment ON payment.id = refund.payment_id
                         WHERE refund.method IN ({AT_COUNTER}) AND refund.status = 'SUCCEEDED'
                         GROUP BY payment.sale_id) paid ON paid.sale_id = sale.id
            WHERE (sale.paid_out > 0 OR paid.sale_id IS NOT NULL)
              AND (sale.paid_out <> coalesce(paid.amount, 0) OR paid.known IS NOT TRUE)""",
    ),
    Invariant(
        "house_seats_are_held_by_staff_alone",
        "A house seat is in no hold but one of the counter, of somebody with the link of its group, or of the customer who had "
        "it when it was kept back.",
        """SELECT 'showtime ' || seat.showtime_id || ', seat ' || seat.label FROM reservations_showtimeseat seat
             JOIN reservations_hold hold ON hold.id = seat.hold_id
            WHERE seat.house_reason <> '' AND hold.operator_id IS NULL AND seat.group_block_id IS NULL
              AND seat.kept_from_hold IS DISTINCT FROM coalesce(hold.root_id, hold.id)""",
    ),
    Invariant(
        "broken_rules_are_in_the_audit_log",
        "Every sale for which staff broke a rule is in the audit log, with the reason.",
        """SELECT 'booking ' || sale.reference FROM reservations_booking booking
             JOIN sales_sale sale ON sale.id = booking.sale_id
            WHERE sale.override_reason <> ''
              AND NOT EXISTS (SELECT 1 FROM staff_auditentry entry
                               WHERE entry.what = 'reservations.booking' AND entry.what_id = booking.id
                                 AND entry.reason <> '')""",
    ),
)
