"""The sales book: what was sold, canceled or made cheaper, by ticket type and tax rate. Comps stand apart.

Moved-in tickets are left out: they are in the books of the system that sold them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import batched
from typing import Any

from django.db.models import F, Prefetch, Q

from core.money import rounded, tax_included
from payments.books.ledger_export.export_line import BATCH, NONE, ExportLine, Window, batches_of_moves
from payments.models import Payment
from payments.states import CAPTURED_PAYMENTS
from reservations.models import Booking, CanceledTicket, Cancellation, Exchange, Ticket
from reservations.price_changes import summed
from reservations.states import BookingStatus, CancelCause
from sales.states import Channel

SALES = "sales"
Kind = tuple[str, Decimal]
# Tickets that an exchange added to a booking that existed before.
CAME_LATER = Q(came_by__isnull=False) & ~Q(came_by__exchange__made_booking=F("booking"))


def sales(window: Window) -> Iterator[ExportLine]:
    for moves in batches_of_moves(window, "booking", BookingStatus.CONFIRMED):
        at = {move.what_id: move.at for move in moves}
        bookings = Booking.objects.filter(pk__in=at, showtime__auditorium__theater=window.theater)
        bookings = bookings.exclude(sale__channel=Channel.MOVED_IN)
        paid_by = _paid_by([booking.sale_id for booking in bookings])
        sold = Prefetch("tickets", queryset=Ticket.objects.exclude(CAME_LATER))
        for booking in sorted(bookings.prefetch_related(sold), key=lambda booking: (at[booking.pk], booking.pk)):
            yield from _sold(at[booking.pk], booking, booking.tickets.all(), paid_by.get(booking.sale_id, ("", "")))


def exchanges(window: Window) -> Iterator[ExportLine]:
    """Yield tickets that an exchange added to an existing booking; those of a new booking are among the sales."""
    done = Exchange.objects.filter(
        ended_at__gte=window.start, ended_at__lt=window.end, cancellation__isnull=False,
        showtime__auditorium__theater=window.theater,
    )  # fmt: skip
    for batch in batched(done.order_by("ended_at", "pk").iterator(chunk_size=BATCH), BATCH, strict=False):
        later = Ticket.objects.filter(CAME_LATER, came_by__exchange__in=batch).select_related(
            "booking__sale", "came_by"
        )
        tickets: dict[int, list[Ticket]] = defaultdict(list)
        for ticket in later.order_by("pk"):
            tickets[ticket.came_by.exchange_id].append(ticket)
        paid_by = _paid_by([new[0].booking.sale_id for new in tickets.values()])
        for exchange in batch:
            if new := tickets[exchange.pk]:
                booking = new[0].booking
                assert exchange.ended_at is not None
                yield from _sold(exchange.ended_at, booking, new, paid_by.get(booking.sale_id, ("", "")))


def _sold(at: datetime, booking: Booking, sold: Iterable[Ticket], paid: tuple[str, str]) -> Iterator[ExportLine]:
    payment, method = paid
    groups: dict[Kind, list[Ticket]] = defaultdict(list)
    for ticket in sold:
        groups[ticket.type_name, ticket.tax_rate].append(ticket)
    for (name, rate), tickets in sorted(groups.items()):
        yield ExportLine(
            at, SALES, "comp" if booking.sale.comp_reason else "sale", booking.reference, booking.currency,
            sum((ticket.price for ticket in tickets), NONE), payment=payment, method=method, ticket_type=name,
            tax_rate=rate, quantity=len(tickets), tax=sum((ticket.tax for ticket in tickets), NONE),
            booking_fee=sum((ticket.fee for ticket in tickets), NONE),
            discount=sum((ticket.discount for ticket in tickets), NONE),
            **_price_parts(tickets),
        )  # fmt: skip


def _price_parts(tickets: list[Ticket]) -> dict[str, Any]:
    """Sum up list prices and price changes; {} when a ticket is too old to have them on record."""
    known = [ticket.list_price for ticket in tickets if ticket.list_price is not None]
    if len(known) < len(tickets):
        return {}
    changes = summed(change for ticket in tickets for change in ticket.changes)
    return {"list_price": sum(known, NONE), "price_changes": tuple(changes)}


def cancellations(window: Window) -> Iterator[ExportLine]:
    """Yield canceled tickets: the part that goes back as a negative sale, with the kept fee in a column of its own."""
    rows = Cancellation.objects.filter(
        at__gte=window.start, at__lt=window.end, booking__showtime__auditorium__theater=window.theater
    ).select_related("booking__sale")
    rows = rows.exclude(booking__sale__channel=Channel.MOVED_IN)
    for batch in batched(rows.order_by("at", "pk").iterator(chunk_size=BATCH), BATCH, strict=False):
        paid_by, rates = (
            _paid_by([cancellation.booking.sale_id for cancellation in batch]),
            _rates(cancellation.booking_id for cancellation in batch if cancellation.cause == CancelCause.GOODWILL),
        )
        lines: dict[int, list[CanceledTicket]] = defaultdict(list)
        for line in CanceledTicket.objects.filter(cancellation__in=batch).select_related("ticket").order_by("pk"):
            lines[line.cancellation_id].append(line)
        for cancellation in batch:
            paid = paid_by.get(cancellation.booking.sale_id, ("", ""))
            if cancellation.cause == CancelCause.GOODWILL:
                yield _reduction(cancellation, rates[cancellation.booking_id], paid)
            yield from _corrections(cancellation, lines[cancellation.pk], paid)


def _reduction(goodwill: Cancellation, rate: Decimal, paid: tuple[str, str]) -> ExportLine:
    """The line of goodwill, which makes the whole sale cheaper: without a ticket type, at the single tax rate of the
    booking.
    """
    payment, method = paid
    return ExportLine(
        goodwill.at, SALES, "goodwill", goodwill.booking.reference, goodwill.currency, -goodwill.refunded, payment=payment,
        method=method, tax_rate=rate, quantity=0, tax=-tax_included(goodwill.refunded, rate, goodwill.currency),
    )  # fmt: skip


def _corrections(
    cancellation: Cancellation, lines: list[CanceledTicket], paid: tuple[str, str]
) -> Iterator[ExportLine]:
    booking, (payment, method) = cancellation.booking, paid
    groups: dict[Kind, list[CanceledTicket]] = defaultdict(list)
    for line in lines:
        groups[line.ticket.type_name, line.ticket.tax_rate].append(line)
    for (name, rate), canceled in sorted(groups.items()):
        yield ExportLine(
            cancellation.at, SALES, "comp canceled" if booking.sale.comp_reason else "cancellation", booking.reference,
            booking.currency, -sum((ticket.refunded for ticket in canceled), NONE), payment=payment, method=method,
            ticket_type=name, tax_rate=rate, quantity=-len(canceled),
            tax=-sum((ticket.refunded_tax for ticket in canceled), NONE),
            booking_fee=-sum((_fee_back(ticket) for ticket in canceled), NONE),
            fee_kept=sum((ticket.kept for ticket in canceled), NONE),
        )  # fmt: skip


def _fee_back(line: CanceledTicket) -> Decimal:
    """Compute the part of the booking fee that is given back: the same share as of the price."""
    ticket = line.ticket
    return rounded(ticket.fee * line.refunded / ticket.price, ticket.currency) if ticket.price else NONE


def _rates(booking_ids: Iterable[int]) -> dict[int, Decimal]:
    return dict(Ticket.objects.filter(booking__in=set(booking_ids)).values_list("booking_id", "tax_rate"))


def _paid_by(sale_ids: list[int]) -> dict[int, tuple[str, str]]:
    """The payment that paid for a booking, and its method: the first that succeeded; a second one is in the money book
    alone.
    """
    rows = Payment.objects.filter(sale__in=sale_ids, status__in=CAPTURED_PAYMENTS).order_by("-ended_at", "-pk")
    return {row.sale_id: (row.provider_id or row.key, row.method) for row in rows}
