"""Half a million copies of one sale, and every rule of `check_invariants` with its time. Needs Django set up."""

import time

from django.db import connection

from bench.pattern import pattern
from payments.books.invariant_runs import MEMORY
from payments.books.invariants import INVARIANTS, first_rows

SEATS = 200
PER_BOOKING = 2
EVENTS_PER_BOOKING = 2


def fill(tickets: int) -> None:
    began = time.monotonic()
    first = pattern(SEATS)
    assert first.sale == first.booking, "in a new database both begin at 1: what depends on one may ask for the other"
    showtimes, bookings = tickets // SEATS, tickets // PER_BOOKING
    per_show = SEATS // PER_BOOKING
    showtime = f"{first.showtime} + 1 + (n - 1) / {per_show}"
    end = f"timestamptz '2026-01-01' - ((n - 1) / {per_show}) * interval '4 hours'"
    times = "timestamptz '2026-01-01' - n * interval '4 hours'"
    run("SET session_replication_role = replica")
    run("SET synchronous_commit = off")
    copy("theaters_showtime", first.showtime, showtimes, starts_at=times, ends_at=f"{times} + interval '2 hours'",
         occupied_until=f"{times} + interval '3 hours'", sales_close_at=times)  # fmt: skip
    copy("reservations_hold", first.hold, bookings, showtime_id=showtime, holder="md5(n::text)", started_at=end,
         expires_at=end, cap_at=end, ended_at=end, changed_at=end)  # fmt: skip
    copy("sales_contact", first.contact, bookings)
    copy("sales_sale", first.sale, bookings, reference="'R' || n", contact_id=f"{first.contact} + n", changed_at=end,
         created_at=f"{end} - interval '5 hours'", payable_until=end, held_until=end)  # fmt: skip
    copy("reservations_booking", first.booking, bookings, showtime_id=showtime, hold_id=f"{first.hold} + n",
         sale_id=f"{first.sale} + n", holder="md5(n::text)", created_at=f"{end} - interval '5 hours'",
         changed_at=end)  # fmt: skip
    booking = f"{first.booking} + 1 + (n - 1) / {PER_BOOKING}"
    show_of_ticket = f"{first.showtime} + 1 + (n - 1) / {SEATS}"
    seat = f"{first.seat} + (n - 1) % {SEATS}"
    copy("reservations_ticket", first.ticket, tickets, booking_id=booking, showtime_id=show_of_ticket, seat_id=seat,
         code="md5('t' || n)")  # fmt: skip
    copy("reservations_showtimeseat", first.showtime_seat, tickets, booking_id=booking, showtime_id=show_of_ticket,
         seat_id=seat, label=f"'S' || (n - 1) % {SEATS}")  # fmt: skip
    copy("payments_payment", first.payment, bookings, sale_id=f"{first.sale} + n", key="md5('p' || n)",
         session_id="'cs_' || n", provider_id="'pi_' || n", created_at=end, ended_at=end)  # fmt: skip
    for number in range(EVENTS_PER_BOOKING):
        copy("payments_providerevent", first.event, bookings, offset=number * bookings, payment_key="md5('p' || n)",
             provider_id=f"'evt_{number}_' || n", received_at=end, done_at=end)  # fmt: skip
    copy("reservations_outgoingmail", first.mail, bookings, booking_id=f"{first.booking} + n", purpose="'c:' || n",
         created_at=end, sent_at=end)  # fmt: skip
    for number, (move, kind, count) in enumerate(first.moves):
        what_id = {"booking": first.booking, "ticket": first.ticket, "payment": first.payment}[kind]
        rows = tickets if count == "tickets" else bookings
        copy("reservations_move", move, rows, offset=10**7 * (number + 1), what_id=f"{what_id} + n", at=end)
    run("SET session_replication_role = origin")
    print(f"filled in {time.monotonic() - began:.0f} s", flush=True)
    run("VACUUM ANALYZE")
    print(f"analyzed after {time.monotonic() - began:.0f} s", flush=True)


def copy(table: str, pattern: int, count: int, *, offset: int = 0, **changes: str) -> None:
    """Insert this number of copies of the pattern's rows, with the next ids; `n` counts from 1."""
    columns = [
        name for (name,) in run("SELECT column_name FROM information_schema.columns WHERE table_name = %s", table)
    ]
    values = {name: f'"{name}"' for name in columns} | {"id": f"{pattern} + {offset} + n"} | changes
    names = ", ".join(f'"{name}"' for name in columns)
    chosen = ", ".join(values[name] for name in columns)
    run(
        f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table}, generate_series(1, {count}) AS n"
        f" WHERE {table}.id = {pattern}"
    )


def run(statement: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


def report() -> int:
    counted = run("SELECT count(*) FROM reservations_ticket")[0][0]
    size = run("SELECT pg_size_pretty(pg_database_size(current_database()))")[0][0]
    print(f"{counted} tickets, {size}", flush=True)
    run(f"SET work_mem = '{MEMORY}'")
    whole, broken = 0.0, 0
    for rule in INVARIANTS:
        began = time.monotonic()
        found = run(first_rows(rule))
        took = time.monotonic() - began
        whole += took
        broken += bool(found)
        print(f"{took:7.2f} s  {rule.name}{f'  FOUND {found[:3]}' if found else ''}", flush=True)
    print(f"{whole:7.2f} s  all {len(INVARIANTS)} rules, {broken} broken")
    return broken
