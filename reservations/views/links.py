"""The pages of a booking's secret link: opening it, an expired or wrong one, a new one."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from core.web.wrong_links import count_wrong_link
from reservations.access import (
    bookings_ever_opened,
    bookings_of,
    ensure_holder,
    holder_of,
    is_secret_of,
    remember_holder,
)
from reservations.links.booking_access import admit
from reservations.links.booking_addresses import resend_confirmation, resent_before
from reservations.links.booking_links import just_renewed, send_new_link
from reservations.models import Booking
from reservations.one_booking import about_one_booking
from reservations.refusals.booking_links import WrongLink

MOST_DIGITS = 6
OVER_PAGE = "reservations/link_over.html"


@require_safe
def booking_by_link(request: HttpRequest, reference: str, secret: str) -> HttpResponse:
    """The link of the mail: this browser may see the booking from now on, at the clean address.

    With `?to=receipt` or `?to=credit-note-2` it goes on to that paper. Right links are never limited, wrong ones are.
    """
    found = _booking_of(reference, secret)
    if found is None and (renewed := just_renewed(reference=reference, holder=holder_of(request))):
        return _link_is_sent(request, renewed, status=410)
    if found is None:
        raise WrongLink
    # A link whose time is over grants access as well: it shows nothing, but lets this browser ask for a new link, also
    # twice if an answer is lost.
    admit(booking=found, holder=ensure_holder(request))
    if not Booking.objects.link_works().filter(pk=found.pk).exists():
        return remember_holder(request, link_over(request, reference, secret=secret))
    return remember_holder(request, redirect(_address_in_link(request.GET.get("to", ""), reference)))


def _booking_of(reference: str, secret: str) -> Booking | None:
    found = Booking.objects.filter(sale__reference=reference.upper()).first()
    return found if is_secret_of(found, secret) else None


def _address_in_link(to: str, reference: str) -> str:
    """The address of the paper that a link names, else of the sale's page."""
    position = to.removeprefix("credit-note-")
    if to == "receipt":
        return reverse("receipt", args=[reference])
    if position != to and position.isdecimal() and len(position) < 4:
        return reverse("credit_note", args=[reference, int(position)])
    return reverse("booking", args=[reference])


def opened_by_old_link(request: HttpRequest, reference: str) -> bool:
    """Whether this browser opened the booking by a link whose time is over, and may see it in no other way."""
    opened = bookings_ever_opened(request).filter(sale__reference=reference)
    return opened.exists() and not bookings_of(request).filter(sale__reference=reference).exists()


def link_over(request: HttpRequest, reference: str, *, secret: str = "") -> HttpResponse:
    context = {"reference": reference.upper(), "secret": secret, "days": settings.BOOKING_LINK_DAYS}
    return render(request, OVER_PAGE, context, status=410)


@require_POST
def renew_link(request: HttpRequest, reference: str) -> HttpResponse:
    """Mail a new link to the booking's address; the old one and its visitors lose access."""
    found, secret = _renewable(request, reference), request.POST.get("secret", "")
    if found is None and (renewed := just_renewed(reference=reference, holder=holder_of(request))):
        return _sent(request, renewed)  # requested by this browser already; the answer was lost
    if found is None and secret:
        found = _booking_of(reference, secret)
    if found is None:
        count_wrong_link(request)
        raise WrongLink
    send_new_link(booking_id=found.pk, before=_number(request, "before"))
    return _sent(request, found)


def _number(request: HttpRequest, name: str) -> int | None:
    """Return the count that the form carries; None when it has none."""
    posted = request.POST.get(name, "")
    return int(posted) if posted.isascii() and posted.isdigit() and len(posted) <= MOST_DIGITS else None


def _renewable(request: HttpRequest, reference: str) -> Booking | None:
    """Find a booking this browser or account may see, or saw until its link ended."""
    known = bookings_of(request).filter(sale__reference=reference).first()
    return known or bookings_ever_opened(request).filter(sale__reference=reference).first()


def _sent(request: HttpRequest, found: Booking) -> HttpResponse:
    """Stay on the page if the visitor may still see the booking; else say that a mail is coming."""
    if bookings_of(request).filter(pk=found.pk).exists():
        messages.success(request, gettext("We have sent you a new link. The old one no longer works."))
        return redirect("booking", found.reference)
    return _link_is_sent(request, found)


def _link_is_sent(request: HttpRequest, found: Booking, *, status: int = 200) -> HttpResponse:
    return render(request, OVER_PAGE, {"reference": found.reference, "is_sent": True}, status=status)


@require_POST
@about_one_booking
def send_tickets_again(request: HttpRequest, found: Booking) -> HttpResponse:
    """Mail the tickets again to the booking's address; from one page, one mail. Raises a Refusal."""
    before = _number(request, "before")
    resend_confirmation(
        booking_id=found.pk,
        before=resent_before(found.pk) if before is None else before,
        reason="Asked for by the customer",
        actor="customer",
    )
    messages.success(request, gettext("We have sent your tickets again. Please look into your spam folder too."))
    return redirect(found)
