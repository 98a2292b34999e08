"""Resending a booking and swapping its seats: actions of the office, shown on counter pages with the counter's sign-in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from boxoffice.admin.actions import StaffAction, answer_to
from boxoffice.admin.actions.booking_mails import Resend
from boxoffice.admin.actions.swaps import SwapSeats
from boxoffice.staff_pages import staff_page
from boxoffice.views.counter import SELL, frame
from boxoffice.views.counter_choice import about_one_booking_at_counter
from reservations.models import Booking


class AtCounter(StaffAction):
    """An action on a booking of a theater where this person sells."""

    object: Booking
    template = "boxoffice/counter/action.html"

    def find(self) -> Booking:
        booking: Booking = self.ids["booking"]
        return booking

    def context(self) -> dict[str, Any]:
        return frame(self.request, self.theater_of(self.object))

    def say(self, sentence: str) -> None:
        messages.success(self.request, sentence)

    def back(self) -> str:
        return self.object.address_of("counter_sale")


class ResendAtCounter(AtCounter, Resend):
    """Sends the confirmation again, to the booking's address."""


class SwapAtCounter(AtCounter, SwapSeats):
    template = "boxoffice/counter/swap.html"


@staff_page(SELL)
@require_http_methods(["GET", "HEAD", "POST"])
@about_one_booking_at_counter(SELL)
def resend(request: HttpRequest, booking: Booking) -> HttpResponse:
    return answer_to(ResendAtCounter(request, None, booking=booking))


@staff_page(SELL)
@require_http_methods(["GET", "HEAD", "POST"])
@about_one_booking_at_counter(SELL)
def swap(request: HttpRequest, booking: Booking) -> HttpResponse:
    return answer_to(SwapAtCounter(request, None, booking=booking))
