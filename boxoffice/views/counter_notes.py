"""Write a note about a booking at the counter, for the next operator."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from boxoffice.staff_pages import staff_page
from boxoffice.views.counter import SELL
from boxoffice.views.counter_choice import about_one_booking_at_counter
from boxoffice.views.counter_sales import sale_page
from core.web.refusal_pages import answers_refusals
from reservations.models import Booking
from reservations.records.notes import write_note
from staff.acting import acting_in


@staff_page(SELL)
@require_POST
@about_one_booking_at_counter(SELL)
@answers_refusals(sale_page)
def write(request: HttpRequest, booking: Booking) -> HttpResponse:
    acting = acting_in(request)
    write_note(booking=booking, text=request.POST.get("note", ""), author_id=acting.user_id, actor=acting.actor)
    return redirect(booking.address_of("counter_sale") + "#notes")
