"""A ticket is given to a friend: its owner makes a link or withdraws it, the friend takes the ticket by the link."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.selectors import needs_of
from accounts.services.needs import read_needs
from core.house_facts import current_house
from core.refusals import Refusal
from core.web.refusal_pages import answers_refusals
from reservations.access import bookings_of, ensure_holder, gives_holder_cookie, holder_of, remember_holder, user_id_of
from reservations.aftersale.transfers import (
    TransferOver,
    make_link,
    take_ticket,
    tell_needs_of_taker,
    why_not_given,
    withdraw_link,
)
from reservations.links.mailbox_codes import BookingVisitor, is_trusted, prove, send_code, waits_for_code
from reservations.models import Ticket, Transfer
from reservations.refusals.tickets import TicketGiven
from reservations.selectors.bookings import ticket_card
from reservations.selectors.door import was_given
from reservations.selectors.door_needs import needs_to_tell
from reservations.selectors.transfers import open_link, was_taken_by
from theaters.selectors import showtime_facts

SEE_OTHER = 303
WITH_NAMES = (
    "seat",
    "ticket_type",
    "booking__sale__contact",
    "showtime__movie",
    "showtime__auditorium__theater",
    "showtime__plan",
)


@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals()
def transfer(request: HttpRequest, code: str, refusal: Refusal | None = None) -> HttpResponseBase:
    """The page on which a ticket's owner, by purchase or transfer, gives it away. Raises Http404 for everybody else, and
    TicketGiven after somebody else took it.
    """
    ticket, visitor = _own_ticket(request, code), _visitor(request)
    trusted = ticket.given_at is not None or is_trusted(ticket.booking, visitor)
    if request.method == "POST" and refusal is None:
        return _handle_post(request, ticket, visitor, is_trusted=trusted)
    link = open_link(ticket)
    context = {
        "ticket": ticket_card(ticket),
        "showtime": showtime_facts(ticket.showtime, now=timezone.now()),
        "why_not": why_not_given(ticket),
        "link": link and current_house().address_of(link),
        "email": ticket.booking.email,
        "is_trusted": trusted,
        "waits_for_code": not trusted and waits_for_code(ticket.booking, visitor),
        "refusal": refusal,
    }
    return render(request, "reservations/transfer.html", context)


def _handle_post(request: HttpRequest, ticket: Ticket, visitor: BookingVisitor, *, is_trusted: bool) -> HttpResponse:
    action = request.POST.get("action")
    if action == "code" and not is_trusted:
        send_code(ticket.booking, visitor)
    elif not is_trusted:
        prove(ticket.booking, visitor, code=request.POST.get("code", ""))
    if action == "make":
        make_link(ticket_id=ticket.pk, code=ticket.code)
    elif action == "withdraw":
        withdraw_link(ticket_id=ticket.pk, code=ticket.code)
    response = redirect("transfer", ticket.code)
    response.status_code = SEE_OTHER
    return response


@gives_holder_cookie
@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals()
def take_transfer(request: HttpRequest, code: str, refusal: Refusal | None = None) -> HttpResponseBase:
    """The page on which a friend takes a ticket. GET changes nothing: mail programs open links too."""
    found = get_object_or_404(Transfer, code=code)
    if request.method == "POST" and refusal is None:
        told = read_needs(request.POST.get("tell", ""))
        taken = take_ticket(code=code, holder=ensure_holder(request), needs=told)
        return remember_holder(request, redirect("ticket", taken.code))
    ticket = Ticket.objects.select_related(*WITH_NAMES).get(pk=found.ticket_id)
    if found.accepted_at is not None and found.holder == holder_of(request):
        return redirect("ticket", ticket.code)
    if not found.is_open:
        raise TransferOver
    context = {
        "ticket": ticket_card(ticket),
        "showtime": showtime_facts(ticket.showtime, now=timezone.now()),
        "why_not": why_not_given(ticket),
        "needs_to_tell": needs_to_tell(needs_of(request)),
        "refusal": refusal,
    }
    return render(request, "reservations/take_transfer.html", context)


@require_POST
@answers_refusals()
def ticket_needs(request: HttpRequest, code: str) -> HttpResponse:
    """Tell the staff what the page showed beside the button, or nothing; for the browser that took the ticket."""
    found = get_object_or_404(Ticket, code=code)
    if not was_taken_by(found, holder=holder_of(request)):
        raise Http404("There is no such ticket of yours.")
    tell_needs_of_taker(ticket_id=found.pk, code=code, needs=read_needs(request.POST.get("tell", "")))
    return redirect("ticket", code)


def _own_ticket(request: HttpRequest, code: str) -> Ticket:
    if was_given(code):
        raise TicketGiven
    ticket = get_object_or_404(Ticket.objects.select_related(*WITH_NAMES), code=code)
    if ticket.given_at is not None:
        is_mine = was_taken_by(ticket, holder=holder_of(request))
    else:
        is_mine = bookings_of(request).filter(pk=ticket.booking_id).exists()
    if not is_mine or ticket.status == "RESERVED":
        raise Http404("There is no such ticket of yours.")
    return ticket


def _visitor(request: HttpRequest) -> BookingVisitor:
    return BookingVisitor(holder=holder_of(request), user_id=user_id_of(request))
