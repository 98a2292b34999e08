"""Pages of a booking, of its tickets, and the list of my bookings, for people who may see them."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.selectors import needs_in_browser_alone, needs_of, verified_emails
from core.house_facts import current_house
from core.pdf.response import pdf_response
from core.refusals import WayOn
from core.texts.languages import speaking
from reservations.access import bookings_of, holder_of, user_id_of
from reservations.changes.ticket_news import news_of_ticket
from reservations.letters.calendar_files import Visit, booking_visit, calendar_file
from reservations.links.booking_access import claim_bookings
from reservations.links.booking_addresses import resent_before
from reservations.models import Booking, Ticket
from reservations.one_booking import about_one_booking, asked_for, own_bookings
from reservations.pdf.tickets import bookings_pdf, lacks_letters_in_print, tickets_pdf
from reservations.qr_codes import qr_svg
from reservations.refusals.tickets import (
    NotInCalendar,
    NoValidTickets,
    TicketCanceled,
    TicketGiven,
    TicketReplaced,
    TicketsOnHold,
)
from reservations.seats.countdown import countdown_to
from reservations.selectors.bookings import (
    booking_page,
    calendar_version,
    is_exchanged,
    is_out_of_reach,
    ticket_card,
    ticket_uid,
)
from reservations.selectors.change_offers import open_offer
from reservations.selectors.door import replaced_ticket, was_given
from reservations.selectors.door_needs import needs_of_ticket, needs_to_tell
from reservations.selectors.favorites import favorites_of
from reservations.selectors.papers import paper_links
from reservations.selectors.party_codes import booking_of_party, party_card
from reservations.selectors.transfers import was_taken_by
from reservations.states import BookingStatus
from reservations.views.links import link_over, opened_by_old_link
from reservations.views.party_codes import party_page
from theaters.seat_labels import seat_words
from theaters.selectors import movies_on_sale, of_this_house, showtime_facts

MOST_SHOWN = 200


@require_safe
def booking(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The page of a booking; of a sale with several a list of them, each with its page."""
    if opened_by_old_link(request, reference):
        return link_over(request, reference)
    return _booking(request, reference)


@about_one_booking
def _booking(request: HttpRequest, found: Booking) -> HttpResponse:
    now = timezone.now()
    page = booking_page(found, now=now)
    # Asked for again every two seconds while somebody pays.
    status: dict[str, Any] = {"booking": page}
    if page.status == "pending" and not page.is_checking:
        status["countdown"] = countdown_to(found.sale.payable_until, seconds=settings.CHECKOUT_SECONDS, now=now)
    if not request.htmx:  # type: ignore[attr-defined]
        context = {
            **status,
            "is_out_of_reach": is_out_of_reach(found),
            "offer": open_offer(found),
            "papers": paper_links(found),
            "needs_to_tell": needs_to_tell(needs_in_browser_alone(request)),
            "link_version": found.sale.link_version,
            "resent": resent_before(found.pk) if page.pdf_url and page.email else 0,
            "pdf_lacks_letters": lacks_letters_in_print(page.showtime, *page.tickets),
        }
        return render(request, "reservations/booking.html", context)
    response = render(request, "reservations/booking.html#status", status)
    if page.status != "pending":
        # The payment is decided, so load the whole page anew.
        response.headers["HX-Refresh"] = "true"
    return response


@require_safe
def booking_calendar(request: HttpRequest, reference: str) -> HttpResponse:
    """A calendar file with the sale's showtimes, or the one that the address names."""
    found = asked_for(request, own_bookings(request).filter(sale__reference=reference))
    confirmed = [booking for booking in found if booking.status == BookingStatus.CONFIRMED]
    if not confirmed:
        raise NotInCalendar
    with speaking(confirmed[0].sale.language):  # the language of the file in its mail
        now = timezone.now()
        visits = [
            booking_visit(booking, booking_page(booking, now=now), site_url=current_house().site_url)
            for booking in confirmed
        ]
        entries = calendar_file(*visits)
    return _calendar_file(entries, name=reference)


def _calendar_file(entry: bytes, *, name: str) -> HttpResponse:
    response = HttpResponse(entry, content_type="text/calendar; charset=utf-8")
    # Labels of seats may name a section, in any letters.
    response.headers["Content-Disposition"] = str(
        content_disposition_header(True, current_house().file_name(name, "ics"))
    )
    return response


@require_safe
@login_required
def bookings(request: HttpRequest) -> HttpResponse:
    user_id = user_id_of(request)
    assert user_id is not None
    claim_bookings(user_id=user_id, emails=verified_emails(user_id))
    now = timezone.now()
    here = of_this_house("showtime__auditorium__theater__")
    found = Booking.objects.filter(here, sale__user_id=user_id).with_names().with_tickets()
    pages = [booking_page(booking, now=now) for booking in found.order_by("-showtime__starts_at", "-pk")[:MOST_SHOWN]]
    past = [page for page in pages if page.is_past]
    context = {
        "upcoming": [page for page in reversed(pages) if not page.is_past],
        "past": past,
        "favorites": favorites_of(user_id),
        "on_sale": movies_on_sale({page.showtime.movie_slug for page in past}, now=now) if past else set(),
    }
    return render(request, "reservations/bookings.html", context)


def _ticket(code: str) -> Ticket:
    tickets = Ticket.objects.select_related(
        "seat", "booking__sale__contact", "showtime__movie", "showtime__auditorium__theater", "showtime__plan"
    )
    found = get_object_or_404(tickets, code=code)
    if found.status == "RESERVED":
        raise Http404("This ticket is not paid yet.")
    if found.is_empty_place:
        raise Http404("Nobody has the code of a place that stays empty.")
    return found


def _party(code: str) -> Booking | None:
    """Find the booking with this party code. Raises Http404 where it lets nobody in any more."""
    found = booking_of_party(code)
    if found is not None and party_card(found) is None:
        raise Http404("This code lets nobody in.")
    return found


def _admitting_ticket(code: str) -> Ticket:
    """Find a ticket that opens the door: neither void nor disputed."""
    found = _ticket(code)
    if found.status == "VOID":
        raise TicketCanceled
    if found.booking.sale.frozen_at is not None:
        raise TicketsOnHold(way_on=WayOn(gettext("Open the ticket"), to="ticket"))
    return found


@require_safe
def ticket(request: HttpRequest, code: str) -> HttpResponse:
    if replaced := replaced_ticket(code):
        raise TicketGiven() if was_given(code) else _replaced(request, replaced)
    if (party := _party(code)) is not None:
        return party_page(request, party)
    found = _ticket(code)
    is_mine = _may_see_booking(request, found) and found.given_at is None
    card, facts = ticket_card(found), showtime_facts(found.showtime, now=timezone.now())
    context = {
        "ticket": card,
        "showtime": facts,
        "pdf_lacks_letters": lacks_letters_in_print(facts, card),
        "booking_url": found.booking.get_absolute_url() if is_mine else None,
        "is_exchanged": is_exchanged(found),
        "is_taken_here": was_taken_by(found, holder=holder_of(request)),
        "news": news_of_ticket(found),
    }
    if context["is_taken_here"]:
        context |= {"told_needs": needs_of_ticket(found), "needs_to_tell": needs_to_tell(needs_of(request))}
    return render(request, "reservations/ticket.html", context)


def _may_see_booking(request: HttpRequest, found: Ticket) -> bool:
    return bookings_of(request).filter(pk=found.booking_id).exists()


def _replaced(request: HttpRequest, found: Ticket) -> TicketReplaced:
    is_mine = _may_see_booking(request, found)
    return TicketReplaced(
        way_on=WayOn(gettext("Open the booking"), url=found.booking.get_absolute_url()) if is_mine else None
    )


@require_safe
def ticket_qr(request: HttpRequest, code: str) -> HttpResponse:
    """The code itself as a QR code; a void or frozen ticket has none."""
    card = ticket_card(_admitting_ticket(code)) if _party(code) is None else None
    svg = qr_svg(request.build_absolute_uri(card.url if card else reverse("ticket", args=[code])))
    return HttpResponse(svg, content_type="image/svg+xml")


@require_safe
def ticket_pdf(request: HttpRequest, code: str) -> HttpResponse:
    found = _admitting_ticket(code)
    pdf = tickets_pdf([found], address_of=request.build_absolute_uri, now=timezone.now())
    return pdf_response(pdf, name=_file_name(found))


@require_safe
def booking_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """Every valid ticket of a sale in one file; only those for one showtime where the address names it."""
    found = asked_for(request, own_bookings(request).filter(sale__reference=reference))
    pdf = bookings_pdf(found, address_of=request.build_absolute_uri, now=timezone.now())
    if pdf is None:
        nothing = NoValidTickets if found[0].sale.frozen_at is None else TicketsOnHold
        raise nothing(way_on=WayOn(gettext("Open the booking"), to="booking"))
    return pdf_response(pdf, name=reference)


@require_safe
def ticket_calendar(request: HttpRequest, code: str) -> HttpResponse:
    found = _ticket(code)
    if found.status == "VOID":
        raise TicketCanceled
    stamp, sequence = calendar_version(found.booking)
    with speaking(found.booking.sale.language):
        visit = Visit(
            name=ticket_uid(found),
            url=current_house().site_url + reverse("ticket", args=[code]),
            seats=seat_words(found.seat),
            note=_note(found),
            showtime=showtime_facts(found.showtime, now=timezone.now()),
            stamp=stamp,
            sequence=sequence,
        )
        entry = calendar_file(visit)
    return _calendar_file(entry, name=_file_name(found))


def _file_name(found: Ticket) -> str:
    """Name the ticket's file; without the booking's reference if it was given to somebody else."""
    return f"{ticket_card(found).reference or found.showtime.movie.slug}-{found.seat.label}"


def _note(found: Ticket) -> str:
    reference = ticket_card(found).reference
    return gettext("Booking %(reference)s.") % {"reference": reference} if reference else ""
