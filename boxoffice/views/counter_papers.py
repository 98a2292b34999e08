"""Files to print and mail after a sale: tickets, receipts, credit notes. A copy says so, and all is logged."""

from collections.abc import Sequence
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from boxoffice.forms.counter import clean_email
from boxoffice.selectors.counter_sales import bookings_at
from boxoffice.staff_pages import staff_page
from boxoffice.views.counter import SELL, remember, remembered
from boxoffice.views.counter_choice import about_one_booking_at_counter
from boxoffice.views.counter_printing import is_printed_as_copy, offer_to_print, printed
from boxoffice.views.counter_sales import PAPERS, sale_page
from core.house_facts import speaking_for
from core.pdf.response import pdf_response
from core.refusals import BadChoice, WayOn
from core.web.refusal_pages import answers_refusals
from houses.selectors import house_facts
from reservations.letters.papers import WantedPaper, receipt_of, wanted_credit_note, wanted_receipt
from reservations.letters.receipt_mails import mail_receipt as write_receipt_mail
from reservations.models import Booking, Paper, Ticket
from reservations.one_booking import asked_for
from reservations.one_paper import NO_PAPER
from reservations.pdf.papers import ROLL, SHEET, paper_pdf
from reservations.pdf.tickets import printable_tickets, tickets_pdf
from reservations.refusals.tickets import NoValidTickets, TicketsOnHold
from reservations.selling.prints import note_paper_printed, note_tickets_printed
from staff.access import theaters_of
from staff.acting import acting_in

VIEW = "reservations.view_booking"
TEMPLATES = dict(zip(PAPERS, (ROLL, SHEET), strict=True))
MOST_DIGITS = 6


@staff_page(SELL)
@require_http_methods(["GET", "HEAD", "POST"])
def counter_tickets(request: HttpRequest, reference: str) -> HttpResponse:
    """Every valid ticket of a sale, each on a page of its own; only those for one showtime where the address names it."""
    bookings = asked_for(request, bookings_at(theaters_of(acting_in(request), SELL)).filter(sale__reference=reference))
    tickets = _printable(bookings)
    if request.method == "POST":
        copies = [note_tickets_printed(booking, actor=acting_in(request).actor) for booking in bookings]
        return printed(request, is_copy=all(copies))
    is_copy = is_printed_as_copy(request)
    if is_copy is None:
        return offer_to_print(request, bookings[0], gettext("Tickets"))
    house = house_facts(bookings[0].sale.theater.house_id)
    with speaking_for(house):
        return pdf_response(
            tickets_pdf(tickets, address_of=house.address_of, now=timezone.now(), is_copy=is_copy), name=reference
        )


def _printable(bookings: Sequence[Booking]) -> list[Ticket]:
    """The tickets to print. Raises NoValidTickets or TicketsOnHold."""
    if tickets := printable_tickets(bookings):
        return tickets
    nothing = NoValidTickets if bookings[0].sale.frozen_at is None else TicketsOnHold
    raise nothing(way_on=WayOn(gettext("Back to the booking"), to="counter_sale"))


@staff_page(SELL, VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def counter_receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """The receipt of everything that was paid together."""
    booking = _readable(request, reference)
    return _answer_with_paper(request, booking, wanted_receipt(booking_id=booking.pk), gettext("Receipt"))


@staff_page(SELL, VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def counter_credit_note(request: HttpRequest, reference: str, position: int) -> HttpResponse:
    """The credit note of a cancellation of this sale; `position` counts from 1."""
    booking = _readable(request, reference)
    wanted = wanted_credit_note(sale_id=booking.sale_id, position=position)
    return _answer_with_paper(request, booking, wanted, gettext("Credit note"))


def _readable(request: HttpRequest, reference: str) -> Booking:
    """Find any booking of the sale, which has one receipt. Raises Http404."""
    theaters = theaters_of(acting_in(request), SELL) | theaters_of(acting_in(request), VIEW)
    return asked_for(request, bookings_at(theaters).filter(sale__reference=reference))[0]


@staff_page(SELL)
@require_POST
@about_one_booking_at_counter(SELL)
def reprint(request: HttpRequest, booking: Booking) -> HttpResponse:
    """Print all tickets and the receipt of a booking again, by one press."""
    actor = acting_in(request).actor
    is_copy = note_tickets_printed(booking, actor=actor)
    if receipt := receipt_of(booking_id=booking.pk):
        note_paper_printed(receipt, booking, actor=actor)
    remember(request, sold="", reprint={booking.reference: is_copy})
    return redirect(booking.address_of("counter_sale"))


@staff_page(SELL)
@require_POST
@about_one_booking_at_counter(SELL)
@answers_refusals(sale_page)
def mail_receipt(request: HttpRequest, booking: Booking) -> HttpResponse:
    email, before = clean_email(request.POST.get("email", "")), request.POST.get("before", "")
    if not email:
        raise BadChoice("email", gettext("Type the e-mail address that the receipt goes to."))
    known = int(before) if before.isascii() and before.isdecimal() and len(before) < MOST_DIGITS else 0
    if write_receipt_mail(booking_id=booking.pk, to=email, before=known, actor=acting_in(request).actor):
        messages.success(request, gettext("The receipt is on its way to %(email)s.") % {"email": email})
    else:
        messages.success(request, gettext("The receipt was on its way already; nothing was sent twice."))
    return redirect(booking.address_of("counter_sale"))


def _answer_with_paper(request: HttpRequest, booking: Booking, wanted: WantedPaper, what: str) -> HttpResponse:
    """Issue the paper on a press of the button if needed, and note the print. Raises Http404."""
    if not wanted.is_due:
        raise Http404(NO_PAPER)
    if request.method == "POST":
        paper = wanted.issue()
        if paper is None:
            raise Http404(NO_PAPER)
        return printed(request, is_copy=note_paper_printed(paper, booking, actor=acting_in(request).actor))
    is_copy = is_printed_as_copy(request)
    if is_copy is None or wanted.issued is None:
        return offer_to_print(request, booking, what)
    return _paper_file(request, booking, wanted.issued, is_copy=is_copy)


def _paper_file(request: HttpRequest, booking: Booking, paper: Paper, *, is_copy: bool) -> HttpResponse:
    """Render on the paper that the address names (`?paper=roll`, `?paper=a4`), else on the one in use here."""
    template = _template(request.GET.get("paper") or remembered(request, "paper") or PAPERS[1])
    with speaking_for(house_facts(booking.sale.theater.house_id)):
        return pdf_response(paper_pdf(paper, template=template, is_copy=is_copy), name=paper.name)


def _template(name: str) -> Path:
    return TEMPLATES.get(name, SHEET)
