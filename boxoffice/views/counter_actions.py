"""Sending a found booking again and swapping its seats: the acts of the office, in the counter's frame and within its pause."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from boxoffice.admin.actions import StaffAction, answer_to
from boxoffice.admin.actions.booking_mails import Resend
from boxoffice.admin.actions.swaps import SwapSeats
from boxoffice.selectors.counter_sales import bookings_at
from boxoffice.staff_pages import staff_page
from boxoffice.views.counter import SELL, frame
from reservations.models import Booking
from theaters.access import theaters_of
from theaters.acting import acting_in


class AtCounter(StaffAction):
    """Of a booking of a theater where this person sells."""

    object: Booking
    template = "boxoffice/counter/action.html"

    def find(self) -> Booking:
        found = (
            bookings_at(theaters_of(acting_in(self.request), SELL))
            .filter(sale__reference=self.ids["reference"])
            .first()
        )
        if found is None:
            raise Http404("There is no such booking here.")
        return found

    def context(self) -> dict[str, Any]:
        return frame(self.request, self.theater_of(self.object))

    def say(self, sentence: str) -> None:
        messages.success(self.request, sentence)

    def back(self) -> str:
        return reverse("counter_sale", args=[self.object.reference])


class ResendAtCounter(AtCounter, Resend):
    """The confirmation once more, to the address that the booking has."""


class SwapAtCounter(AtCounter, SwapSeats):
    template = "boxoffice/counter/swap.html"


@staff_page(SELL)
@require_http_methods(["GET", "HEAD", "POST"])
def resend(request: HttpRequest, reference: str) -> HttpResponse:
    return answer_to(ResendAtCounter(request, None, reference=reference))


@staff_page(SELL)
@require_http_methods(["GET", "HEAD", "POST"])
def swap(request: HttpRequest, reference: str) -> HttpResponse:
    return answer_to(SwapAtCounter(request, None, reference=reference))
