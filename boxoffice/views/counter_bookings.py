"""Bookings found at the counter: all their tickets by one press, and their numbered papers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from boxoffice.selectors.counter_sales import bookings_at
from boxoffice.selectors.found_bookings import MOST_TEXT, find_bookings
from boxoffice.staff_pages import staff_page
from boxoffice.views.counter import SELL, frame, theater_here
from core.pdf.response import pdf_response
from core.refusals import WayOn
from reservations.models import Booking, Paper
from reservations.one_booking import asked_for
from reservations.pdf.papers import paper_pdf
from reservations.pdf.tickets import bookings_pdf
from reservations.refusals import NoValidTickets, TicketsOnHold
from reservations.services.papers import credit_note_at, receipt_of
from theaters.access import may, theaters_of
from theaters.acting import acting_in

VIEW = "reservations.view_booking"
ACTS = {"may_resend": "reservations.resend_mail", "may_swap": "reservations.swap_seats"}


@staff_page(SELL)
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Bookings of the theater where this person sells."""
    here = theater_here(request)
    if here is None:
        return redirect("counter")
    text = request.GET.get("q", "").strip()[:MOST_TEXT]
    context = {
        "wanted": text,
        "found": find_bookings(theater=here, text=text, now=timezone.now()),
        **{name: may(acting_in(request), right, here) for name, right in ACTS.items()},
    }
    return render(request, "boxoffice/counter/found.html", frame(request, here) | context)


@staff_page(SELL)
@require_safe
def counter_tickets(request: HttpRequest, reference: str) -> HttpResponse:
    """Every valid ticket of a sale, each on a page of its own; only those for one showtime where the address names it."""
    bookings = asked_for(request, bookings_at(theaters_of(acting_in(request), SELL)).filter(sale__reference=reference))
    file = bookings_pdf(bookings, address_of=request.build_absolute_uri, now=timezone.now())
    if file is None:
        nothing = NoValidTickets if bookings[0].sale.frozen_at is None else TicketsOnHold
        raise nothing(way_on=WayOn(gettext("Back to the booking"), to="counter_sale"))
    return pdf_response(file, name=reference)


@staff_page(SELL, VIEW)
@require_safe
def counter_receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Of all that was paid together."""
    return _paper(receipt_of(booking_id=_readable(request, reference).pk))


@staff_page(SELL, VIEW)
@require_safe
def counter_credit_note(request: HttpRequest, reference: str, position: int) -> HttpResponse:
    """The first, second … cancellation of this sale."""
    return _paper(credit_note_at(sale_id=_readable(request, reference).sale_id, position=position))


def _readable(request: HttpRequest, reference: str) -> Booking:
    """Any booking of the sale, which has one receipt. Raises Http404."""
    theaters = theaters_of(acting_in(request), SELL) | theaters_of(acting_in(request), VIEW)
    return asked_for(request, bookings_at(theaters).filter(sale__reference=reference))[0]


def _paper(paper: Paper | None) -> HttpResponse:
    if paper is None:
        raise Http404("No money was taken or given back, so there is no paper about it.")
    return pdf_response(paper_pdf(paper), name=paper.name)
