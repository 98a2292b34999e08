"""Search for bookings at the counter."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from boxoffice.selectors.found_bookings import MOST_TEXT, find_bookings
from boxoffice.staff_pages import staff_page
from boxoffice.views.counter import SELL, frame, theater_here
from staff.access import may
from staff.acting import acting_in

ACTS = {"may_resend": "reservations.resend_mail", "may_swap": "reservations.swap_seats"}


@staff_page(SELL)
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Find bookings of the theater where this person sells."""
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
