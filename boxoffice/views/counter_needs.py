"""Note at the counter what a customer needs, or that they take it back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.services.needs import known_needs
from boxoffice.staff_pages import staff_page
from boxoffice.views.counter import SELL
from boxoffice.views.counter_choice import about_one_booking_at_counter
from reservations.models import Booking
from sales.services.told_needs import tell_needs


@staff_page(SELL)
@require_POST
@about_one_booking_at_counter(SELL)
def write_needs(request: HttpRequest, booking: Booking) -> HttpResponse:
    tell_needs(sale_id=booking.sale_id, needs=known_needs(request.POST.getlist("need")))
    return redirect(booking.address_of("counter_sale") + "#needs")
