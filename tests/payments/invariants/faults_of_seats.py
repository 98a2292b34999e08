"""Faults of seats and of their moments."""

from tests.payments.invariants.faults import breaks, copied, one, sql, unguarded

SEATS = "reservations_showtimeseat"
TICKETS = "reservations_ticket"


def seat_of(booking) -> int:
    return one(f"SELECT min(id) FROM {SEATS} WHERE booking_id = %s", booking.pk)


def ticket_of(booking) -> int:
    return one(f"SELECT min(id) FROM {TICKETS} WHERE booking_id = %s", booking.pk)


def free_seat(world) -> tuple[int, str]:
    return sql(
        f"""SELECT id, label FROM {SEATS} WHERE showtime_id = %s AND hold_id IS NULL AND booking_id IS NULL
             AND house_reason = '' ORDER BY id LIMIT 1""",
        world.showtime.pk,
    )[0]


@breaks("one_claim_per_seat")
def a_seat_has_two_rows(world):
    pk, label = free_seat(world)
    copied(SEATS, pk, label="Z9")
    return f"showtime {world.showtime.pk}, seat {label}"


@breaks("one_claim_per_seat")
def a_row_is_held_and_booked(world):
    unguarded(SEATS, "seat_is_in_one_state")
    seat = one(
        f"UPDATE {SEATS} SET booking_id = %s WHERE hold_id = %s AND label = 'C3' RETURNING label",
        world.pending.pk,
        world.hold.pk,
    )
    return f"showtime {world.showtime.pk}, seat {seat}"


@breaks("one_live_ticket_per_seat")
def a_seat_has_two_live_tickets(world):
    unguarded(TICKETS, indexes=("ticket_one_live_per_seat",))
    copied(TICKETS, ticket_of(world.confirmed), booking_id=world.late.pk, code="another")
    seat = one(f"SELECT seat_id FROM {TICKETS} WHERE id = %s", ticket_of(world.confirmed))
    return f"showtime {world.showtime.pk}, seat {seat}"


@breaks("live_tickets_have_their_seat")
def the_seat_of_a_ticket_is_anothers(world):
    sql(f"UPDATE {SEATS} SET booking_id = %s WHERE id = %s", world.late.pk, seat_of(world.confirmed))
    return f"ticket {ticket_of(world.confirmed)}"


@breaks("live_tickets_have_their_seat")
def the_seat_of_a_ticket_is_free(world):
    sql(f"UPDATE {SEATS} SET booking_id = NULL WHERE id = %s", seat_of(world.confirmed))
    return f"ticket {ticket_of(world.confirmed)}"


@breaks("live_tickets_have_their_seat")
def the_seat_of_a_ticket_will_lapse(world):
    sql(f"UPDATE {SEATS} SET held_until = now() WHERE id = %s", seat_of(world.confirmed))
    return f"ticket {ticket_of(world.confirmed)}"


@breaks("sold_seats_have_a_live_ticket")
def a_sold_seat_has_no_ticket(world):
    pk, label = free_seat(world)
    sql(f"UPDATE {SEATS} SET booking_id = %s WHERE id = %s", world.confirmed.pk, pk)
    return f"showtime {world.showtime.pk}, seat {label}"


@breaks("live_tickets_are_of_confirmed_bookings")
def an_expired_booking_has_a_live_ticket(world):
    sql(f"UPDATE {TICKETS} SET status = 'VALID' WHERE booking_id = %s", world.expired.pk)
    return f"ticket {ticket_of(world.expired)}"


@breaks("dead_bookings_have_no_live_seats")
def an_expired_booking_keeps_its_seat(world):
    sql(f"UPDATE {SEATS} SET booking_id = %s WHERE id = %s", world.expired.pk, free_seat(world)[0])
    return f"booking {world.expired.reference}"


@breaks("ended_holds_have_no_seats")
def a_hold_ended_and_kept_its_seats(world):
    sql("UPDATE reservations_hold SET ended_at = now(), \"end\" = 'RELEASED' WHERE id = %s", world.hold.pk)
    return f"hold {world.hold.pk}"


@breaks("seats_of_a_pending_booking_end_with_it")
def the_seat_of_a_pending_booking_has_no_end(world):
    sql(f"UPDATE {SEATS} SET held_until = NULL WHERE booking_id = %s", world.pending.pk)
    return f"booking {world.pending.reference}"


@breaks("seats_of_a_pending_booking_end_with_it")
def the_seat_of_a_pending_booking_outlives_it(world):
    sql(f"UPDATE {SEATS} SET held_until = held_until + interval '1 s' WHERE booking_id = %s", world.pending.pk)
    return f"booking {world.pending.reference}"


@breaks("tickets_are_of_their_bookings_showtime")
def a_ticket_is_for_another_showtime(world):
    unguarded(TICKETS)
    other = one("SELECT id FROM theaters_showtime WHERE id <> %s LIMIT 1", world.showtime.pk)
    sql(f"UPDATE {TICKETS} SET showtime_id = %s WHERE booking_id = %s", other, world.expired.pk)
    return f"ticket {ticket_of(world.expired)}"


# Moments.


@breaks("holds_end_by_their_cap")
def a_hold_lives_past_its_cap(world):
    unguarded("reservations_hold", "hold_not_past_its_cap")
    sql("UPDATE reservations_hold SET expires_at = cap_at + interval '1 s' WHERE id = %s", world.hold.pk)
    return f"hold {world.hold.pk}"


@breaks("holds_end_by_their_cap")
def a_held_seat_has_no_end(world):
    unguarded(SEATS, "seat_is_in_one_state")
    sql(f"UPDATE {SEATS} SET held_until = NULL WHERE hold_id = %s", world.hold.pk)
    return f"hold {world.hold.pk}"


@breaks("pending_bookings_are_decided")
def a_booking_pends_for_ever(world):
    sql(
        """UPDATE sales_sale SET payable_until = payable_until - interval '1 hour',
                  held_until = clock_timestamp() - interval '121 s' WHERE id = %s""",
        world.pending.sale_id,
    )
    return f"booking {world.pending.reference}"


@breaks("nothing_is_sold_after_the_close")
def pay_was_pressed_after_the_close(world):
    close = "(SELECT sales_close_at FROM theaters_showtime WHERE id = showtime_id)"
    sql(f"UPDATE reservations_booking SET created_at = {close} + interval '1 s' WHERE id = %s", world.late.pk)
    sql(f"UPDATE reservations_booking SET created_at = {close} WHERE id = %s", world.confirmed.pk)
    return f"booking {world.late.reference}"


def canceled_a_while_ago(world, status: str, booking) -> str:
    sql("UPDATE theaters_showtime SET status = %s WHERE id = %s", status, world.showtime.pk)
    sql("UPDATE reservations_booking SET changed_at = now()")
    sql("UPDATE reservations_booking SET changed_at = now() - interval '11 min' WHERE id = %s", booking.pk)
    return f"booking {booking.reference}"


@breaks("nothing_is_sold_where_there_is_no_show")
def a_canceled_showtime_keeps_a_booking(world):
    return canceled_a_while_ago(world, "CANCELED", world.confirmed)


@breaks("nothing_is_sold_where_there_is_no_show")
def a_draft_has_a_booking(world):
    other = one("SELECT showtime_id FROM reservations_booking WHERE total = 0")
    sql("UPDATE theaters_showtime SET status = 'DRAFT' WHERE id = %s", other)
    of_other = "JOIN reservations_booking ON sale_id = sales_sale.id WHERE showtime_id = %s"
    return f"booking {one(f'SELECT reference FROM sales_sale {of_other}', other)}"


def swapped(world, *, old: str, new: str) -> str:
    """Log a swap of a ticket of the confirmed booking."""
    pk = ticket_of(world.confirmed)
    statement = "INSERT INTO reservations_seatswap (booking_id, actor, reason) VALUES (%s, 'test', 'Wet') RETURNING id"
    sql(
        """INSERT INTO reservations_swappedticket (swap_id, ticket_id, old_seat_id, new_seat_id, old_code, new_code)
           SELECT %s, ticket.id, other.id, ticket.seat_id, replace(%s, '*', ticket.code), replace(%s, '*', ticket.code)
             FROM reservations_ticket ticket
             JOIN theaters_seat seat ON seat.id = ticket.seat_id
             JOIN theaters_seat other ON other.plan_id = seat.plan_id AND other.label = 'C6' WHERE ticket.id = %s""",
        one(statement, world.confirmed.pk),
        old,
        new,
        pk,
    )
    return f"ticket {pk}"


@breaks("replaced_codes_are_no_tickets")
def a_replaced_code_is_a_tickets_again(world):
    swapped(world, old="before", new="*")
    return swapped(world, old="*", new="after")


@breaks("replaced_codes_are_no_tickets")
def a_swap_left_the_old_code(world):
    return swapped(world, old="before", new="after")
