"""A line of the export, and how the log of moves is read for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import batched
from typing import Any

from core.money import smallest_unit
from houses.business_days import business_day
from houses.models import Theater
from reservations.models import Move
from reservations.price_changes import PriceChange

BATCH = 500
NONE = Decimal(0)


@dataclass(frozen=True)
class Window:
    """A span of time at one theater, from `start` (included) to `end` (not included)."""

    theater: Theater
    start: datetime
    end: datetime


@dataclass(frozen=True)
class ExportLine:
    """One sale, correction, payment or refund. Amounts of corrections and refunds are negative."""

    at: datetime
    book: str
    kind: str
    booking: str
    currency: str
    gross: Decimal
    payment: str = ""
    refund: str = ""
    ticket_type: str = ""
    tax_rate: Decimal | None = None
    quantity: int | None = None
    tax: Decimal | None = None
    booking_fee: Decimal | None = None
    discount: Decimal | None = None
    fee_kept: Decimal | None = None
    method: str = ""
    list_price: Decimal | None = None
    price_changes: tuple[PriceChange, ...] = ()
    """What each price rule did. Gross is the list price and these, less the discount."""


HEADER = (
    "day", "theater", "book", "kind", "booking", "payment", "refund", "ticket_type", "tax_rate", "quantity", "currency",
    "gross", "net", "tax", "booking_fee", "discount", "fee_kept", "at_utc", "method",
    "list_price", "price_rules", "by_price_rule",
)  # fmt: skip


def cells(line: ExportLine, theater: Theater) -> tuple[Any, ...]:
    """Return a line's cells in the order of HEADER, amounts with the decimals of their currency."""

    def money(amount: Decimal | None) -> Any:
        return "" if amount is None else amount.quantize(smallest_unit(line.currency))

    changed = None if line.list_price is None else sum((change.amount for change in line.price_changes), NONE)
    by_rule = "; ".join(f"{change.name} {money(change.amount)}" for change in line.price_changes)
    net = None if line.tax is None else line.gross - line.tax
    return (
        business_day(theater, line.at).isoformat(), theater.name, line.book, line.kind, line.booking, line.payment,
        line.refund, line.ticket_type, "" if line.tax_rate is None else _plain(line.tax_rate), line.quantity,
        line.currency, money(line.gross), money(net), money(line.tax), money(line.booking_fee), money(line.discount),
        money(line.fee_kept), f"{line.at:%Y-%m-%dT%H:%M:%SZ}", line.method,
        money(line.list_price), money(changed), by_rule,
    )  # fmt: skip


def _plain(rate: Decimal) -> Decimal:
    """Drop the zeros at the end of a rate: 0.200 becomes 0.2."""
    return Decimal(f"{rate.normalize():f}")


def batches_of_moves(window: Window, what: str, *to: str) -> Iterator[list[Move]]:
    """The logged moves of one kind in the window, oldest first, in batches, because an export may be longer than
    memory.
    """
    moves = Move.objects.filter(what=what, to_status__in=to, at__gte=window.start, at__lt=window.end)
    for batch in batched(moves.order_by("at", "pk").iterator(chunk_size=BATCH), BATCH, strict=False):
        yield list(batch)
