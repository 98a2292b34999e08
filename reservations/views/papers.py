"""Receipts and credit notes, for people who may see the booking."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from core.pdf.response import pdf_response
from reservations.access import bookings_of
from reservations.letters.papers import wanted_credit_note, wanted_exchange_receipt, wanted_receipt
from reservations.models import Booking, Paper
from reservations.one_booking import asked_for
from reservations.one_paper import answer_with_paper
from reservations.pdf.papers import paper_pdf


@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """The receipt of everything that was paid together."""
    wanted = wanted_receipt(booking_id=_visible(request, reference).pk)
    return answer_with_paper(request, wanted, _file)


@require_http_methods(["GET", "HEAD", "POST"])
def credit_note(request: HttpRequest, reference: str, position: int) -> HttpResponse:
    """The credit note of a cancellation of this sale; `position` counts from 1."""
    wanted = wanted_credit_note(sale_id=_visible(request, reference).sale_id, position=position)
    return answer_with_paper(request, wanted, _file)


@require_http_methods(["GET", "HEAD", "POST"])
def exchange_receipt(request: HttpRequest, reference: str, position: int) -> HttpResponse:
    """The receipt of an exchange of this sale; `position` counts from 1."""
    wanted = wanted_exchange_receipt(sale_id=_visible(request, reference).sale_id, position=position)
    return answer_with_paper(request, wanted, _file)


def _visible(request: HttpRequest, reference: str) -> Booking:
    """Find any booking of the sale, which has one receipt. Raises Http404."""
    return asked_for(request, bookings_of(request).filter(sale__reference=reference))[0]


def _file(paper: Paper) -> HttpResponse:
    return pdf_response(paper_pdf(paper), name=paper.name)
