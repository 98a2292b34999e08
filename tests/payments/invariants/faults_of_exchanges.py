"""Faults of exchanged tickets."""

from tests.payments.invariants.faults import breaks, one, sql
from tests.payments.invariants.faults_of_seats import ticket_of

CANCELED = "INSERT INTO reservations_cancellation (booking_id, cause, actor, reason, refunded, kept, currency)"


def canceled(world) -> int:
    return one(f"{CANCELED} VALUES (%s, 'EXCHANGE', 'x', '', 0, 0, 'GBP') RETURNING id", world.confirmed.pk)


def exchange(world, status: str, **columns: object) -> int:
    known = {
        "booking_id": world.confirmed.pk,
        "showtime_id": world.showtime.pk,
        "holder": "x",
        "status": status,
    } | columns
    names, marks = ", ".join(known), ", ".join(["%s"] * len(known))
    insert = f"INSERT INTO reservations_exchange ({names}, ticket_ids) VALUES ({marks}, '{{}}') RETURNING id"
    return one(insert, *known.values())


@breaks("exchanges_are_whole")
def tickets_were_exchanged_for_nothing(world):
    return f"cancellation {canceled(world)}"


@breaks("exchanges_are_whole")
def an_old_ticket_is_valid_after_its_exchange(world):
    moments = {"agreed_at": "2026-01-01T00:00Z", "ended_at": "2026-01-01T00:00Z", "hold_id": world.confirmed.hold_id}
    done = exchange(world, "DONE", cancellation_id=canceled(world), **moments)
    ticket = ticket_of(world.confirmed)
    sql(
        """INSERT INTO reservations_exchangedticket
                  (exchange_id, old_ticket_id, seat_id, ticket_type_id, price, tax, fee, tax_rate, new_ticket_id)
           SELECT %s, id, seat_id, ticket_type_id, price, tax, fee, tax_rate, id FROM reservations_ticket WHERE id = %s""",
        done, ticket,
    )  # fmt: skip
    return f"exchange {done}"


@breaks("exchanges_are_decided")
def nobody_ended_an_exchange_that_was_not_paid(world):
    hold = one(
        """INSERT INTO reservations_hold
                  (showtime_id, holder, expires_at, cap_at, ended_at, "end", labels, address, network, has_paid)
           VALUES (%s, 'y', now() - interval '1 hour', now() - interval '1 hour', now(), 'LAPSED', '{}', '', '', false)
           RETURNING id""",
        world.showtime.pk,
    )
    moments = {"agreed_at": "2026-01-01T00:00Z", "payable_until": "2026-01-01T00:00Z", "hold_id": hold}
    return f"exchange {exchange(world, 'PAYING', **moments)}"
