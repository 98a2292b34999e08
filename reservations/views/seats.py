"""The seat map and what one click does."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST, require_safe

from accounts.selectors import address_to_suggest
from core.addresses import client_address
from core.middleware import private
from core.page_cache import kept_page
from core.pauses import current_pause
from core.refusal_pages import answers_refusals, refuse
from core.refusals import Refusal, WayOn
from reservations.access import ensure_holder, holder_of, remember_holder
from reservations.refusals import NEAR_THE_LIMIT, NotOnSale, ShowtimeCanceled, TooManySeats
from reservations.seats.address_share import share_in_words
from reservations.seats.geometry import in_words
from reservations.seats.map_markup import PreparedMap, prepared_map
from reservations.seats.map_reads import OwnSeats, SeatMap, read_clicked_seats, read_seat_map
from reservations.seats.panel import make_panel
from reservations.seats.showtime_frame import showtime_frame
from reservations.seats.taking import (
    Browser,
    clean_labels,
    extend_hold,
    release_hold,
    release_seats,
    swap_seats,
    take_seats,
)
from reservations.selectors.cart import held_seats
from reservations.services.party_rules import PartySeat, objections
from reservations.services.promo_codes import Customer
from reservations.services.taking_best import take_best
from reservations.services.ticket_limits import Person, limit_in_words
from theaters.models import AgeRule, Showtime
from theaters.selectors import ShowtimeFacts
from theaters.states import ShowtimeStatus

PAGE = "reservations/seat_map.html"


@require_safe
@private
def seat_map(request: HttpRequest, showtime_id: int) -> HttpResponse:
    seen = _look_at(showtime_id, holder_of(request))
    context = _context(request, showtime_id, seen)
    if seen.status == ShowtimeStatus.CANCELED:
        raise ShowtimeCanceled(way_on=_other_showtimes(context["showtime"]))
    if not seen.is_on_sale and context["panel"].state in {"empty", "lapsed"}:
        raise NotOnSale(way_on=_other_showtimes(context["showtime"]))
    if request.htmx and not request.htmx.history_restore_request:  # type: ignore[attr-defined]
        return render(request, f"{PAGE}#order-panel", context)
    if context["panel"].state != "empty":
        return render(request, PAGE, context)
    # To everybody who holds nothing the page differs by its seats alone.
    key = (PAGE, showtime_id, seen.plan_id, seen.version_id, seen.is_on_sale, current_pause() is not None)
    grid = {"grid": context["grid"]}
    return kept_page(request, key, lambda common: render_to_string(PAGE, {**context, **common}, request), holes=grid)


def map_with_refusal(request: HttpRequest, showtime_id: int, *, refusal: Refusal) -> HttpResponse:
    """The fresh map with the sentence; what ends the sale has a page of its own."""
    holder = holder_of(request)
    context = _context(request, showtime_id, _look_at(showtime_id, holder))
    if refusal.is_final:
        refusal.way_on = refusal.way_on or _other_showtimes(context["showtime"])
        return refuse(request, refusal)
    context |= {
        "notice": refusal.sentence,
        "notice_tone": refusal.tone,
        "refusal": refusal,
        "held_elsewhere": SimpleLazyObject(lambda: held_seats(holder=holder, now=timezone.now())),
    }
    return render(request, f"{PAGE}#refused" if request.htmx else PAGE, context)  # type: ignore[attr-defined]


@require_POST
@private
@answers_refusals(map_with_refusal)
def seats(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """`take` and `release` say what is wanted; all of it happens or nothing."""
    taking, releasing = request.POST.getlist("take"), request.POST.getlist("release")
    browser = _browser(request)

    def change() -> None:
        if taking and releasing:
            swap_seats(showtime_id=showtime_id, browser=browser, take=taking, release=releasing)
        elif releasing:
            release_seats(showtime_id=showtime_id, browser=browser, labels=releasing)
        else:
            take_seats(showtime_id=showtime_id, browser=browser, labels=taking)

    return _changed(request, showtime_id, browser, change, labels=[*taking, *releasing])


@require_POST
@private
@answers_refusals(map_with_refusal)
def extend(request: HttpRequest, showtime_id: int) -> HttpResponse:
    browser = _browser(request)
    return _changed(
        request, showtime_id, browser, lambda: extend_hold(showtime_id=showtime_id, browser=browser), labels=[]
    )


@require_POST
@private
@answers_refusals(map_with_refusal)
def release(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """Give everything back; the map is drawn anew because any seat may have been mine."""
    browser = _browser(request)
    return _changed(
        request, showtime_id, browser, lambda: release_hold(showtime_id=showtime_id, browser=browser), labels=None
    )


@require_POST
@private
@answers_refusals(map_with_refusal)
def best(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """The best n together. The labels in `replaces` may be given back for them; who holds others is asked first."""
    browser = _browser(request)
    raw = request.POST.get("count", "")
    count = int(raw) if raw.isdecimal() and len(raw) <= 3 else 0

    def change() -> str:
        if not 1 <= count <= (settings.MAX_SEATS_PER_HOLD or count):
            raise TooManySeats(settings.MAX_SEATS_PER_HOLD)
        replaces = request.POST.getlist("replaces")
        chosen = take_best(showtime_id=showtime_id, browser=browser, count=count, replaces=replaces)
        return f"Held for you: {in_words(chosen)}."

    _look_at(showtime_id, browser.holder)
    return _changed(request, showtime_id, browser, change, labels=None)


@require_safe
def events(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """Live changes are served beside Django (config/asgi.py); under another server the page works by reload."""
    return HttpResponse(status=204)


def _changed(
    request: HttpRequest,
    showtime_id: int,
    browser: Browser,
    change: Callable[[], str | None],
    *,
    labels: list[str] | None,
) -> HttpResponse:
    """Make the change and answer: the panel and the seats for htmx, a redirect for plain. Raises a Refusal.

    `change` may return a sentence that says what was done. Without `labels` the whole map is drawn.
    """
    notice = change()
    if not request.htmx:  # type: ignore[attr-defined]
        if notice:
            messages.info(request, notice)
        return remember_holder(request, redirect("seat_map", showtime_id))
    if labels is None:
        context = _context(request, showtime_id, _look_at(showtime_id, browser.holder)) | {"notice": notice}
        return remember_holder(request, render(request, f"{PAGE}#refused", context))
    context = _changed_context(request, showtime_id, browser.holder, labels)
    return remember_holder(request, render(request, f"{PAGE}#changed", context))


def _changed_context(request: HttpRequest, showtime_id: int, holder: str, labels: list[str]) -> dict[str, Any]:
    """The panel and the seats of one click: one query, and those of the limits where they are on."""
    try:
        frame = showtime_frame(showtime_id, now=timezone.now())
    except Showtime.DoesNotExist:
        raise Http404("There is no showtime at this address.") from None
    wanted = clean_labels(labels) if labels else []
    clicked = read_clicked_seats(showtime_id=showtime_id, holder=holder, labels=wanted)
    own, prepared = clicked.own, frame.map_for(clicked.own)
    return {
        "showtime": frame.facts,
        "must": _must(own, prepared),
        "limits": _limits_in_words(request, showtime_id, own),
        "panel": make_panel(showtime_id=showtime_id, currency=frame.facts.currency, own=own, prepared=prepared),
        "changed_seats": prepared.render_changed(clicked.letters),
        "seats_url": reverse("seats", args=[showtime_id]),
    }


def _other_showtimes(showtime: ShowtimeFacts) -> WayOn:
    return WayOn(f"Other showtimes of {showtime.movie_title}", url=showtime.movie_url)


def _look_at(showtime_id: int, holder: str) -> SeatMap:
    """Raises Http404 for one that is not published."""
    seen = read_seat_map(showtime_id=showtime_id, holder=holder)
    if seen is None or seen.status == ShowtimeStatus.DRAFT:
        raise Http404("There is no showtime at this address.")
    return seen


def _browser(request: HttpRequest) -> Browser:
    return Browser(holder=ensure_holder(request), address=client_address(request))


def _context(request: HttpRequest, showtime_id: int, seen: SeatMap) -> dict[str, Any]:
    facts = showtime_frame(showtime_id, now=timezone.now()).facts
    prepared = prepared_map(plan_id=seen.plan_id, version_id=seen.version_id, currency=facts.currency)
    return {
        "showtime": replace(facts, is_on_sale=seen.is_on_sale),
        "grid": prepared.render(seen.states),
        "legend": prepared.legend,
        "must": _must(seen.own, prepared),
        "limits": _limits_in_words(request, showtime_id, seen.own),
        "panel": make_panel(showtime_id=showtime_id, currency=facts.currency, own=seen.own, prepared=prepared),
        "notice": "",
        "notice_tone": "info",
        "seats_url": reverse("seats", args=[showtime_id]),
        "events_url": reverse("events", args=[showtime_id]),
        "best_url": reverse("best", args=[showtime_id]),
    }


def _limits_in_words(request: HttpRequest, showtime_id: int, own: OwnSeats) -> list[str]:
    """Of the limits that come next, for somebody who holds seats: of the person, and of the internet connection."""
    if not own.is_holding or own.hold_id is None:
        return []
    user: Any = request.user
    customer = Customer(email=address_to_suggest(user), user_id=user.pk)
    person, wanted = Person(customer, holder_of(request)), len(own.labels)
    near = min(NEAR_THE_LIMIT, settings.MAX_SEATS_PER_HOLD - wanted if settings.MAX_SEATS_PER_HOLD else NEAR_THE_LIMIT)
    sentences = [
        limit_in_words(showtime_id=showtime_id, person=person, wanted=wanted, has=own.bought),
        share_in_words(showtime_id=showtime_id, hold_id=own.hold_id, near=near),
    ]
    return [sentence for sentence in sentences if sentence]


def _must(own: OwnSeats, prepared: PreparedMap) -> list[str]:
    """What the held seats need before they can be sold, whoever is to sit there."""
    facts = [prepared.by_label[label] for label in own.labels if own.is_holding and label in prepared.by_label]
    places = [PartySeat(fact.label, fact.category) for fact in facts]
    return [one.sentence for one in objections(places=places, ages=AgeRule())]
