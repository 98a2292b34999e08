"""Invariants of seats and money: each is one query that finds the rows that break it.

Two minutes are the longest time in which a case may be undecided.
"""

from django.db import connection

from payments.books.invariants.counter import COUNTER
from payments.books.invariants.disputes import DISPUTES
from payments.books.invariants.events_and_mails import EVENTS_AND_MAILS
from payments.books.invariants.exchanges import EXCHANGES
from payments.books.invariants.money import MONEY
from payments.books.invariants.moves import MOVES
from payments.books.invariants.papers import PAPERS
from payments.books.invariants.promotions import PROMOTIONS
from payments.books.invariants.rule import Finding, Invariant
from payments.books.invariants.seats import SEATS
from payments.books.invariants.shared_blocks import SHARED_BLOCKS
from payments.books.invariants.times import TIMES

__all__ = ["INVARIANTS", "Finding", "Invariant", "check_invariants"]

INVARIANTS: tuple[Invariant, ...] = (
    *SEATS, *MONEY, *DISPUTES, *COUNTER, *MOVES, *EVENTS_AND_MAILS, *TIMES, *PROMOTIONS, *PAPERS, *EXCHANGES,
    *SHARED_BLOCKS,
)  # fmt: skip
MOST_SHOWN = 20


def check_invariants() -> list[Finding]:
    """Check each invariant with one query; returns the first rows that break it."""
    findings = []
    with connection.cursor() as cursor:
        for invariant in INVARIANTS:
            cursor.execute(first_rows(invariant))
            rows = tuple(str(row[0]) for row in cursor.fetchall())
            findings.append(Finding(invariant.name, invariant.says, rows))
    return findings


def first_rows(invariant: Invariant) -> str:
    """Materialized, because with a bare LIMIT PostgreSQL plans for early matches, of which there are usually none."""
    return f"WITH found AS MATERIALIZED ({invariant.query}) SELECT * FROM found LIMIT {MOST_SHOWN}"
