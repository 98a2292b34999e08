"""One code for a whole party: chosen on the page of the booking, shown where tickets are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from reservations.access import bookings_of
from reservations.door.party_codes import choose_party_code
from reservations.models import Booking
from reservations.one_booking import about_one_booking
from reservations.selectors.party_codes import party_card
from theaters.selectors import showtime_facts

PAGE = "reservations/party.html"


@require_POST
@about_one_booking
def choose_codes(request: HttpRequest, found: Booking) -> HttpResponse:
    choose_party_code(booking_id=found.pk, wanted=request.POST.get("for") == "party")
    return redirect(found.get_absolute_url())


def party_page(request: HttpRequest, found: Booking) -> HttpResponse:
    """The page of a party's shared code: the seats, and nothing else of the booking."""
    is_mine = bookings_of(request).filter(pk=found.pk).exists()
    context = {
        "party": party_card(found),
        "showtime": showtime_facts(found.showtime, now=timezone.now()),
        "booking_url": found.get_absolute_url() if is_mine else "",
        "pdf_url": found.address_of("booking_pdf"),
    }
    return render(request, PAGE, context)
