"""Everything the product knows about seats and money, for tests that check that nothing else happened."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from payments.books.invariants import check_invariants
from payments.models import Dispute, Payment, ProviderEvent, Refund
from reservations.models import (
    Booking,
    BookingAccess,
    CanceledTicket,
    Cancellation,
    Exchange,
    ExchangedTicket,
    Hold,
    Move,
    OutgoingMail,
    PromoRedemption,
    SeatSwap,
    ShowtimeSeat,
    SwappedTicket,
    Ticket,
)

TABLES = (
    ShowtimeSeat, Hold, Booking, Ticket, Payment, Refund, Dispute, ProviderEvent, OutgoingMail, BookingAccess, Move,
    Cancellation, CanceledTicket, PromoRedemption, SeatSwap, SwappedTicket, Exchange, ExchangedTicket,
)  # fmt: skip


def snapshot() -> dict[str, str]:
    """The rows of each table as JSON, read in one statement. The text is the same if nothing was written."""
    rows = "SELECT %s, (SELECT json_agg(it ORDER BY it.id)::text FROM {} AS it)"
    with connection.cursor() as cursor:
        statement = " UNION ALL ".join(rows.format(model._meta.db_table) for model in TABLES)
        cursor.execute(statement, [model.__name__ for model in TABLES])
        return {name: text or "[]" for name, text in cursor.fetchall()}


def counts() -> dict[str, int]:
    """The number of rows by table, without empty tables and without seats, whose number never changes."""
    found = {model.__name__: model.objects.count() for model in TABLES if model is not ShowtimeSeat}
    # Every showtime begins with the move that opened it for sale.
    found["Move"] -= Move.objects.filter(what="showtime").count()
    return {name: count for name, count in found.items() if count}


@contextmanager
def nothing_changes() -> Iterator[None]:
    before = snapshot()
    yield
    after = snapshot()
    assert {name: json.loads(text) for name, text in after.items() if text != before[name]} == {}


def broken_invariants() -> list[str]:
    return [finding.name for finding in check_invariants() if not finding.is_clean]


def moves_of(what: str) -> list[str]:
    """The moves of all things of one kind, as `PENDING→CONFIRMED`, oldest first."""
    return [f"{move.from_status}→{move.to_status}" for move in Move.objects.filter(what=what).order_by("pk")]
