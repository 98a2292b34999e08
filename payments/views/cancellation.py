"""The page on which customers cancel tickets: it shows the refund, and then exactly that is refunded, or nothing
happens.
"""

from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from core.money import format_money
from core.refusals import Refusal
from core.web.refusal_pages import answers_refusals
from payments.refunds.cancellation import cancel_as_customer
from reservations.access import holder_of, user_id_of
from reservations.links.mailbox_codes import BookingVisitor, is_trusted, prove, send_code, waits_for_code
from reservations.models import Booking, Cancellation
from reservations.one_booking import about_one_booking
from reservations.selectors.cancellation import cancel_offer
from theaters.seat_labels import LONGEST_LABEL
from theaters.selectors import showtime_facts

PAGE = "payments/cancel.html"
MOST_TICKETS = 50


@about_one_booking
def page(request: HttpRequest, booking: Booking, *, refusal: Refusal | None = None) -> HttpResponse:
    now, visitor = timezone.now(), _visitor(request)
    trusted = is_trusted(booking, visitor)
    context = {
        "offer": cancel_offer(booking, labels=chosen_seats(request.POST), now=now),
        "showtime": showtime_facts(booking.showtime, now=now),
        "email": booking.email,
        "is_trusted": trusted,
        "waits_for_code": not trusted and waits_for_code(booking, visitor),
        "code": request.POST.get("code", "")[:12],
        "refusal": refusal,
    }
    return render(request, f"{PAGE}#form" if request.htmx else PAGE, context)  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals(page)
@about_one_booking
def cancel(request: HttpRequest, booking: Booking) -> HttpResponseBase:
    visitor = _visitor(request)
    action = request.POST.get("action") if request.method == "POST" else ""
    if action == "cancel":
        return _cancel(request, booking, visitor)
    if action == "code" and not is_trusted(booking, visitor):
        send_code(booking, visitor)
    return page(request, booking.reference)


def _visitor(request: HttpRequest) -> BookingVisitor:
    return BookingVisitor(holder=holder_of(request), user_id=user_id_of(request))


def _cancel(request: HttpRequest, booking: Booking, visitor: BookingVisitor) -> HttpResponse:
    if not is_trusted(booking, visitor):
        prove(booking, visitor, code=request.POST.get("code", ""))
    labels, shown = chosen_seats(request.POST) or [], _amount(request.POST)
    done = cancel_as_customer(booking_id=booking.pk, labels=labels, shown=shown, now=timezone.now())
    messages.success(request, canceled_sentence(done, booking))
    response = redirect(booking)
    # See Other, so that the browser follows with GET.
    response.status_code = 303
    return response


def canceled_sentence(done: Cancellation | None, booking: Booking) -> str:
    """Say what was canceled; None when that had been done before."""
    if done is None:
        return gettext("These tickets were canceled before. Nothing was done twice.")
    if not done.refunded:
        return gettext("Your tickets are canceled.")
    if booking.sale.paid_with:
        sentence = gettext("Your tickets are canceled. %(amount)s is ready for you at the counter.")
    else:
        sentence = gettext("Your tickets are canceled. %(amount)s is on its way back to your card.")
    return sentence % {"amount": format_money(done.refunded, done.currency)}


def chosen_seats(posted: QueryDict) -> list[str] | None:
    """Return the seats ticked on the form; None when no form was sent."""
    if "choosing" not in posted:
        return None
    return [label[:LONGEST_LABEL] for label in posted.getlist("ticket")[:MOST_TICKETS]]


def _amount(posted: QueryDict) -> Decimal:
    """Return the amount that the customer was shown; -1, which equals no amount, when it is not a number."""
    try:
        amount = Decimal(posted.get("amount", ""))
    except InvalidOperation:
        return Decimal(-1)
    # A signaling NaN can be compared with nothing.
    return amount if amount.is_finite() else Decimal(-1)
