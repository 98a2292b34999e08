"""Pay, the return from the provider, changing seats, and the provider's own door."""

from typing import Any

import structlog
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.selectors import address_to_suggest
from core.addresses import client_address
from core.middleware import pay_form_policy
from core.refusal_pages import answers_refusals, refuse, with_retry_after
from core.refusals import BadChoice, Refusal, WayOn
from payments.forms import chosen_types, clean_email, clean_total, promo_to_use, typed_promo
from payments.models import Payment
from payments.providers import errors
from payments.providers.call_rules import page_budget
from payments.providers.registry import online_provider
from payments.selectors import held_quote, pending_of
from payments.services import session_closing
from payments.services.checkout import Destination, continue_paying, pay
from payments.services.settlement import settle
from payments.states import OPEN_PAYMENTS
from reservations.access import bookings_of, holder_of, user_id_of
from reservations.models import Booking
from reservations.refusals import NotOnSale, PromoRefused, SeatGone, ShowtimeCanceled
from reservations.seats.map_reads import OwnSeats, own_seats
from reservations.seats.order_panel import make_panel
from reservations.seats.showtime_frame import frame_of
from reservations.seats.taking import Browser, extend_hold, take_seats
from reservations.selectors.bookings import TypedCheckout, typed_before
from reservations.services.bookings import PayForm
from reservations.services.payment_doubts import note_doubt
from reservations.services.promo_codes import Customer, try_promotion
from reservations.services.quotes import Quote
from reservations.services.ticket_limits import Person, limit_in_words
from theaters.models import Showtime
from theaters.services.cancel_tiers import terms_in_words
from theaters.states import ShowtimeStatus

logger = structlog.get_logger(__name__)
PAGE = "payments/checkout.html"
# What a person types or chooses here, besides a ticket type per seat: kept when the time runs out.
TYPED_ONCE = {"email", "promo"}


def page(request: HttpRequest, showtime_id: int, *, refusal: Refusal | None = None) -> HttpResponseBase:
    """The checkout, with what was typed; what ends the sale has a page of its own."""
    showtime = _showtime(showtime_id)
    if refusal is not None and refusal.is_final:
        return refuse(request, _with_way_on(refusal, showtime))
    own = own_seats(showtime_id=showtime.pk, holder=holder_of(request))
    if not own.is_holding and not own.is_paying and not own.retake:
        sentence = refusal.sentence if refusal and not refusal.field else gettext("Please choose your seats first.")
        messages.info(request, sentence)
        return _leave_for(request, reverse("seat_map", args=[showtime.pk]))
    if own.is_paying and request.htmx:  # type: ignore[attr-defined]
        # Begun in another tab: the page of a booking that waits has nothing to fill in.
        return _leave_for(request, request.path)
    if not own.is_paying and not _is_on_sale(showtime):
        ended = ShowtimeCanceled() if showtime.status == ShowtimeStatus.CANCELED else NotOnSale()
        return refuse(request, _with_way_on(ended, showtime))
    context = _context(request, showtime, own, {refusal.field or "form": refusal.sentence} if refusal else {})
    template = f"{PAGE}#checkout" if request.htmx else PAGE  # type: ignore[attr-defined]
    retry_after = context.get("retry_after")
    response = render(request, template, context, status=429 if retry_after else 200)
    return pay_form_policy(with_retry_after(response, retry_after), origin=online_provider().page_origin)


def _is_on_sale(showtime: Showtime) -> bool:
    return showtime.status != ShowtimeStatus.CANCELED and showtime.sales_close_at > timezone.now()


def _with_way_on(refusal: Refusal, showtime: Showtime) -> Refusal:
    if refusal.way_on is None:
        refusal.sentence = f"{refusal.sentence} {gettext('Nothing was charged.')}"
        refusal.way_on = WayOn(
            gettext("Other showtimes of %(title)s") % {"title": showtime.movie.title},
            url=showtime.movie.get_absolute_url(),
        )
    return refusal


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


def _to_the_map(request: HttpRequest, showtime_id: int, *, refusal: Refusal) -> HttpResponseBase:
    messages.error(request, refusal.sentence)
    return _leave_for(request, reverse("seat_map", args=[showtime_id]))


@answers_refusals(_to_the_map, kinds=SeatGone)
def _retake(request: HttpRequest, showtime_id: int) -> HttpResponseBase:
    """The seats of a hold that ran out; then the same page again, with what was typed."""
    take_seats(showtime_id=showtime_id, browser=_browser(request), labels=request.POST.getlist("take"))
    return page(request, showtime_id)


def _leave_for(request: HttpRequest, url: str) -> HttpResponseBase:
    """To another page, also when htmx asked for a part of this one."""
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)  # type: ignore[attr-defined]


def _showtime(showtime_id: int) -> Showtime:
    showtime = (
        Showtime.objects.with_names()
        .with_age_rule()
        .filter(pk=showtime_id)
        .exclude(status=ShowtimeStatus.DRAFT)
        .first()
    )
    if showtime is None:
        raise Http404("There is no showtime at this address.")
    return showtime


def _pay(request: HttpRequest, showtime_id: int) -> HttpResponseBase:
    with page_budget():
        response = redirect(_destination(request, showtime_id).url)
    # See Other: whatever the browser does next, it is a GET.
    response.status_code = 303
    return response


def _destination(request: HttpRequest, showtime_id: int) -> Destination:
    browser = _browser(request)
    if "total" not in request.POST:
        # The page of a booking that waits has nothing to fill in.
        pending = Booking.objects.awaiting_money().filter(showtime_id=showtime_id, holder=browser.holder).first()
        if pending is not None:
            return continue_paying(booking_id=pending.pk, address=browser.address)
    return pay(showtime_id=showtime_id, browser=browser, form=_pay_form(request))


def _pay_form(request: HttpRequest) -> PayForm:
    return PayForm(
        email=clean_email(request.POST),
        choices=chosen_types(request.POST),
        expected_total=clean_total(request.POST),
        user_id=user_id_of(request),
        promo_code=promo_to_use(request),
        showing=request.POST.get("showing", ""),
    )


def _browser(request: HttpRequest) -> Browser:
    return Browser(holder=holder_of(request), address=client_address(request))


def _context(request: HttpRequest, showtime: Showtime, own: OwnSeats, errors: dict[str, str]) -> dict[str, Any]:
    theater = showtime.auditorium.theater
    frame = frame_of(showtime, now=timezone.now())
    prepared = frame.map_for(own)
    before = _typed_before(request, showtime, own)
    context: dict[str, Any] = {
        "showtime": frame.facts,
        "panel": make_panel(showtime_id=showtime.pk, currency=theater.currency, own=own, prepared=prepared),
        "terms": terms_in_words(theater),
        "errors": errors,
        "email": request.POST.get("email", "") or before.email or address_to_suggest(request.user),
        "promo": typed_promo(request) or before.promo_code,
        "pending": None,
        "payment_page_of": online_provider().display_name,
    }
    if own.booking_id is not None:
        context["pending"] = pending_of(Booking.objects.get(pk=own.booking_id))
        return context
    if not own.is_holding:
        context["lapsed"] = own.retake
        context["typed"] = [
            (name, value) for name, value in request.POST.items() if name in TYPED_ONCE or name.startswith("type-")
        ]
        return context
    context["ticket_limit"] = limit_in_words(
        showtime_id=showtime.pk,
        person=Person(Customer(email=context["email"], user_id=user_id_of(request)), holder_of(request)),
        wanted=len(own.labels),
        has=own.bought,
    )
    try:
        context["quote"] = _quote(request, showtime, own, context)
    except BadChoice as choice:
        errors["types"] = choice.sentence
        context["refused_seat"] = choice.field.removeprefix("type-") if choice.field.startswith("type-") else ""
        context["quote"] = held_quote(showtime=showtime, own=own, choices={})
    return context


def _typed_before(request: HttpRequest, showtime: Showtime, own: OwnSeats) -> TypedCheckout:
    """What a customer who changed seats had typed before; what the form has now goes first."""
    if request.method != "GET" or not own.is_holding or own.started_at is None:
        return TypedCheckout()
    return typed_before(showtime_id=showtime.pk, holder=holder_of(request), started_at=own.started_at)


def _quote(request: HttpRequest, showtime: Showtime, own: OwnSeats, context: dict[str, Any]) -> Quote:
    """With the promo code of the form if it counts here; else without it, and beside its field the page says why."""
    choices, errors = chosen_types(request.POST), context["errors"]
    if context["promo"] and "promo" not in errors:
        try:
            promotion = try_promotion(
                code=context["promo"],
                showtime=showtime,
                customer=Customer(email=context["email"], user_id=user_id_of(request)),
                browser=_browser(request),
                now=timezone.now(),
            )
            return held_quote(showtime=showtime, own=own, choices=choices, promotion=promotion)
        except PromoRefused as refusal:
            errors["promo"] = refusal.sentence
            context["retry_after"] = refusal.retry_after
    return held_quote(showtime=showtime, own=own, choices=choices)


@require_POST
def change_seats(request: HttpRequest, reference: str) -> HttpResponse:
    booking = _own_booking(request, reference)
    with page_budget():
        closing = session_closing.change_seats(booking_id=booking.pk, actor="customer")
    if closing == session_closing.Closing.PAID:
        return redirect("booking", booking.reference)
    if closing == session_closing.Closing.UNKNOWN:
        messages.error(
            request, "Our payment partner does not answer right now. Your seats are safe; please try again in a moment."
        )
        return redirect("booking", booking.reference)
    return redirect("seat_map", booking.showtime_id)


@require_safe
def payment_return(request: HttpRequest, reference: str) -> HttpResponse:
    """Back from the provider: the address proves nothing, so the provider is asked; then the booking's page tells."""
    booking = _own_booking(request, reference)
    for payment in Payment.objects.filter(booking=booking, status__in=OPEN_PAYMENTS):
        try:
            with page_budget():
                settle(payment_id=payment.pk, actor="customer")
        except errors.ProviderError as error:
            logger.warning("return_without_answer", payment=payment.pk, error=str(error))
            note_doubt(booking_id=booking.pk)
    return redirect("booking", booking.reference)


def _own_booking(request: HttpRequest, reference: str) -> Booking:
    return get_object_or_404(bookings_of(request), reference=reference)
