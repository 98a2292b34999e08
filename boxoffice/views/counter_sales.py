"""The sale at the counter, made once even if pressed twice; its tickets; and earlier sales."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from boxoffice.forms.counter import TypedSale, clean_email, clean_prices, clean_tendered, clean_total, typed
from boxoffice.refusals import MayNotGiveAway, MayNotLowerPrices
from boxoffice.selectors.counter_sales import latest_sales, sale_of, staff_papers
from boxoffice.selectors.voids import voided_sale
from boxoffice.staff_pages import staff_page
from boxoffice.views import counter_overrides
from boxoffice.views.counter import EXCHANGE, SELL, frame, remember, remembered, seller_of, theater_here
from boxoffice.views.counter_choice import about_one_booking_at_counter
from boxoffice.views.counter_showtime import GIVE, desk_with_refusal, show_desk, showtime_at_counter
from core.refusals import BadChoice, Refusal
from core.texts.languages import speaking
from core.web.refusal_pages import answers_refusals
from houses.business_days import business_day
from payments.sessions.counter_sales import CounterSale, sell
from payments.states import PaymentMethod
from reservations.letters.papers import issued_receipt, receipt_of
from reservations.letters.receipt_mails import receipts_mailed
from reservations.models import Booking
from reservations.pdf.papers import printed_words
from reservations.selectors.door_needs import needs_at_counter
from reservations.selectors.notes import notes_of
from reservations.states import TicketStatus
from staff.access import may
from staff.acting import acting_in
from staff.reauth import require_fresh_sign_in
from theaters.models import Showtime
from theaters.seat_labels import only_places

PAPERS = ("roll", "a4")


@staff_page(SELL)
@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals(desk_with_refusal)
def counter_map(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """The map with the sale beside it. A POST without a payment method only updates prices."""
    showtime = showtime_at_counter(request, showtime_id)
    if not {"method", "cash"} & request.POST.keys():
        return show_desk(request, showtime, changed=set() if request.method == "POST" else None)
    sale = _sale(request, showtime)
    sold = sell(showtime_id=showtime.pk, seller=seller_of(request), sale=sale, now=timezone.now())
    counter_overrides.end(request, showtime)
    # The receipt is handed over with the tickets. Its number is taken after the sale has committed, so that no sale
    # waits for it.
    receipt_of(booking_id=sold.booking.pk)
    remember(request, sold=sold.booking.reference)
    response = redirect(sold.booking.address_of("counter_sale"))
    response.status_code = 303
    return response


def _sale(request: HttpRequest, showtime: Showtime) -> CounterSale:
    """Convert the input for the service. Raises a Refusal."""
    entered, allowed = typed(request.POST), counter_overrides.allowed_at(request, showtime)
    currency = showtime.auditorium.theater.currency
    prices = clean_prices(entered.prices, currency)
    if prices and "prices" not in allowed.rules:
        raise MayNotLowerPrices
    order: dict[str, Any] = {
        "choices": entered.choices,
        "email": clean_email(entered.email),
        "promo_code": entered.promo,
        "allow": allowed.with_prices(prices),
    }
    method = request.POST.get("method", "")
    if method == "comp":
        return CounterSale(expected_total=Decimal(0), comp_reason=_gift(request, showtime, entered), **order)
    total = clean_total(request.POST)
    if method == "terminal":
        return CounterSale(expected_total=total, method=PaymentMethod.TERMINAL, **order)
    tendered = clean_tendered(request.POST.get("cash") or entered.tendered, currency)
    return CounterSale(expected_total=total, method=PaymentMethod.CASH, tendered=tendered, **order)


def _gift(request: HttpRequest, showtime: Showtime, entered: TypedSale) -> str:
    """Why tickets are given away. Asks for the second factor as the office does. Raises a Refusal."""
    if not may(acting_in(request), GIVE, showtime.auditorium.theater):
        raise MayNotGiveAway
    require_fresh_sign_in(request)
    if not entered.comp_reason:
        raise BadChoice("comp_reason", gettext("Say why: the reason stays with the tickets."))
    return entered.comp_reason


@staff_page(SELL)
@require_safe
@about_one_booking_at_counter(SELL)
def counter_sale(request: HttpRequest, found: Booking) -> HttpResponse:
    """A sale of this theater: what to give back, the tickets to print, and the way to the next customer."""
    paper = request.GET.get("paper", "")
    if paper in PAPERS:
        remember(request, paper=paper)
    return sale_page(request, found)


def sale_page(request: HttpRequest, booking: Booking, *, refusal: Refusal | None = None) -> HttpResponse:
    """The page of a sale, also with a refusal on it."""
    here = booking.showtime.auditorium.theater
    context = {
        "sale": sale_of(booking, now=timezone.now()),
        # Change is handed over once: who opens the sale later reads what was paid.
        "is_new": remembered(request, "sold") == booking.reference,
        "paper": remembered(request, "paper") or PAPERS[0],
        "papers": staff_papers(booking),
        "receipt": _receipt_words(booking),
        "prints": _prints(request, booking),
        "voided": voided_sale(booking.sale) if _has_void(booking) else None,
        "notes": notes_of(booking.pk, here.zone),
        "needs": needs_at_counter(booking.sale.contact),
        "receipts_mailed": receipts_mailed(booking.pk),
        "refusal": refusal,
        "may_exchange": may(acting_in(request), EXCHANGE, here) and _has_valid(booking),
    }
    context |= frame(request, here)
    return render(request, "boxoffice/counter/sale.html", context | {"slips": _slips(request, booking, context)})


def _slips(request: HttpRequest, booking: Booking, context: dict[str, Any]) -> str:
    """What is printed and handed over, in the language of the sale, whatever the operator reads."""
    with speaking(booking.sale.language):
        said = {"sale": sale_of(booking, now=timezone.now())}
        return render_to_string("boxoffice/counter/slips.html", context | said, request)


def _has_valid(booking: Booking) -> bool:
    return any(ticket.status == TicketStatus.VALID for ticket in booking.tickets.all())


def _has_void(booking: Booking) -> bool:
    return any(ticket.status == TicketStatus.VOID for ticket in booking.tickets.all())


def _receipt_words(booking: Booking) -> dict[str, Any] | None:
    """The text of the receipt of a counter sale, which is handed over with the tickets."""
    receipt = issued_receipt(booking_id=booking.pk) if booking.sale.operator_id is not None else None
    return printed_words(receipt) if receipt else None


def _prints(request: HttpRequest, booking: Booking) -> str:
    """What this page prints: `original` after the sale, unless it was voided; `copy` or `first` once after a request."""
    reprint = remembered(request, "reprint") or {}
    if booking.reference in reprint:
        remember(request, reprint={})
        return "copy" if reprint[booking.reference] else "first"
    return "original" if remembered(request, "sold") == booking.reference and not _has_void(booking) else ""


@staff_page(SELL)
@require_safe
def counter_sales(request: HttpRequest) -> HttpResponse:
    """This person's sales of today, latest first, to view or print again."""
    here = theater_here(request)
    if here is None:
        return redirect("counter")
    now = timezone.now()
    day = business_day(here, now)
    sales = latest_sales(theater=here, operator_id=acting_in(request).user_id, day=day, now=now)
    has_seats = any(not only_places(ticket.label for ticket in sale.page.tickets) for sale in sales)
    context = {"day": day, "sales": sales, "has_seats": has_seats}
    return render(request, "boxoffice/counter/sales.html", frame(request, here) | context)
