"""The checkout with Pay, the return from the provider, and changing seats."""

import structlog
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.selectors import address_to_suggest, needs_in_browser_alone, needs_of
from accounts.states import Need
from core.limits.addresses import client_address
from core.refusals import Refusal
from core.web.middleware import pay_form_policy
from core.web.refusal_pages import answers_refusals, with_retry_after
from payments.checkout_page import CheckoutPage, CheckoutVisitor, read_checkout_page
from payments.forms import sent_form
from payments.models import Payment
from payments.providers import errors
from payments.providers.call_rules import page_budget
from payments.providers.registry import online_provider
from payments.sessions import session_closing
from payments.sessions.checkout import Destination, continue_paying, pay
from payments.sessions.settlement import settle
from payments.states import OPEN_PAYMENTS
from reservations.access import bookings_of, holder_of, user_id_of
from reservations.aftersale.exchange_choices import EXCHANGING, choice_for
from reservations.groups.group_payments import GroupSeatsGone, retake_seats
from reservations.models import Booking
from reservations.one_booking import asked_for
from reservations.refusals.seats import SeatGone
from reservations.seats.group_of_hold import page_of_seats
from reservations.seats.taking import Browser, extend_hold
from reservations.selling.payment_doubts import note_doubt
from reservations.states import BookingStatus

logger = structlog.get_logger(__name__)
PAGE = "payments/checkout.html"
PAID_BEFORE = (BookingStatus.CONFIRMED, BookingStatus.CANCELED)


def page(request: HttpRequest, showtime_id: int, *, refusal: Refusal | None = None) -> HttpResponseBase:
    """The checkout with the typed fields; a refusal that ends the sale has a page of its own."""
    is_exchanging = EXCHANGING in request.COOKIES
    if is_exchanging and (choice := choice_for(showtime_id=showtime_id, holder=holder_of(request))):
        return _leave_for(request, choice.booking.address_of("exchange"))
    checkout_page = read_checkout_page(
        showtime_id=showtime_id, visitor=_visitor(request), form=sent_form(request), refusal=refusal, now=timezone.now()
    )
    if not checkout_page.has_seats:
        sentence = refusal.sentence if refusal and not refusal.field else gettext("Please choose your tickets first.")
        messages.info(request, sentence)
        return _leave_for(request, reverse("seat_map", args=[showtime_id]))
    if checkout_page.leaves_single_seats:
        messages.warning(request, checkout_page.leaves_single_seats)
        return _leave_for(request, reverse("seat_map", args=[showtime_id]))
    if checkout_page.is_paying and request.htmx:  # type: ignore[attr-defined]
        return _leave_for(request, request.path)  # begun in another tab
    return _drawn(request, checkout_page)


def _drawn(request: HttpRequest, checkout_page: CheckoutPage) -> HttpResponse:
    template = f"{PAGE}#checkout" if request.htmx else PAGE  # type: ignore[attr-defined]
    response = render(request, template, checkout_page.context, status=checkout_page.status)
    response = with_retry_after(response, checkout_page.retry_after)
    return pay_form_policy(response, origin=online_provider().page_origin)


@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals(page)
def checkout(request: HttpRequest, showtime_id: int) -> HttpResponseBase:
    action = request.POST.get("action") if request.method == "POST" else None
    if action == "pay":
        return _pay(request, showtime_id)
    if action == "extend":
        extend_hold(showtime_id=showtime_id, browser=_browser(request))
    if action == "retake":
        return _retake(request, showtime_id)
    return page(request, showtime_id)


def _to_the_seats(request: HttpRequest, showtime_id: int, *, refusal: Refusal) -> HttpResponseBase:
    messages.error(request, refusal.sentence)
    return _leave_for(request, page_of_seats(showtime_id=showtime_id, holder=holder_of(request)))


@answers_refusals(_to_the_seats, kinds=GroupSeatsGone)
@answers_refusals(_to_the_seats, kinds=SeatGone)
def _retake(request: HttpRequest, showtime_id: int) -> HttpResponseBase:
    """Take the seats of a hold that ran out again, those of a group by its link, and show the page with what was typed."""
    retake_seats(showtime_id=showtime_id, browser=_browser(request), labels=request.POST.getlist("take"))
    return page(request, showtime_id)


def _leave_for(request: HttpRequest, url: str) -> HttpResponseBase:
    """Send the browser to another page, also when htmx asked for only a part of this one."""
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)  # type: ignore[attr-defined]


def _pay(request: HttpRequest, showtime_id: int) -> HttpResponseBase:
    with page_budget():
        response = redirect(_destination(request, showtime_id).url)
    # See Other, so that the browser follows with GET.
    response.status_code = 303
    return response


def _destination(request: HttpRequest, showtime_id: int) -> Destination:
    browser, form = _browser(request), sent_form(request)
    if form.is_of_pending_booking:
        pending = Booking.objects.awaiting_money().filter(showtime_id=showtime_id, holder=browser.holder).first()
        if pending is not None:
            return continue_paying(booking_id=pending.pk, address=browser.address)
    return pay(showtime_id=showtime_id, browser=browser, form=form.to_pay(user_id=user_id_of(request)))


def _browser(request: HttpRequest) -> Browser:
    return Browser(holder=holder_of(request), address=client_address(request))


def _visitor(request: HttpRequest) -> CheckoutVisitor:
    return CheckoutVisitor(
        _browser(request),
        user_id_of(request),
        suggested_email=address_to_suggest(request.user),
        brings_assistant=Need.ASSISTANT in needs_of(request),
        needs=tuple(needs_in_browser_alone(request)),
    )


@require_POST
def change_seats(request: HttpRequest, reference: str) -> HttpResponse:
    booking = _own_booking(request, reference)
    with page_budget():
        closing = session_closing.change_seats(booking_id=booking.pk, actor="customer")
    status = Booking.objects.values_list("status", flat=True).get(pk=booking.pk)
    if closing == session_closing.Closing.PAID or status in PAID_BEFORE:
        messages.info(request, gettext("This booking is paid for already, so its tickets are not changed here."))
        return redirect("booking", booking.reference)
    if closing == session_closing.Closing.UNKNOWN:
        messages.error(request, str(session_closing.NO_ANSWER))
        return redirect("booking", booking.reference)
    return redirect("seat_map", booking.showtime_id)


@require_safe
def payment_return(request: HttpRequest, reference: str) -> HttpResponse:
    """The return from the provider: the address proves nothing, so the provider is asked; then redirect to the
    booking's page.
    """
    booking = _own_booking(request, reference)
    for payment in Payment.objects.filter(sale=booking.sale_id, status__in=OPEN_PAYMENTS):
        try:
            with page_budget():
                settle(payment_id=payment.pk, actor="customer")
        except errors.ProviderError as error:
            logger.warning("return_without_answer", payment=payment.pk, error=str(error))
            note_doubt(sale_id=booking.sale_id)
    return redirect("booking", booking.reference)


def _own_booking(request: HttpRequest, reference: str) -> Booking:
    """Any booking of the sale, which is paid as a whole; the one that the address names where it does. Raises Http404."""
    return asked_for(request, bookings_of(request).filter(sale__reference=reference))[0]
