"""What the staff at the door are told with a booking: said or taken back on its page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.services.needs import read_needs
from reservations.models import Booking
from reservations.one_booking import about_one_booking
from sales.services.told_needs import tell_needs


@require_POST
@about_one_booking
def booking_needs(request: HttpRequest, found: Booking) -> HttpResponse:
    """Tell the needs that the page showed beside the button, or none. It counts for all bookings of the sale."""
    tell_needs(sale_id=found.sale_id, needs=read_needs(request.POST.get("tell", "")))
    return redirect(found.get_absolute_url())
