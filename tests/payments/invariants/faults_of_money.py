"""Faults of money, of the log of moves, and of what comes in and goes out."""

from tests.payments.invariants.faults import breaks, copied, one, sql, unguarded, unique_index
from tests.payments.invariants.faults_of_seats import ticket_of

BOOKINGS = "reservations_booking"
SALES = "sales_sale"
TICKETS = "reservations_ticket"
PAYMENTS = "payments_payment"
REFUNDS = "payments_refund"
MOVES = "reservations_move"
EVENTS = "payments_providerevent"
MAILS = "reservations_outgoingmail"


def payment_of(booking) -> int:
    return one(f"SELECT min(id) FROM {PAYMENTS} WHERE sale_id = %s", booking.sale_id)


def refund_of(booking) -> int:
    return one(f"SELECT min(id) FROM {REFUNDS} WHERE payment_id = %s", payment_of(booking))


# The columns of a payment whose money came, and of one whose money did not.
CAPTURED = "status = 'SUCCEEDED', captured = amount, captured_currency = currency, provider_id = 'pi_late'"
NEVER_PAID = "status = 'CLOSED', captured = NULL, captured_currency = NULL, provider_id = NULL"


# Tickets and money.


@breaks("confirmed_bookings_have_tickets_and_money")
def a_confirmed_booking_lost_a_ticket(world):
    sql(f"DELETE FROM {TICKETS} WHERE id = %s", ticket_of(world.confirmed))
    return f"booking {world.confirmed.reference}"


@breaks("confirmed_bookings_have_tickets_and_money")
def a_ticket_is_void_and_nobody_canceled_it(world):
    sql(f"UPDATE {TICKETS} SET status = 'VOID' WHERE id = %s", ticket_of(world.confirmed))
    return f"booking {world.confirmed.reference}"


@breaks("confirmed_bookings_have_tickets_and_money")
def a_ticket_of_a_confirmed_booking_stayed_reserved(world):
    sql(f"UPDATE {TICKETS} SET status = 'RESERVED' WHERE id = %s", ticket_of(world.confirmed))
    return f"booking {world.confirmed.reference}"


@breaks("confirmed_bookings_have_tickets_and_money")
def a_confirmed_booking_was_never_paid(world):
    unguarded(PAYMENTS)
    sql(f"UPDATE {PAYMENTS} SET {NEVER_PAID} WHERE id = %s", payment_of(world.confirmed))
    return f"booking {world.confirmed.reference}"


@breaks("sales_are_the_sum_of_their_bookings")
def a_sale_costs_more_than_its_bookings(world):
    sql(f"UPDATE {SALES} SET total = total + 1 WHERE id = %s", world.expired.sale_id)
    return f"booking {world.expired.reference}"


@breaks("kept_money_is_the_price_of_live_tickets")
def money_is_kept_for_nothing(world):
    sql(f"UPDATE {REFUNDS} SET status = 'FAILED' WHERE id = %s", refund_of(world.refunded))
    sql(f"UPDATE {SALES} SET refund_due = 0 WHERE id = %s", world.refunded.sale_id)
    return f"booking {world.refunded.reference}"


@breaks("kept_money_is_the_price_of_live_tickets")
def a_cent_too_much_is_owed(world):
    sql(f"UPDATE {SALES} SET refund_due = refund_due + 0.01 WHERE id = %s", world.confirmed.sale_id)
    return f"booking {world.confirmed.reference}"


@breaks("refunds_are_under_way")
def money_is_owed_and_nobody_sends_it(world):
    sql(f"UPDATE {REFUNDS} SET status = 'FAILED' WHERE id = %s", refund_of(world.refunded))
    sql(f"UPDATE {SALES} SET changed_at = now() - interval '11 min' WHERE id = %s", world.refunded.sale_id)
    return f"booking {world.refunded.reference}"


@breaks("refunds_within_what_was_captured")
def a_payment_gives_back_twice(world):
    copied(REFUNDS, refund_of(world.refunded), key="another", provider_id="re_another")
    return f"payment {payment_of(world.refunded)}"


@breaks("refunds_within_what_was_captured")
def a_payment_that_never_came_gives_back(world):
    unguarded(PAYMENTS)
    sql(f"UPDATE {PAYMENTS} SET {NEVER_PAID} WHERE id = %s", payment_of(world.refunded))
    return f"payment {payment_of(world.refunded)}"


@breaks("owed_within_what_was_captured")
def more_is_owed_than_ever_came(world):
    sql(f"UPDATE {SALES} SET refund_due = total + 1 WHERE id = %s", world.confirmed.sale_id)
    return f"booking {world.confirmed.reference}"


@breaks("one_currency_per_booking")
def a_refund_is_in_another_currency(world):
    unguarded(REFUNDS)
    sql(f"UPDATE {REFUNDS} SET currency = 'USD' WHERE id = %s", refund_of(world.refunded))
    return f"refund {refund_of(world.refunded)}"


@breaks("one_currency_per_booking")
def a_payment_is_in_another_currency(world):
    unguarded(PAYMENTS)
    sql(f"UPDATE {PAYMENTS} SET currency = 'USD' WHERE id = %s", payment_of(world.expired))
    return f"payment {payment_of(world.expired)}"


@breaks("one_currency_per_booking")
def a_ticket_is_in_another_currency(world):
    unguarded(TICKETS)
    sql(f"UPDATE {TICKETS} SET currency = 'USD' WHERE id = %s", ticket_of(world.expired))
    return f"ticket {ticket_of(world.expired)}"


def used_twice(table: str, column: str, first: int, second: int) -> None:
    unguarded(table, unique_index(table, column))
    sql(f"UPDATE {table} SET {column} = (SELECT {column} FROM {table} WHERE id = %s) WHERE id = %s", first, second)


@breaks("provider_objects_are_used_once")
def two_payments_have_one_session(world):
    used_twice(PAYMENTS, "session_id", payment_of(world.confirmed), payment_of(world.pending))
    return f"payment {payment_of(world.pending)}"


@breaks("provider_objects_are_used_once")
def two_payments_have_one_intent(world):
    used_twice(PAYMENTS, "provider_id", payment_of(world.confirmed), payment_of(world.disputed))
    return f"payment {payment_of(world.disputed)}"


@breaks("provider_objects_are_used_once")
def two_payments_have_one_key(world):
    used_twice(PAYMENTS, "key", payment_of(world.confirmed), payment_of(world.pending))
    return f"payment {payment_of(world.pending)}"


@breaks("provider_objects_are_used_once")
def two_refunds_are_one_at_stripe(world):
    unguarded(REFUNDS, unique_index(REFUNDS, "provider_id"))
    return f"refund {copied(REFUNDS, refund_of(world.refunded), key='another')}"


@breaks("paid_bookings_are_decided")
def money_came_and_nothing_followed(world):
    sql(f"UPDATE {PAYMENTS} SET {CAPTURED} WHERE id = %s", payment_of(world.expired))
    return f"booking {world.expired.reference}"


@breaks("open_payments_are_asked_about")
def a_payment_is_open_for_ever(world):
    sql(f"UPDATE {PAYMENTS} SET created_at = now() - interval '25 hours' WHERE id = %s", payment_of(world.pending))
    return f"payment {payment_of(world.pending)}"


@breaks("cancellations_add_up")
def fees_are_kept_that_nobody_stated(world):
    sql(f"UPDATE {SALES} SET fees_kept = 1 WHERE id = %s", world.confirmed.sale_id)
    return f"booking {world.confirmed.reference}"


@breaks("refunds_end")
def a_refund_is_never_sent(world):
    unguarded(REFUNDS)
    change = "status = 'SUBMITTED', provider_id = NULL, ended_at = NULL, created_at = now() - interval '61 min'"
    sql(f"UPDATE {REFUNDS} SET {change} WHERE id = %s", refund_of(world.refunded))
    return f"refund {refund_of(world.refunded)}"


@breaks("refunds_end")
def a_refund_never_arrives(world):
    change = "status = 'PENDING', ended_at = NULL, created_at = now() - interval '15 days'"
    sql(f"UPDATE {REFUNDS} SET {change} WHERE id = %s", refund_of(world.refunded))
    return f"refund {refund_of(world.refunded)}"


@breaks("failed_refunds_are_told")
def a_refund_failed_and_nobody_knows(world):
    failed = "ended_at < now() - interval '1 hour' AND status = 'FAILED'"
    (pk,) = sql(f"SELECT id FROM {REFUNDS} WHERE {failed}")[0]
    sql("DELETE FROM reservations_outgoingmail WHERE purpose LIKE %s", f"refund_failed:{pk}:%")
    return f"refund {pk}"


@breaks("sent_refunds_fail_by_the_providers_word")
def a_refund_failed_because_a_proxy_answered(world):
    (pk,) = sql("SELECT max(what_id) FROM reservations_move WHERE what = 'refund' AND from_status = 'SUBMITTED'")[0]
    unguarded(REFUNDS)
    unguarded(MOVES)
    failed = "status = 'FAILED', provider_id = NULL, last_error = '408: Request Timeout', ended_at = now()"
    sql(f"UPDATE {REFUNDS} SET {failed} WHERE id = %s", pk)
    ended = "what = 'refund' AND what_id = %s AND from_status = 'SUBMITTED'"
    sql(f"UPDATE {MOVES} SET to_status = 'FAILED' WHERE {ended}", pk)
    return f"refund {pk}"
