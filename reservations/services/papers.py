"""Giving a receipt or a credit note its number: at the first demand, under the lock of the theater's counter.

The counter is locked alone, in a transaction that holds nothing else, so no sale waits for a piece of paper; a number is
taken in the transaction that writes the paper, so none is lost (docs/adr/0017-papers-are-numbered-when-asked-for.md).
"""

from collections.abc import Callable, Collection
from datetime import UTC
from typing import Any

from django.db import transaction

from core.languages import current_language, speaking
from core.models import PauseKind, SalesPause
from reservations import locks
from reservations.models import Booking, Cancellation, Paper
from reservations.selectors.papers import credit_note_content, receipt_content
from reservations.states import PaperKind


def receipt_of(*, booking_id: int) -> Paper | None:
    """The receipt of the sale of a booking, with all of it that was confirmed and cost something; None when nothing did."""
    whole_sale = Booking.objects.filter(sale__bookings=booking_id).with_names().with_tickets().order_by("pk")
    sold = [booking for booking in whole_sale if booking.confirmed_at is not None and booking.total]
    if not sold:
        return None
    return _issued(sold[0], PaperKind.RECEIPT, None, lambda: receipt_content(sold))


def credit_note_of(*, cancellation_id: int) -> Paper | None:
    """The credit note of a cancellation that gave something back; else None. It refers to the receipt of the sale."""
    cancellation = Cancellation.objects.get(pk=cancellation_id)
    receipt = receipt_of(booking_id=cancellation.booking_id)
    if receipt is None or not cancellation.refunded:
        return None
    booking = Booking.objects.with_names().get(pk=cancellation.booking_id)
    return _issued(
        booking, PaperKind.CREDIT_NOTE, cancellation, lambda: credit_note_content(booking, cancellation, receipt)
    )


def credit_notes_for_receipts(*, cancellation_ids: Collection[int]) -> None:
    """Give each of these cancellations its credit note, where the receipt was issued already."""
    with_receipt = Cancellation.objects.filter(pk__in=cancellation_ids, booking__sale__papers__kind=PaperKind.RECEIPT)
    for cancellation_id in with_receipt.order_by("pk").values_list("pk", flat=True):
        credit_note_of(cancellation_id=cancellation_id)


def credit_note_at(*, sale_id: int, position: int) -> Paper | None:
    """Of the first, second … cancellation of a sale; None when there was none, or it gave nothing back."""
    done = Cancellation.objects.filter(booking__sale=sale_id).order_by("pk").values_list("pk", flat=True)
    numbered = dict(enumerate(done, start=1))
    return credit_note_of(cancellation_id=numbered[position]) if position in numbered else None


def paper_series() -> str:
    """The series in which numbers are given now: named after the moment at which the database was last restored."""
    restores = SalesPause.objects.filter(kind=PauseKind.AFTER_RESTORE).order_by("-since")
    since = restores.values_list("since", flat=True).first()
    return "" if since is None else f"{since.astimezone(UTC):%y%m%d%H%M}"


def _issued(
    booking: Booking, kind: PaperKind, cancellation: Cancellation | None, content: Callable[[], dict[str, Any]]
) -> Paper:
    known = Paper.objects.filter(sale=booking.sale_id, kind=kind, cancellation=cancellation).select_related(
        "sale__contact"
    )
    if found := known.first():
        return found
    theater_id = booking.showtime.auditorium.theater_id
    with transaction.atomic():
        series = paper_series()
        counter = locks.paper_counter(theater_id=theater_id, kind=kind, series=series)
        # The first of two requests has written it by now.
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
            content=_in_language_of(booking, content),
        )


def _in_language_of(booking: Booking, content: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What is kept says its language, in which the paper is printed for ever."""
    with speaking(booking.sale.language):
        return {**content(), "language": current_language()}
