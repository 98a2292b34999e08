"""Receipts and credit notes, for people who may see the booking."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core.pdf.response import pdf_response
from reservations.access import bookings_of
from reservations.models import Booking, Paper
from reservations.one_booking import asked_for
from reservations.pdf.papers import paper_pdf
from reservations.services.papers import credit_note_at, receipt_of


@require_safe
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Of all that was paid together."""
    return _file(receipt_of(booking_id=_visible(request, reference).pk))


@require_safe
def credit_note(request: HttpRequest, reference: str, position: int) -> HttpResponse:
    """The first, second … cancellation of this sale."""
    return _file(credit_note_at(sale_id=_visible(request, reference).sale_id, position=position))


def _visible(request: HttpRequest, reference: str) -> Booking:
    """Any booking of the sale, which has one receipt. Raises Http404."""
    return asked_for(request, bookings_of(request).filter(sale__reference=reference))[0]


def _file(paper: Paper | None) -> HttpResponse:
    if paper is None:
        raise Http404("No money was taken or given back, so there is no paper about it.")
    return pdf_response(paper_pdf(paper), name=paper.name)
