"""A file to print at the counter: a press notes the print and leads to the file; looking at its address notes nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from boxoffice.views.counter import frame, remember, remembered
from reservations.models import Booking

PRINTED = "printed"
SEE_OTHER = 303


def printed(request: HttpRequest, *, is_copy: bool) -> HttpResponse:
    """Leads to the file that was just pressed for. The browser that pressed sees it again when it reloads."""
    remember(request, **{PRINTED: {"address": request.get_full_path(), "is_copy": is_copy}})
    answer = redirect(request.get_full_path())
    answer.status_code = SEE_OTHER
    return answer


def is_printed_as_copy(request: HttpRequest) -> bool | None:
    """Whether the file at this address is a copy; None when it is not what this browser pressed for last."""
    last = remembered(request, PRINTED) or {}
    return bool(last["is_copy"]) if last.get("address") == request.get_full_path() else None


def offer_to_print(request: HttpRequest, booking: Booking, what: str) -> HttpResponse:
    """Show the print button to a browser that only opened the address."""
    here = booking.showtime.auditorium.theater
    context = frame(request, here) | {
        "reference": booking.reference,
        "what": what,
        "back": booking.address_of("counter_sale"),
    }
    return render(request, "boxoffice/counter/to_print.html", context)
