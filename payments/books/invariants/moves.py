"""Invariants of statuses and the log of moves."""

from collections.abc import Iterable, Mapping
from typing import Any

from payments.books.invariants.rule import Invariant, allowed_moves, listed
from payments.states import DISPUTE_MOVES, PAYMENT_MOVES, REFUND_MOVES
from reservations.states import BOOKING_MOVES, TICKET_MOVES
from theaters.states import SHOWTIME_MOVES

# Each logged kind: its name in the log, its table, its name in findings, and its first status.
MACHINES = (
    ("booking", "reservations_booking", "(SELECT reference FROM sales_sale WHERE id = thing.sale_id)", "PENDING"),
    ("ticket", "reservations_ticket", "thing.id", "RESERVED"),
    ("payment", "payments_payment", "thing.id", "CREATED"),
    ("refund", "payments_refund", "thing.id", "REQUESTED"),
    ("dispute", "payments_dispute", "thing.id", "NEW"),
)
TABLES: dict[str, Mapping[Any, Iterable[Any]]] = {
    "booking": BOOKING_MOVES,
    "ticket": TICKET_MOVES,
    "payment": PAYMENT_MOVES,
    "refund": REFUND_MOVES,
    "dispute": DISPUTE_MOVES,
    "showtime": SHOWTIME_MOVES,
}
ALLOWED = ", ".join(allowed_moves(what, table) for what, table in TABLES.items())
BEGINNINGS = ", ".join(f"('{what}', '{first}')" for what, _, _, first in MACHINES)


STATUSES = {what: sorted({str(status) for status in table}) for what, table in TABLES.items()}


def _unlogged(what: str, table: str, name: str, first: str) -> str:
    """Finds rows whose status differs from their last move, the one with the greatest id. Id and status are combined
    into one number, so that one pass finds both.
    """
    known = f"ARRAY[{', '.join(f"'{status}'" for status in STATUSES[what])}]::text[]"
    return f"""SELECT '{what} ' || {name} FROM {table} thing
                 LEFT JOIN (SELECT what_id, max(id * 32 + coalesce(array_position({known}, to_status::text), 0)) AS newest
                              FROM reservations_move WHERE what = '{what}' GROUP BY what_id) last
                   ON last.what_id = thing.id
                WHERE thing.status IS DISTINCT FROM CASE WHEN last.newest IS NULL THEN '{first}'
                                                         ELSE ({known})[last.newest % 32] END"""


def _ownerless(what: str, table: str) -> str:
    return f"""SELECT 'move ' || id FROM reservations_move move
                WHERE what = '{what}' AND NOT EXISTS (SELECT 1 FROM {table} thing WHERE thing.id = move.what_id)"""


EVERY_STATUS = " UNION ALL ".join(_unlogged(*machine) for machine in MACHINES)
WITHOUT_OWNER = " UNION ALL ".join(_ownerless(what, table) for what, table, _, _ in MACHINES)

MOVES = (
    Invariant(
        "every_move_is_logged",
        "The status of every booking, ticket, payment, refund and dispute is the one its last logged move led to.",
        EVERY_STATUS,
    ),
    Invariant(
        "moves_are_allowed",
        "Every logged move is one that the tables of states.py allow.",
        f"""SELECT 'move ' || move.id FROM reservations_move move
             LEFT JOIN (VALUES {ALLOWED}) AS allowed (what, old, new)
               ON allowed.what = move.what AND allowed.old = move.from_status AND allowed.new = move.to_status
            WHERE move.what IN ({listed(TABLES)}) AND allowed.what IS NULL""",
    ),
    Invariant(
        "moves_follow_each_other",
        "Every move begins where the one before it ended, the first one where such a thing begins.",
        f"""SELECT 'move ' || step.id FROM (
                SELECT id, what, from_status, lag(to_status) OVER (PARTITION BY what, what_id ORDER BY id) AS before
                  FROM reservations_move) step
              JOIN (VALUES {BEGINNINGS}) AS beginning (what, status) USING (what)
             WHERE step.from_status <> coalesce(step.before, beginning.status)""",
    ),
    Invariant(
        "moves_are_of_something",
        "Every move is of a booking, ticket, payment, refund or dispute that exists, and says who made it.",
        f"""{WITHOUT_OWNER} UNION ALL SELECT 'move ' || id FROM reservations_move WHERE actor = ''""",
    ),
)
