"""What must always be true of statuses and the log of moves."""

from collections.abc import Iterable, Mapping
from typing import Any

from payments.services.invariants.rule import Invariant, allowed_moves, listed
from payments.states import DISPUTE_MOVES, PAYMENT_MOVES, REFUND_MOVES
from reservations.states import BOOKING_MOVES, TICKET_MOVES

# What is logged, where it stands, how it is named, and what it begins as.
MACHINES = (
    ("booking", "reservations_booking", "reference", "PENDING"),
    ("ticket", "reservations_ticket", "id", "RESERVED"),
    ("payment", "payments_payment", "id", "CREATED"),
    ("refund", "payments_refund", "id", "REQUESTED"),
    ("dispute", "payments_dispute", "id", "NEW"),
)
TABLES: dict[str, Mapping[Any, Iterable[Any]]] = {
    "booking": BOOKING_MOVES,
    "ticket": TICKET_MOVES,
    "payment": PAYMENT_MOVES,
    "refund": REFUND_MOVES,
    "dispute": DISPUTE_MOVES,
}
ALLOWED = ", ".join(allowed_moves(what, table) for what, table in TABLES.items())
BEGINNINGS = ", ".join(f"('{what}', '{first}')" for what, _, _, first in MACHINES)


def _unlogged(what: str, table: str, name: str, first: str) -> str:
    return f"""SELECT '{what} ' || thing.{name} FROM {table} thing
                 LEFT JOIN last ON last.what = '{what}' AND last.what_id = thing.id
                WHERE thing.status <> coalesce(last.to_status, '{first}')"""


EVERY_STATUS = " UNION ALL ".join(_unlogged(*machine) for machine in MACHINES)

MOVES = (
    Invariant(
        "every_move_is_logged",
        "The status of every booking, ticket, payment, refund and dispute is the one its last logged move led to.",
        f"""WITH last AS MATERIALIZED (
                SELECT move.what, move.what_id, move.to_status FROM reservations_move move
                  JOIN (SELECT max(id) AS id FROM reservations_move GROUP BY what, what_id) newest USING (id))
            {EVERY_STATUS}""",
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
        """SELECT 'move ' || move.id FROM reservations_move move
             LEFT JOIN reservations_booking booking ON move.what = 'booking' AND booking.id = move.what_id
             LEFT JOIN reservations_ticket ticket ON move.what = 'ticket' AND ticket.id = move.what_id
             LEFT JOIN payments_payment payment ON move.what = 'payment' AND payment.id = move.what_id
             LEFT JOIN payments_refund refund ON move.what = 'refund' AND refund.id = move.what_id
             LEFT JOIN payments_dispute dispute ON move.what = 'dispute' AND dispute.id = move.what_id
            WHERE move.what IN ('booking', 'ticket', 'payment', 'refund', 'dispute')
              AND (coalesce(booking.id, ticket.id, payment.id, refund.id, dispute.id) IS NULL OR move.actor = '')""",
    ),
)
