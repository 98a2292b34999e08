"""Invariants of tickets that were exchanged."""

from payments.books.invariants.rule import Invariant

EXCHANGES = (
    Invariant(
        "exchanges_are_whole",
        "Each old ticket of a done exchange was canceled by it, and each new one is as agreed; of another nothing changed.",
        """SELECT 'exchange ' || exchange.id FROM reservations_exchange exchange
             JOIN reservations_exchangedticket line ON line.exchange_id = exchange.id
             JOIN reservations_ticket old ON old.id = line.old_ticket_id
             JOIN reservations_booking booking ON booking.id = exchange.booking_id
             LEFT JOIN reservations_canceledticket gone ON gone.ticket_id = old.id
             LEFT JOIN reservations_ticket new ON new.id = line.new_ticket_id
             LEFT JOIN reservations_booking taker ON taker.id = new.booking_id
            WHERE CASE WHEN exchange.status = 'DONE'
                       THEN old.status <> 'VOID' OR new.id IS NULL OR new.status = 'RESERVED'
                            OR gone.cancellation_id IS DISTINCT FROM exchange.cancellation_id OR gone.kept <> 0
                            OR new.showtime_id <> exchange.showtime_id OR taker.sale_id <> booking.sale_id
                            OR (new.price, new.tax, new.tax_rate) <> (line.price, line.tax, line.tax_rate)
                       ELSE new.id IS NOT NULL END
           UNION
           SELECT 'exchange ' || exchange.id FROM reservations_exchange exchange
            WHERE exchange.status = 'DONE'
              AND (SELECT count(*) FROM reservations_exchangedticket WHERE exchange_id = exchange.id)
                  <> (SELECT count(*) FROM reservations_canceledticket WHERE cancellation_id = exchange.cancellation_id)
           UNION
           SELECT 'cancellation ' || cancellation.id FROM reservations_cancellation cancellation
             LEFT JOIN reservations_exchange exchange ON exchange.cancellation_id = cancellation.id
            WHERE cancellation.cause = 'EXCHANGE' AND exchange.id IS NULL""",
    ),
    Invariant(
        "exchanges_are_decided",
        "No exchange waits for its money two minutes after its seats were free again.",
        """SELECT 'exchange ' || exchange.id FROM reservations_exchange exchange
             JOIN reservations_hold hold ON hold.id = exchange.hold_id
            WHERE exchange.status = 'PAYING' AND hold.expires_at < clock_timestamp() - interval '2 minutes'""",
    ),
)
