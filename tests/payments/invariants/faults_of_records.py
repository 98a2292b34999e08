"""Faults of the log of moves, of Stripe's events, and of outgoing mail."""

from tests.payments.invariants.faults import breaks, copied, one, sql, unguarded, unique_index
from tests.payments.invariants.faults_of_money import EVENTS, MAILS, MOVES, PAYMENTS, REFUNDS, payment_of, refund_of
from tests.payments.invariants.faults_of_seats import TICKETS, ticket_of


def last_move(what: str, pk: int) -> int:
    return one(f"SELECT max(id) FROM {MOVES} WHERE what = %s AND what_id = %s", what, pk)


@breaks("every_move_is_logged")
def a_booking_moved_in_silence(world):
    sql("UPDATE reservations_booking SET status = 'CONFIRMED', confirmed_at = now() WHERE id = %s", world.pending.pk)
    return f"booking {world.pending.reference}"


@breaks("every_move_is_logged")
def a_ticket_moved_in_silence(world):
    sql(f"UPDATE {TICKETS} SET status = 'USED' WHERE id = %s", ticket_of(world.confirmed))
    return f"ticket {ticket_of(world.confirmed)}"


@breaks("every_move_is_logged")
def a_payment_moved_in_silence(world):
    sql(f"UPDATE {PAYMENTS} SET status = 'FAILED' WHERE id = %s", payment_of(world.expired))
    return f"payment {payment_of(world.expired)}"


@breaks("every_move_is_logged")
def a_refund_moved_in_silence(world):
    sql(f"UPDATE {REFUNDS} SET status = 'FAILED' WHERE id = %s", refund_of(world.refunded))
    return f"refund {refund_of(world.refunded)}"


def logged(what: str, pk: int, old: str, new: str, actor: str = "test") -> str:
    columns = "what, what_id, from_status, to_status, actor, note"
    move = f"INSERT INTO {MOVES} ({columns}) VALUES (%s, %s, %s, %s, %s, '') RETURNING id"
    return f"move {one(move, what, pk, old, new, actor)}"


@breaks("moves_are_allowed")
def a_booking_rose_from_the_dead(world):
    return logged("booking", world.refunded.pk, "REFUNDED", "CONFIRMED")


@breaks("moves_are_allowed")
def a_used_ticket_was_reserved_again(world):
    return logged("ticket", ticket_of(world.confirmed), "USED", "RESERVED")


@breaks("moves_are_allowed")
def a_payment_succeeded_and_was_closed(world):
    return logged("payment", payment_of(world.confirmed), "SUCCEEDED", "CLOSED")


@breaks("moves_are_allowed")
def a_failed_refund_was_sent_again(world):
    return logged("refund", refund_of(world.refunded), "FAILED", "SUBMITTED")


@breaks("moves_follow_each_other")
def a_step_is_missing(world):
    return logged("payment", payment_of(world.pending), "CREATED", "SUCCEEDED")


@breaks("moves_follow_each_other")
def the_first_step_is_missing(world):
    """The ticket of the pending booking, RESERVED, has no first move."""
    return logged("ticket", ticket_of(world.pending), "VALID", "USED")


@breaks("moves_are_of_something")
def a_move_is_of_nothing(world):
    return logged("booking", 0, "PENDING", "CONFIRMED")


@breaks("moves_are_of_something")
def a_move_was_made_by_nobody(world):
    return logged("booking", world.pending.pk, "PENDING", "CONFIRMED", actor="")


# Stripe's events.


def an_event() -> tuple[int, str]:
    kind = "checkout.session.completed"
    return sql(f"SELECT id, provider_id FROM {EVENTS} WHERE kind = %s ORDER BY id LIMIT 1", kind)[0]


@breaks("provider_events_are_done")
def an_event_waits(world):
    pk, name = an_event()
    change = "done_at = NULL, received_at = clock_timestamp() - interval '121 s'"
    sql(f"UPDATE {EVENTS} SET {change} WHERE id = %s", pk)
    return f"event {name}"


@breaks("provider_events_set_aside_are_decided")
def an_event_was_set_aside_and_nobody_looked(world):
    name = one(f"SELECT min(provider_id) FROM {EVENTS}")
    sql(f"UPDATE {EVENTS} SET done_at = NULL, set_aside_at = now() - interval '25 hours' WHERE provider_id = %s", name)
    return f"event {name}"


@breaks("provider_events_are_stored_once")
def an_event_is_there_twice(world):
    pk, name = an_event()
    unguarded(EVENTS, unique_index(EVENTS, "provider_id"))
    copied(EVENTS, pk)
    return f"event {name}"


@breaks("provider_events_are_not_swallowed")
def an_event_was_called_done_and_nothing_was_done(world):
    """Stripe said that the payment was paid, but the pending booking's payment is still open."""
    key = one(f"SELECT key FROM {PAYMENTS} WHERE id = %s", payment_of(world.pending))
    unguarded(EVENTS)
    copied(EVENTS, an_event()[0], provider_id="evt_swallowed")
    sql(f"UPDATE {EVENTS} SET payment_key = %s, says_paid = true WHERE provider_id = 'evt_swallowed'", key)
    return "event evt_swallowed"


# Mail.


def mail_of(booking) -> int:
    return one(f"SELECT id FROM {MAILS} WHERE booking_id = %s", booking.pk)


@breaks("one_confirmation_mail")
def a_confirmation_is_missing(world):
    sql(f"DELETE FROM {MAILS} WHERE booking_id = %s", world.confirmed.pk)
    return f"booking {world.confirmed.reference}"


@breaks("one_confirmation_mail")
def a_confirmation_is_doubled(world):
    copied(MAILS, mail_of(world.confirmed), purpose="another")
    return f"booking {world.confirmed.reference}"


@breaks("tickets_are_mailed_to_the_confirmed_alone")
def tickets_are_mailed_to_somebody_who_did_not_pay(world):
    return f"mail {copied(MAILS, mail_of(world.confirmed), purpose='another', booking_id=world.expired.pk)}"


@breaks("mail_goes_out")
def a_mail_is_stuck(world):
    change = "sent_at = NULL, try_at = now() - interval '11 min'"
    sql(f"UPDATE {MAILS} SET {change} WHERE id = %s", mail_of(world.confirmed))
    return f"mail {mail_of(world.confirmed)}"


@breaks("mail_goes_out")
def a_mail_waits_for_days(world):
    change = "sent_at = NULL, try_at = now() + interval '1 hour', created_at = now() - interval '25 hours'"
    sql(f"UPDATE {MAILS} SET {change} WHERE id = %s", mail_of(world.confirmed))
    return f"mail {mail_of(world.confirmed)}"


@breaks("mail_goes_out")
def a_mail_was_given_up(world):
    sql(f"UPDATE {MAILS} SET sent_at = NULL, gave_up_at = now() WHERE id = %s", mail_of(world.confirmed))
    return f"mail {mail_of(world.confirmed)}"


@breaks("contacts_are_forgotten_in_time")
def a_night_without_the_job_that_forgets(world):
    began = one(
        "INSERT INTO payments_retentionrun (began_at) VALUES (now() - interval '3 days') RETURNING began_at::text"
    )
    return f"the night after {began}"
