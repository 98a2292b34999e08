"""Exchange of a customer's tickets for another showtime at the counter.

First the tickets and the showtime, then seats on the counter's map, then the difference: nothing is exchanged before.
"""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from boxoffice.forms.counter import clean_tendered
from boxoffice.selectors.cash_suggestions import likely_cash
from boxoffice.staff_pages import staff_page
from boxoffice.views import counter_overrides
from boxoffice.views.counter import EXCHANGE, SELL, frame, remember, seller_of
from boxoffice.views.counter_choice import about_one_booking_at_counter
from boxoffice.views.counter_money import WAYS
from core.clock import in_zone
from core.money import decimals, format_money, rounded
from core.refusals import Refusal
from core.web.posted_numbers import posted_number
from core.web.refusal_pages import answers_refusals
from payments.models import Refund
from payments.refunds.counter_exchanges import ExchangeOrder, exchange_at_counter
from payments.states import COUNTER_METHODS, RefundStatus
from reservations.aftersale.exchange_choices import choice_of, stop_choosing
from reservations.counter.exchanges import CounterExchangePlan, begin_at_counter, try_at_counter
from reservations.letters.papers import credit_note_of, exchange_receipt_of
from reservations.models import Booking, Exchange
from reservations.selectors.exchange_terms import terms_against_exchange, why_never_exchange
from reservations.selectors.exchanges import exchange_lines, last_exchange_of, showtimes_at_counter
from staff.access import may
from staff.acting import acting_in
from staff.reauth import require_fresh_sign_in
from theaters.cash_rounding import rounding_of_payment

GIVE_BACK, PAY_OUT = "payments.refund_payment", "payments.pay_out"
MOST_REASON = 200


@about_one_booking_at_counter(SELL)
def exchange_page(request: HttpRequest, booking: Booking, *, refusal: Refusal | None = None) -> HttpResponse:
    """Choose tickets and a showtime; once that is done, what the held seats cost more or less."""
    choice = choice_of(booking_id=booking.pk, holder=seller_of(request).holder)
    context: dict[str, Any] = {"booking": booking, "refusal": refusal, "choice": choice, "typed": request.POST}
    context["own_address"] = booking.address_for_forms
    if choice is None:
        context |= _to_choose(request, booking)
    else:
        context |= _chosen(request, booking, choice, refusal)
    theater = booking.showtime.auditorium.theater
    return render(request, "boxoffice/counter/exchange.html", frame(request, theater) | context)


@staff_page(SELL)
@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals(exchange_page)
@about_one_booking_at_counter(SELL)
def exchange(request: HttpRequest, booking: Booking) -> HttpResponseBase:
    if not may(acting_in(request), EXCHANGE, booking.sale.theater_id):
        raise PermissionDenied
    act = ACTS.get(request.POST.get("action", "")) if request.method == "POST" else None
    if act not in (_begin, _stop):
        # Choosing other seats takes no money. An account is asked already when it opens the page.
        require_fresh_sign_in(request)
    return act(request, booking) if act else exchange_page(request, booking.reference)


def _to_choose(request: HttpRequest, booking: Booking) -> dict[str, Any]:
    now = timezone.now()
    if why_not := why_never_exchange(booking, now=now):
        return {"why_not": why_not}
    zone = booking.showtime.auditorium.theater.zone
    labels = request.POST.getlist("ticket") if request.method == "POST" else None
    return {
        "terms": terms_against_exchange(booking, now=now),
        "lines": exchange_lines(booking, labels),
        "showtimes": [
            {"id": one.pk, "title": one.shown_title, "at": in_zone(one.starts_at, zone), "auditorium": one.auditorium}
            for one in showtimes_at_counter(booking, now=now)
        ],
    }


def _chosen(request: HttpRequest, booking: Booking, choice: Exchange, refusal: Refusal | None) -> dict[str, Any]:
    """What the seats that the seller holds cost more or less; while the exchange is impossible, why."""
    allow = counter_overrides.allowed_at(request, choice.showtime).overrides
    tried = try_at_counter(booking, choice, seller=seller_of(request), allow=allow, now=timezone.now())
    zone = booking.showtime.auditorium.theater.zone
    context: dict[str, Any] = {
        "refusal": refusal or tried.objection,
        "new_title": choice.showtime.shown_title,
        "new_at": in_zone(choice.showtime.starts_at, zone),
    }
    return context | (_difference(request, booking, tried.plan) if tried.plan else {})


def _difference(request: HttpRequest, booking: Booking, shown: CounterExchangePlan) -> dict[str, Any]:
    theater, currency, to_pay = booking.sale.theater, booking.currency, shown.plan.to_pay
    rounding = rounding_of_payment(to_pay, country=theater.country, currency=currency)
    in_cash = rounded(to_pay + rounding, currency)
    return {
        "shown": shown,
        "currency": currency,
        "in_cash": in_cash,
        "cash_rounding": rounding,
        "likely_cash": likely_cash(in_cash, currency),
        "zero": format_money(Decimal(0), currency),
        "places": decimals(currency),
        "may_not": shown.gives_back_against_terms and shown.plan.back > _may_give_back(request, booking),
    }


def _may_give_back(request: HttpRequest, booking: Booking) -> Decimal:
    """What this person may give back against the terms: as for refunds by one person, up to the theater's limit."""
    theater = booking.sale.theater
    return theater.refund_limit if may(acting_in(request), GIVE_BACK, theater) else Decimal(0)


def _begin(request: HttpRequest, booking: Booking) -> HttpResponse:
    begun = begin_at_counter(
        booking=booking,
        seller=seller_of(request),
        labels=request.POST.getlist("ticket"),
        showtime_id=posted_number(request.POST.get("new_showtime", "")) or 0,
        now=timezone.now(),
    )
    url = booking.address_of("counter_exchange")
    remember(request, exchange={"showtime": begun.showtime_id, "reference": booking.reference, "url": url})
    number = len(begun.ticket_ids)
    messages.info(
        request, gettext("Take exactly %(number)s here, then press “See the difference”.") % {"number": number}
    )
    return redirect("counter_map", begun.showtime_id)


def _stop(request: HttpRequest, booking: Booking) -> HttpResponse:
    seller = seller_of(request)
    if choice := choice_of(booking_id=booking.pk, holder=seller.holder):
        stop_choosing(exchange=choice, browser=seller.browser)
        remember(request, exchange={})
    return _late(request, booking)


def _late(request: HttpRequest, booking: Booking) -> HttpResponse:
    """Say what became of the exchange of a form that comes twice, or from a page that is still open in another tab."""
    if done := last_exchange_of(booking_id=booking.pk, holder=seller_of(request).holder):
        return _done(request, booking, done, again=True)
    messages.info(request, gettext("Nothing was exchanged. The tickets are as they were."))
    return redirect(booking.address_of("counter_sale"))


def _agree(request: HttpRequest, booking: Booking) -> HttpResponse:
    """Exchange, number its papers, and lead to the money that has to be handed out. Raises a Refusal."""
    seller, choice = seller_of(request), choice_of(booking_id=booking.pk, holder=seller_of(request).holder)
    if choice is None:
        return _late(request, booking)
    tendered = request.POST.get("cash") or request.POST.get("tendered", "").strip()
    order = ExchangeOrder(
        mark=request.POST.get("mark", ""),
        method=WAYS.get("cash" if "cash" in request.POST else request.POST.get("method", "")),
        tendered=clean_tendered(tendered, booking.currency),
        reason=request.POST.get("reason", "").strip()[:MOST_REASON],
        allow=counter_overrides.allowed_at(request, choice.showtime).overrides,
        may_give_back=_may_give_back(request, booking),
    )
    done = exchange_at_counter(exchange_id=choice.pk, seller=seller, order=order, now=timezone.now())
    remember(request, exchange={})
    return _done(request, booking, done)


def _done(request: HttpRequest, booking: Booking, done: Exchange, *, again: bool = False) -> HttpResponse:
    exchange_receipt_of(exchange=done)
    assert done.cancellation_id is not None, "the exchange is done"
    credit_note_of(cancellation_id=done.cancellation_id)
    before = [gettext("This exchange was done before, and nothing was done twice.")] if again else []
    messages.success(request, " ".join([*before, *_said(done, booking)]))
    waits = Refund.objects.filter(
        payment__sale=booking.sale_id, method__in=COUNTER_METHODS, status=RefundStatus.REQUESTED
    ).last()
    if waits and may(acting_in(request), PAY_OUT, booking.sale.theater):
        return redirect("counter_pay_out", waits.pk)
    new = done.made_booking or Booking.objects.get(sale=booking.sale_id, showtime=done.showtime_id)
    remember(request, sold=new.reference)
    return redirect(new.address_of("counter_sale"))


def _said(done: Exchange, booking: Booking) -> list[str]:
    told = [gettext("Exchanged. The old tickets no longer work at the door.")]
    payment = done.payments.first()
    if payment and payment.change:
        change = format_money(payment.change, booking.currency)
        told.append(gettext("Change: %(amount)s.") % {"amount": change})
    owed = Refund.objects.filter(payment__sale=booking.sale_id, status=RefundStatus.REQUESTED).last()
    if owed:
        amount = {"amount": format_money(owed.amount, booking.currency)}
        to_card = gettext("%(amount)s goes back to the card that paid.")
        by_hand = gettext("%(amount)s waits under “Pay out”.")
        told.append((to_card if owed.is_online else by_hand) % amount)
    return told


ACTS = {"begin": _begin, "stop": _stop, "agree": _agree}
