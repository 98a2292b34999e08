"""Makes copies of one sale differ as sales do: films, types, ways to pay, comps, refunds, visitors. Needs Django set up."""

from bench.million import copy, run

FILMS = 24
CANCELED, COMP, AT_THE_COUNTER = "{0} % 20 = 3", "{0} % 50 = 7", "{0} % 3 = 0"


def vary(operator: int) -> None:
    """Every twentieth booking is canceled and refunded, every fiftieth was a comp, every third was sold at the counter."""
    run("SET session_replication_role = replica")
    run("SET synchronous_commit = off")
    (first,) = run("SELECT min(id) FROM theaters_movie")[0]
    copy("theaters_movie", first, FILMS, slug="'copy-' || n", title="'Film ' || n")
    run(f"""UPDATE theaters_showtime SET movie_id = {first} + id % {FILMS}, seats_total = 200,
                   picture = CASE id % 3 WHEN 0 THEN '3D' ELSE '2D' END""")
    run(f"""UPDATE reservations_booking AS booking
               SET confirmed_at = showtime.starts_at - (booking.id % 20) * interval '17 hours',
                   total = CASE WHEN {COMP.format("booking.id")} THEN 0 ELSE total END
              FROM theaters_showtime AS showtime WHERE showtime.id = booking.showtime_id""")
    run(f"""UPDATE sales_sale AS sale
               SET operator_id = CASE WHEN {AT_THE_COUNTER.format("booking.id")} THEN {operator} END,
                   comp_reason = CASE WHEN {COMP.format("booking.id")} THEN 'Press' ELSE '' END,
                   channel = CASE WHEN {COMP.format("booking.id")} THEN 'COMP'
                             WHEN {AT_THE_COUNTER.format("booking.id")} THEN 'COUNTER' ELSE 'ONLINE' END,
                   total = booking.total,
                   paid_with = CASE WHEN {AT_THE_COUNTER.format("booking.id")} AND NOT {COMP.format("booking.id")}
                               THEN CASE booking.id % 2 WHEN 0 THEN 'CASH' ELSE 'TERMINAL' END ELSE '' END
              FROM reservations_booking AS booking WHERE sale.id = booking.sale_id""")
    run(f"""UPDATE reservations_ticket SET type_name = (ARRAY['Adult', 'Child', 'Senior', 'Student'])[1 + id % 4],
                   price = CASE WHEN {COMP.format("booking_id")} THEN 0 ELSE price END,
                   tax = CASE WHEN {COMP.format("booking_id")} THEN 0 ELSE tax END,
                   status = CASE WHEN {CANCELED.format("booking_id")} THEN 'VOID' WHEN id % 11 = 0 THEN 'VALID'
                            ELSE 'USED' END""")
    run(f"DELETE FROM payments_payment WHERE {COMP.format('sale_id')}")
    run(f"""UPDATE payments_payment SET provider = 'counter', method = CASE sale_id % 2 WHEN 0 THEN 'CASH' ELSE 'TERMINAL' END,
                   operator_id = {operator}, session_id = NULL, provider_id = NULL, session_url = '', captured = amount,
                   captured_currency = currency WHERE {AT_THE_COUNTER.format("sale_id")}""")
    _give_back()
    run("SET session_replication_role = origin")
    run("VACUUM ANALYZE")


def _give_back() -> None:
    run(f"""INSERT INTO reservations_cancellation (booking_id, cause, actor, reason, refunded, kept, currency, at)
            SELECT id, 'STAFF', 'staff:1', 'Reason ' || id % 5, total, 0, 'GBP', confirmed_at + interval '1 hour'
              FROM reservations_booking WHERE {CANCELED.format("id")}""")
    run("""INSERT INTO reservations_canceledticket (cancellation_id, ticket_id, refunded, refunded_tax, kept)
           SELECT canceled.id, ticket.id, ticket.price, ticket.tax, 0 FROM reservations_cancellation AS canceled
             JOIN reservations_ticket AS ticket ON ticket.booking_id = canceled.booking_id""")
    run(
        f"""UPDATE reservations_booking SET status = 'CANCELED', ended_at = confirmed_at WHERE {CANCELED.format("id")}"""
    )
    run(f"UPDATE sales_sale SET refund_due = total WHERE {CANCELED.format('id')}")
    run(f"""INSERT INTO payments_refund (payment_id, status, provider, provider_id, method, operator_id, key, amount,
                                         currency, reason, looks, last_error, ended_at)
            SELECT id, 'SUCCEEDED', provider, CASE method WHEN 'ONLINE' THEN 're_' || id END, method, operator_id,
                   md5('r' || id), amount, currency, 'Staff', 0, '', ended_at
              FROM payments_payment WHERE {CANCELED.format("sale_id")}""")
    run("""INSERT INTO reservations_move (what, what_id, from_status, to_status, actor, note, at)
           SELECT 'refund', id, 'SUBMITTED', 'SUCCEEDED', 'stripe', '', ended_at FROM payments_refund""")
