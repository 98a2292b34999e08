"""Numbers receipts and credit notes, under the lock of the theater's PaperCounter: when the counter sells or gives
back, else when somebody first presses the button for it. Opening an address gives no number.

The counter is locked alone, in a transaction that holds nothing else, so no sale waits for a piece of paper; a number
is taken in the transaction that writes the paper, so none is lost
(docs/adr/0017-papers-are-numbered-when-asked-for.md).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from core.models import PauseKind, SalesPause
from core.texts.languages import current_language, speaking
from reservations import locks
from reservations.models import Booking, Cancellation, Exchange, Paper, Ticket
from reservations.selectors.papers import (
    credit_note_content,
    exchange_receipt_content,
    exchanges_of,
    receipt_content,
)
from reservations.states import PaperKind
from sales.states import Channel


@dataclass(frozen=True)
class WantedPaper:
    """A receipt or a credit note that somebody asks for. `issued` is None as long as it has no number; `issue`
    gives it one.

    `is_due`: money was taken or given back, so there is such a paper.
    """

    issued: Paper | None
    is_due: bool
    issue: Callable[[], Paper | None]


def wanted_receipt(*, booking_id: int) -> WantedPaper:
    """Look up the receipt of this booking's sale. Changes nothing."""
    issued = issued_receipt(booking_id=booking_id)
    is_due = issued is not None or bool(_sold_with(booking_id))
    return WantedPaper(issued, is_due, lambda: receipt_of(booking_id=booking_id))


def wanted_credit_note(*, sale_id: int, position: int) -> WantedPaper:
    """Look up the credit note of a sale's cancellation; `position` counts from 1. Changes nothing."""
    cancellation = _cancellation_at(sale_id, position)
    if cancellation is None:
        return WantedPaper(None, is_due=False, issue=lambda: None)
    issued = _papers_already_made(sale_id, PaperKind.CREDIT_NOTE, cancellation).first()
    is_due = bool(cancellation.refunded) and bool(_sold_with(cancellation.booking_id))
    return WantedPaper(issued, is_due, lambda: credit_note_of(cancellation_id=cancellation.pk))


def wanted_exchange_receipt(*, sale_id: int, position: int) -> WantedPaper:
    """Look up the receipt of a sale's exchange; `position` counts from 1. Changes nothing."""
    exchange = dict(enumerate(exchanges_of(sale_id), start=1)).get(position)
    if exchange is None:
        return WantedPaper(None, is_due=False, issue=lambda: None)
    return WantedPaper(_paper_of(exchange), is_due=True, issue=lambda: exchange_receipt_of(exchange=exchange))


def _paper_of(exchange: Exchange) -> Paper | None:
    return Paper.objects.filter(exchange=exchange).select_related("sale__contact").first()


def issued_receipt(*, booking_id: int) -> Paper | None:
    """Return the receipt that was issued for a booking's sale; None when it has no number yet."""
    return (
        Paper.objects.filter(sale__bookings=booking_id, kind=PaperKind.RECEIPT, exchange=None)
        .select_related("sale__contact")
        .first()
    )


def _sold_with(booking_id: int) -> list[Booking]:
    """The bookings of this booking's sale that were confirmed and cost something; nothing that came by an exchange,
    which has a
    receipt of its own, or was moved in, whose receipt the system gave that sold it.
    """
    sales = Booking.objects.filter(sale__bookings=booking_id).exclude(sale__channel=Channel.MOVED_IN)
    sold = Ticket.objects.filter(came_by=None).select_related("seat", "ticket_type").order_by("seat_id")
    whole_sale = (
        sales.filter(made_by=None).with_names().prefetch_related(Prefetch("tickets", queryset=sold)).order_by("pk")
    )
    return [booking for booking in whole_sale if booking.confirmed_at is not None and booking.total]


def receipt_of(*, booking_id: int) -> Paper | None:
    """Return the receipt of a booking's sale and issue it if needed; None when nothing was paid."""
    sold = _sold_with(booking_id)
    if not sold:
        return None
    return _issued(sold[0], PaperKind.RECEIPT, None, lambda: receipt_content(sold))


def credit_note_of(*, cancellation_id: int) -> Paper | None:
    """Issues the credit note of a cancellation, and the receipt that it refers to; None when nothing was given back."""
    cancellation = Cancellation.objects.get(pk=cancellation_id)
    receipt = _receipt_behind(cancellation)
    if receipt is None or not cancellation.refunded:
        return None
    booking = Booking.objects.with_names().get(pk=cancellation.booking_id)
    return _issued(
        booking, PaperKind.CREDIT_NOTE, cancellation, lambda: credit_note_content(booking, cancellation, receipt)
    )


def _receipt_behind(cancellation: Cancellation) -> Paper | None:
    """Find the receipt of the canceled tickets; if they are on several, that of the sale."""
    came_by = Exchange.objects.filter(lines__new_ticket__canceled__cancellation=cancellation).order_by("pk").first()
    is_sold = cancellation.lines.filter(ticket__came_by=None).exists()
    if came_by is None or is_sold:
        return receipt_of(booking_id=cancellation.booking_id)
    return exchange_receipt_of(exchange=came_by)


def exchange_receipt_of(*, exchange: Exchange) -> Paper | None:
    """Issues the receipt for the new tickets of an exchange, and that of the sale, to which it refers."""
    receipt = receipt_of(booking_id=exchange.booking_id)
    tickets = Ticket.objects.filter(came_by__exchange=exchange).select_related(
        "seat",
        "ticket_type",
        "booking__sale__contact",
        "booking__showtime__movie",
        "booking__showtime__auditorium__theater",
    )
    sold = list(tickets.order_by("seat_id"))
    if receipt is None or not sold:
        return None
    return _issued(
        sold[0].booking,
        PaperKind.RECEIPT,
        None,
        lambda: exchange_receipt_content(exchange, sold, receipt),
        exchange=exchange,
    )


def credit_notes_for_receipts(*, cancellation_ids: Collection[int]) -> None:
    """Issue the credit notes of cancellations whose receipt was issued before."""
    with_receipt = Cancellation.objects.filter(pk__in=cancellation_ids, booking__sale__papers__kind=PaperKind.RECEIPT)
    for cancellation_id in with_receipt.order_by("pk").values_list("pk", flat=True):
        credit_note_of(cancellation_id=cancellation_id)


def _cancellation_at(sale_id: int, position: int) -> Cancellation | None:
    numbered = dict(enumerate(Cancellation.objects.filter(booking__sale=sale_id).order_by("pk"), start=1))
    return numbered.get(position)


def paper_series() -> str:
    """The series in which numbers are given now: named after the moment at which the database was last restored."""
    restores = SalesPause.objects.filter(kind=PauseKind.AFTER_RESTORE).order_by("-since")
    since = restores.values_list("since", flat=True).first()
    return "" if since is None else f"{since.astimezone(UTC):%y%m%d%H%M}"


def _issued(
    booking: Booking,
    kind: PaperKind,
    cancellation: Cancellation | None,
    content: Callable[[], dict[str, Any]],
    *,
    exchange: Exchange | None = None,
) -> Paper:
    known = _papers_already_made(booking.sale_id, kind, cancellation, exchange)
    if found := known.first():
        return found
    theater_id = booking.showtime.auditorium.theater_id
    with transaction.atomic():
        series = paper_series()
        counter = locks.paper_counter(theater_id=theater_id, kind=kind, series=series)
        # The first of two requests has written the paper by now.
        if found := known.first():
            return found
        counter.last += 1
        counter.save(update_fields=["last"])
        return Paper.objects.create(
            theater_id=theater_id,
            kind=kind,
            series=series,
            number=counter.last,
            sale=booking.sale,
            cancellation=cancellation,
            exchange=exchange,
            content=_in_language_of(booking, content),
        )


def _papers_already_made(
    sale_id: int, kind: PaperKind, cancellation: Cancellation | None, exchange: Exchange | None = None
) -> QuerySet[Paper]:
    papers = Paper.objects.filter(sale=sale_id, kind=kind, cancellation=cancellation, exchange=exchange)
    return papers.select_related("sale__contact")


def _in_language_of(booking: Booking, content: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return a paper's content in the sale's language, which is stored with it for later prints."""
    with speaking(booking.sale.language):
        return {**content(), "language": current_language()}
