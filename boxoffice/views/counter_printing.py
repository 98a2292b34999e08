"""Files to print at the counter: POST logs the print and redirects to the file; GET logs nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from boxoffice.views.counter import frame, remember, remembered
from reservations.models import Booking

PRINTED = "printed"
SEE_OTHER = 303


def printed(request: HttpRequest, *, is_copy: bool) -> HttpResponse:
    """Redirect to the printed file, and remember it in the session, so that a reload shows it again."""
    remember(request, **{PRINTED: {"address": request.get_full_path(), "is_copy": is_copy}})
    answer = redirect(request.get_full_path())
    answer.status_code = SEE_OTHER
    return answer


def is_printed_as_copy(request: HttpRequest) -> bool | None:
    """Whether the file at this address is a copy; None if this browser did not print it last."""
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
