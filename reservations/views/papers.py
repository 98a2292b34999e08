"""Receipts and credit notes, for people who may see the booking."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core.pdf.response import pdf_response
from reservations.models import Booking, Paper
from reservations.one_booking import about_one_booking
from reservations.pdf.papers import paper_pdf
from reservations.services.papers import credit_note_of, receipt_of


@require_safe
@about_one_booking
def receipt(request: HttpRequest, booking: Booking) -> HttpResponse:
    return _file(receipt_of(booking_id=booking.pk))


@require_safe
@about_one_booking
def credit_note(request: HttpRequest, booking: Booking, position: int) -> HttpResponse:
    """The first, second … cancellation of this booking."""
    done = list(booking.cancellations.order_by("pk").values_list("pk", flat=True))
    if not 1 <= position <= len(done):
        raise Http404("There was no such cancellation.")
    return _file(credit_note_of(cancellation_id=done[position - 1]))


def _file(paper: Paper | None) -> HttpResponse:
    if paper is None:
        raise Http404("No money was taken or given back, so there is no paper about it.")
    return pdf_response(paper_pdf(paper), name=paper.name)
