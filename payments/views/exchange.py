"""The pages of an exchange: choose tickets and a showtime, then seats on the map, then agree to exactly what is shown."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from core.limits.addresses import client_address
from core.refusals import Refusal
from core.web.middleware import pay_form_policy
from core.web.refusal_pages import answers_refusals
from payments.providers.call_rules import page_budget
from payments.providers.registry import online_provider
from payments.refunds.exchanges import AgreedExchange, agree_to_exchange, continue_exchange, stop_exchange
from payments.sessions.session_closing import NO_ANSWER, Closing
from payments.views.cancellation import chosen_seats
from reservations.access import ensure_holder, holder_of, remember_holder, user_id_of
from reservations.aftersale.exchange_choices import (
    CHOICE_SECONDS,
    EXCHANGING,
    begin_exchange,
    choice_of,
    stop_choosing,
)
from reservations.aftersale.exchange_plans import try_plan
from reservations.groups.group_payments import retake_seats
from reservations.links.mailbox_codes import BookingVisitor, is_trusted, prove, send_code, waits_for_code
from reservations.models import Booking, Exchange
from reservations.one_booking import about_one_booking
from reservations.seats.countdown import countdown_to, time_context
from reservations.seats.map_reads import own_seats
from reservations.seats.taking import Browser, extend_hold
from reservations.selectors.exchanges import exchange_being_paid, exchange_offer, last_exchange_of
from reservations.states import ExchangeStatus
from theaters.selectors import showtime_facts

PAGE = "payments/exchange.html"
SEE_OTHER = 303


@about_one_booking
def page(request: HttpRequest, booking: Booking, *, refusal: Refusal | None = None) -> HttpResponse:
    now, visitor = timezone.now(), _visitor(request)
    paying, choice = exchange_being_paid(booking), choice_of(booking_id=booking.pk, holder=visitor.holder)
    context: dict[str, Any] = {
        "booking_url": booking.get_absolute_url(),
        "reference": booking.reference,
        "own_address": booking.address_for_forms,
        "currency": booking.currency,
        "refusal": refusal,
        "showtime": showtime_facts(booking.showtime, now=now),
        "paying": paying,
    }
    if paying is not None:
        context["countdown"] = countdown_to(paying.payable_until, seconds=settings.CHECKOUT_SECONDS, now=now)
    if paying is None and choice is not None:
        context |= _chosen(request, booking, choice, refusal)
    elif paying is None:
        context |= _to_choose(request, booking, visitor)
    response = render(request, PAGE, context)
    return pay_form_policy(response, origin=online_provider().page_origin)


def _chosen(request: HttpRequest, booking: Booking, choice: Exchange, refusal: Refusal | None) -> dict[str, Any]:
    """Preview the exchange; while it is impossible, return the sentence that says why."""
    now = timezone.now()
    tried = try_plan(booking, choice, holder=holder_of(request), now=now)
    time = time_context(own_seats(showtime_id=choice.showtime_id, holder=holder_of(request)))
    return {
        **time,
        "choice": choice,
        "new_showtime": showtime_facts(choice.showtime, now=now),
        "plan": tried.plan,
        "refusal": refusal or tried.objection or time["refusal"],
    }


def _to_choose(request: HttpRequest, booking: Booking, visitor: BookingVisitor) -> dict[str, Any]:
    trusted = is_trusted(booking, visitor)
    return {
        "offer": exchange_offer(booking, labels=chosen_seats(request.POST), now=timezone.now()),
        "typed": request.POST,
        "email": booking.email,
        "is_trusted": trusted,
        "waits_for_code": not trusted and waits_for_code(booking, visitor),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals(page)
@about_one_booking
def exchange(request: HttpRequest, booking: Booking) -> HttpResponseBase:
    act = ACTS.get(request.POST.get("action", "")) if request.method == "POST" else None
    return act(request, booking) if act else page(request, booking.reference)


def _begin(request: HttpRequest, booking: Booking) -> HttpResponseBase:
    visitor = BookingVisitor(holder=ensure_holder(request), user_id=user_id_of(request))
    if not is_trusted(booking, visitor):
        prove(booking, visitor, code=request.POST.get("code", ""))
    begun = begin_exchange(
        booking=booking,
        holder=visitor.holder,
        labels=chosen_seats(request.POST) or [],
        showtime_id=_showtime_id(request),
        now=timezone.now(),
    )
    count = len(begun.ticket_ids)
    sentence = ngettext(
        "Choose %(count)s new ticket, then press Continue. You see the difference before anything is exchanged.",
        "Choose %(count)s new tickets, then press Continue. You see the difference before anything is exchanged.",
        count,
    )
    messages.info(request, sentence % {"count": count})
    response = redirect("seat_map", begun.showtime_id)
    response.set_cookie(
        EXCHANGING, "1", max_age=CHOICE_SECONDS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return remember_holder(request, response)


def _showtime_id(request: HttpRequest) -> int:
    try:
        return int(request.POST.get("new_showtime", ""))
    except ValueError:
        return 0


def _send_code(request: HttpRequest, booking: Booking) -> HttpResponseBase:
    visitor = _visitor(request)
    if not is_trusted(booking, visitor):
        send_code(booking, visitor)
    return page(request, booking.reference)


def _agree(request: HttpRequest, booking: Booking) -> HttpResponseBase:
    choice = choice_of(booking_id=booking.pk, holder=holder_of(request))
    if choice is None:
        return _continue(request, booking)
    browser = Browser(holder=holder_of(request), address=client_address(request))
    with page_budget():
        agreed = agree_to_exchange(
            exchange_id=choice.pk, browser=browser, mark=request.POST.get("mark", ""), now=timezone.now()
        )
    return _on_to(agreed, booking)


def _late(request: HttpRequest, booking: Booking) -> HttpResponseBase:
    """Say what became of the exchange of a form that comes twice, or from a page that is still open in another tab."""
    return _said(request, booking, last_exchange_of(booking_id=booking.pk, holder=holder_of(request)))


def _said(request: HttpRequest, booking: Booking, done: Exchange | None) -> HttpResponse:
    if done is None:
        messages.info(request, gettext("This exchange has ended, and nothing was exchanged."))
        return redirect(booking)
    messages.info(request, gettext("The exchange is done: these are your tickets now."))
    return redirect(done.made_booking or booking)


def _continue(request: HttpRequest, booking: Booking) -> HttpResponseBase:
    paying = exchange_being_paid(booking)
    if paying is None:
        return _late(request, booking)
    with page_budget():
        return _on_to(continue_exchange(exchange_id=paying.pk, address=client_address(request)), booking)


def _on_to(agreed: AgreedExchange, booking: Booking) -> HttpResponseBase:
    response = redirect(agreed.url or booking)
    response.status_code = SEE_OTHER
    return response


def _extend(request: HttpRequest, booking: Booking) -> HttpResponseBase:
    """Give more time for the new seats, once."""
    choice = choice_of(booking_id=booking.pk, holder=holder_of(request))
    if choice is None:
        return _begun_no_more(request, booking)
    extend_hold(showtime_id=choice.showtime_id, browser=Browser(choice.holder, client_address(request)))
    return page(request, booking.reference)


def _retake(request: HttpRequest, booking: Booking) -> HttpResponseBase:
    """Take the new seats again after their time ran out."""
    choice = choice_of(booking_id=booking.pk, holder=holder_of(request))
    if choice is None:
        return _begun_no_more(request, booking)
    browser = Browser(choice.holder, client_address(request))
    retake_seats(showtime_id=choice.showtime_id, browser=browser, labels=request.POST.getlist("take"))
    return page(request, booking.reference)


def _begun_no_more(request: HttpRequest, booking: Booking) -> HttpResponseBase:
    done = last_exchange_of(booking_id=booking.pk, holder=holder_of(request))
    return _said(request, booking, done) if done else page(request, booking.reference)


def _stop(request: HttpRequest, booking: Booking) -> HttpResponseBase:
    """End the exchange: the old tickets stay and the new seats are free again. A browser that has only the booking's link
    does not stop what another one pays for.
    """
    visitor, paying = _visitor(request), exchange_being_paid(booking)
    if paying is not None:
        return _stop_paying(request, booking, paying)
    if choice := choice_of(booking_id=booking.pk, holder=visitor.holder):
        stop_choosing(exchange=choice, browser=Browser(choice.holder, client_address(request)))
    return _late(request, booking)


def _stop_paying(request: HttpRequest, booking: Booking, paying: Exchange) -> HttpResponse:
    visitor = _visitor(request)
    if paying.holder != visitor.holder and not is_trusted(booking, visitor):
        messages.error(request, gettext("This exchange is being paid for in another browser. It can be stopped there."))
        return redirect(booking)
    with page_budget():
        closing = stop_exchange(exchange_id=paying.pk, actor="customer")
    paying.refresh_from_db(fields=["status", "made_booking"])
    if paying.status == ExchangeStatus.PAYING:
        if closing == Closing.UNKNOWN:
            messages.error(request, str(NO_ANSWER))
        return redirect(booking.address_of("exchange"))
    return _said(request, booking, paying if paying.status == ExchangeStatus.DONE else None)


def _visitor(request: HttpRequest) -> BookingVisitor:
    return BookingVisitor(holder=holder_of(request), user_id=user_id_of(request))


ACTS = {
    "begin": _begin,
    "code": _send_code,
    "agree": _agree,
    "continue": _continue,
    "extend": _extend,
    "retake": _retake,
    "stop": _stop,
}
