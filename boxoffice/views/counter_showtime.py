"""The counter's page of one showtime: the seat map and the sale."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from boxoffice.forms.counter import PRICE_PREFIX, TYPE_PREFIX, OverrideForm, TypedSale, clean_prices, typed
from boxoffice.forms.group_blocks import GroupForm
from boxoffice.refusals import CanceledAtCounter, ShowtimeOver
from boxoffice.selectors.cash_suggestions import likely_cash
from boxoffice.selectors.counter_sales import counter_quote, last_sale
from boxoffice.selectors.group_blocks import groups_at
from boxoffice.views.counter import SELL, exchange_chosen_here, frame, remembered, seller_of
from boxoffice.views.counter_overrides import allowed_at, rights_at
from boxoffice.views.page_frame import showtime_for
from core.money import decimals, format_money, rounded
from core.refusals import BadChoice, Refusal
from houses.business_days import business_day
from reservations.refusals.promo_codes import PromoRefused
from reservations.seats.best_page import best_options, better_choice
from reservations.seats.single_seat_check import rule_of
from reservations.selectors.counter import CounterMap, desk_of
from reservations.selling.discounts import Promotion
from reservations.selling.promo_codes import find_promotion
from reservations.selling.type_offers import TypeOffer, is_offered
from sales.services.opening import Customer
from staff.access import may
from staff.acting import acting_in
from theaters.cash_rounding import rounding_of_payment
from theaters.models import Showtime
from theaters.prices.prices import pinned_prices
from theaters.seat_categories import is_for_some
from theaters.states import SalesChannel, ShowtimeStatus

PAGE = "boxoffice/counter/desk.html"
GIVE, KEEP_FOR_GROUP = "reservations.give_comp", "reservations.keep_seats_back"
FIELDS = {"types", "promo", "email", "tendered", "comp_reason"}


def showtime_at_counter(request: HttpRequest, showtime_id: int) -> Showtime:
    """Find a showtime that this person sells. Raises Http404 for others, and for drafts."""
    showtime = showtime_for(request, SELL, showtime_id)
    if showtime.status == ShowtimeStatus.DRAFT or showtime.price_version_id is None:
        raise Http404("There is no such showtime.")
    return showtime


def show_desk(
    request: HttpRequest,
    showtime: Showtime,
    *,
    refusal: Refusal | None = None,
    changed: set[str] | None = None,
    override_form: OverrideForm | None = None,
    notice: str = "",
) -> HttpResponse:
    """The page of the showtime; for htmx the panel with the seats that `changed`, or with the fresh map after a
    refusal.

    Raises ShowtimeOver.
    """
    _require_not_over(showtime)
    desk, context = _context(request, showtime, refusal)
    if override_form is not None:
        context["override_form"] = override_form
    if notice:
        context["notice"] = notice
    status = 200 if override_form is None else 422
    template = PAGE
    if request.htmx and not request.htmx.history_restore_request:  # type: ignore[attr-defined]
        template = f"{PAGE}#refused" if refusal or changed is None else f"{PAGE}#changed"
        context["changed_seats"] = desk.seats(changed or ())
    else:
        context |= _ways_to_choose(showtime, desk) | _groups(request, showtime)
    return render(request, template, context, status=status)


def desk_with_refusal(request: HttpRequest, showtime_id: int, *, refusal: Refusal) -> HttpResponse:
    return show_desk(request, showtime_at_counter(request, showtime_id), refusal=refusal)


def _groups(request: HttpRequest, showtime: Showtime) -> dict[str, Any]:
    theater = showtime.auditorium.theater
    may_keep = may(acting_in(request), KEEP_FOR_GROUP, theater)
    typed_before = request.POST if "group-name" in request.POST else None
    form = GroupForm(typed_before, theater=theater, prefix="group") if may_keep else None
    return {"groups": groups_at(showtime), "group_form": form}


def _ways_to_choose(showtime: Showtime, desk: CounterMap) -> dict[str, Any]:
    """The choices of the form for best seats in this auditorium, and the ticket types for a group. One query."""
    names = [(entry.category.upper(), entry.label) for entry in desk.legend]
    offer = TypeOffer(SalesChannel.COUNTER, business_day(showtime.auditorium.theater, showtime.starts_at))
    kinds = [kind for kind in pinned_prices(showtime.price_version_id).types if is_offered(kind, offer)]
    return {
        "categories": [(code, label) for code, label in names if not is_for_some(code)],
        "best_options": best_options(desk.prepared, showtime.plan_id),
        "kinds": kinds,
    }


def _require_not_over(showtime: Showtime) -> None:
    """Check that the showtime can be sold. Raises ShowtimeOver or CanceledAtCounter."""
    if showtime.status == ShowtimeStatus.CANCELED:
        raise CanceledAtCounter
    if showtime.ends_at <= timezone.now():
        raise ShowtimeOver


def _context(request: HttpRequest, showtime: Showtime, refusal: Refusal | None) -> tuple[CounterMap, dict[str, Any]]:
    allowed = allowed_at(request, showtime)
    with_house_seats = "house_seats" in allowed.rules
    holder = seller_of(request).holder
    desk = desk_of(showtime=showtime, holder=holder, with_house_seats=with_house_seats, now=timezone.now())
    field = _place_of(refusal)
    theater = showtime.auditorium.theater
    context = frame(request, theater) | {
        "desk": desk,
        "showtime": desk.facts,
        "panel": desk.panel,
        "areas": desk.areas,
        "seats_url": desk.panel.seats_url,
        "entered": _entered(request, desk),
        "errors": {field: refusal.sentence} if refusal and field else {},
        "refused": refusal.field if refusal else "",
        "notice": refusal.sentence if refusal and not field else "",
        # After a sale the focus is on the message; after a click on a seat it stays there.
        "says_refused": bool({"method", "cash"} & request.POST.keys()),
        "allowed": allowed,
        "rights": rights_at(request, showtime),
        "override_form": OverrideForm(initial={"rules": sorted(allowed.rules), "reason": allowed.reason}),
        "may_give": may(acting_in(request), GIVE, theater),
        "exchanging": exchange_chosen_here(request, showtime.pk),
    }
    if "single_seats" not in allowed.rules:
        context["better"] = better_choice(
            showtime_id=showtime.pk, plan_id=showtime.plan_id, rule=rule_of(theater), own=desk.own
        )
    if desk.own.is_holding:
        context |= _sale(showtime, desk, context)
    else:
        reference = remembered(request, "sold")
        context["last_sale"] = last_sale(theater=theater, reference=reference, showtime_id=showtime.pk)
    return desk, context


def _entered(request: HttpRequest, desk: CounterMap) -> TypedSale:
    """The input; a ticket type chosen for a whole group is set for each of its seats."""
    entered = typed(request.POST)
    kind = request.POST.get("kind") or (request.GET.get("kind") if request.method == "GET" else "")
    return replace(entered, choices=dict.fromkeys(desk.own.labels, kind)) if kind else entered


def _place_of(refusal: Refusal | None) -> str:
    """The field beside which a refusal is shown; '' for one shown at the top."""
    name = refusal.field if refusal else ""
    return "types" if name.startswith((TYPE_PREFIX, PRICE_PREFIX)) else name if name in FIELDS else ""


def _sale(showtime: Showtime, desk: CounterMap, context: dict[str, Any]) -> dict[str, Any]:
    """The quote for the held seats with the typed values; if that is impossible, the error and the quote without them."""
    entered, errors, currency = context["entered"], context["errors"], desk.facts.currency
    choices, prices, promotion = entered.choices, {}, None
    try:
        if "prices" in context["allowed"].rules:
            prices = clean_prices(entered.prices, currency)
        if entered.promo and "promo" not in errors:
            promotion = _promotion(showtime, entered)
        quote = counter_quote(showtime=showtime, own=desk.own, choices=choices, prices=prices, promotion=promotion)
    except PromoRefused as refused:
        errors["promo"] = refused.sentence
        quote = counter_quote(showtime=showtime, own=desk.own, choices=choices, prices=prices)
    except BadChoice as choice:
        errors["types"] = choice.sentence
        context["refused"] = choice.field
        quote = counter_quote(showtime=showtime, own=desk.own, choices={}, prices={})
    rounding = rounding_of_payment(quote.total, country=showtime.auditorium.theater.country, currency=currency)
    in_cash = rounded(quote.total + rounding, currency)
    return {
        "quote": quote,
        "in_cash": in_cash,
        "cash_rounding": rounding,
        "likely_cash": likely_cash(in_cash, currency),
        "zero": format_money(Decimal(0), currency),
        "places": decimals(currency),
    }


def _promotion(showtime: Showtime, entered: TypedSale) -> Promotion:
    return find_promotion(
        code=entered.promo, showtime=showtime, customer=Customer(email=entered.email), now=timezone.now()
    )
