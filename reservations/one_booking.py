"""Pages about one booking, found by the reference of its sale. If the sale has bookings for several showtimes, the page
asks which.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from reservations.access import bookings_of
from reservations.models import Booking
from reservations.models.bookings import BookingQuerySet
from reservations.selectors.bookings import booking_page

type View = Callable[..., HttpResponseBase]
OK, CONFLICT = 200, 409


def own_bookings(request: HttpRequest) -> BookingQuerySet:
    """The bookings that this visitor may see, with names and tickets."""
    return bookings_of(request).with_names().with_tickets()


def asked_for(request: HttpRequest, bookings: Iterable[Booking]) -> list[Booking]:
    """The booking for the showtime that the address names, `?showtime=17`; all of them when it names none. Raises Http404."""
    showtime = request.GET.get("showtime")
    found = [booking for booking in bookings if showtime in (None, str(booking.showtime_id))]
    if not found:
        raise Http404("There is no such booking.")
    return sorted(found, key=lambda booking: booking.pk)


def about_one_booking(view: View) -> View:
    """Decorate a view that gets the booking in place of the reference. 404 for people who may not see it."""

    @wraps(view)
    def wrapped(request: HttpRequest, reference: str, *args: object, **kwargs: object) -> HttpResponseBase:
        found = asked_for(request, own_bookings(request).filter(sale__reference=reference))
        if len(found) > 1:
            return choose_booking(request, found)
        return view(request, found[0], *args, **kwargs)

    return wrapped


def choose_booking(request: HttpRequest, bookings: Sequence[Booking]) -> HttpResponse:
    """A page with all bookings of the sale to choose from. A form that was sent without saying which one changes
    nothing.
    """
    context = booking_choices(request, bookings)
    return render(request, "reservations/choose_booking.html", context, status=status_of_choice(request))


def booking_choices(request: HttpRequest, bookings: Sequence[Booking]) -> dict[str, object]:
    """The choices on such a page. The bookings come with their names and tickets."""
    now = timezone.now()
    pages = [
        booking_page(booking, now=now) for booking in sorted(bookings, key=lambda booking: booking.showtime.starts_at)
    ]
    rows = [(page, f"{request.path}?showtime={page.showtime.id}") for page in pages]
    has_tickets = any(page.pdf_url for page in pages)
    return {"rows": rows, "reference": pages[0].reference, "has_tickets": has_tickets}


def status_of_choice(request: HttpRequest) -> int:
    return CONFLICT if request.method == "POST" else OK
