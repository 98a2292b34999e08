"""The page that mails a lost link of a booking again, found by its reference or by e-mail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from core.limits.addresses import client_address
from core.limits.limiter import Limit, check, check_address
from core.texts.lazy_text import gettext_lazy as _
from reservations.access import holder_of
from reservations.links.link_requests import ask_for_links
from reservations.refusals.booking_links import AskedForLinksOften

HOUR = 3600
ASKS_PER_BROWSER = Limit("find-booking-browser", 5, HOUR, AskedForLinksOften)
ASKS_PER_ADDRESS = Limit("find-booking-address", 20, HOUR, AskedForLinksOften)
LONGEST = 254
EMPTY = _("Please enter the reference of your booking, like KX7M-4QPD, or the e-mail address you gave us.")
TOO_LONG = _("That is too long for a reference or an e-mail address. Please check it.")


@require_http_methods(["GET", "HEAD", "POST"])
def find_booking(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether or not there is such a booking."""
    if request.method != "POST":
        return _page(request)
    typed = request.POST.get("asked_for", "").strip()
    if not typed or len(typed) > LONGEST:
        return _page(request, typed=typed, error=TOO_LONG if typed else EMPTY, status=422)
    _check_limits(request)
    ask_for_links(typed)
    return _page(request, is_asked=True)


def _check_limits(request: HttpRequest) -> None:
    check_address(ASKS_PER_ADDRESS, client_address(request))
    if holder := holder_of(request):
        check(ASKS_PER_BROWSER, holder)


def _page(
    request: HttpRequest, *, typed: str = "", error: str = "", is_asked: bool = False, status: int = 200
) -> HttpResponse:
    context = {"typed": typed, "error": error, "is_asked": is_asked}
    return render(request, "reservations/find_booking.html", context, status=status)
