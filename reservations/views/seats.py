"""The seat map and its clicks."""

from collections.abc import Hashable
from typing import Any

from django.contrib import messages
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.selectors import needs_of
from core.caches.page_cache import kept_page
from core.caches.process_cache import ProcessCache
from core.limits.addresses import client_address
from core.refusals import Refusal
from core.web.refusal_pages import answers_refusals, refuse
from reservations.access import ensure_holder, holder_of, remember_holder
from reservations.aftersale.exchange_choices import EXCHANGING, choice_for, seats_freed_by
from reservations.counter.taking_best import take_best
from reservations.locks import TakeOutcome
from reservations.seats.best_page import asked_fields, held_in_words, labels_of, wish_of
from reservations.seats.list_page import context_of_needs, list_context, usual_list
from reservations.seats.list_wish import list_wish_of
from reservations.seats.needs import seat_needs
from reservations.seats.page import (
    MapVisitor,
    SeatPage,
    read_click_answer,
    read_seat_page,
    with_other_choices,
    with_refusal,
)
from reservations.seats.places import places_asked_for
from reservations.seats.showtime_frame import KEPT_SECONDS, MOST_KEPT, shown_prices, showtime_frame
from reservations.seats.taking import Browser, change_places, change_seats, extend_hold, release_hold
from reservations.views.click_answer import click_answer

PAGE = "reservations/seat_map.html"
LIST_PAGE = "reservations/seat_list.html"
# A page is drawn anew when the facts of its showtime have been read anew, which its key says.
_drawn: ProcessCache[Hashable, list[str]] = ProcessCache(seconds=KEPT_SECONDS, most=MOST_KEPT)


@require_safe
def seat_map(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """The page sets the holder's cookie that the browser's script proposed, if an answer that set it was lost."""
    page = read_seat_page(showtime_id=showtime_id, visitor=_visitor(request, showtime_id), now=timezone.now())
    page.require_something_to_do()
    needs = seat_needs(needs_of(request))
    wish = list_wish_of(request.GET, usual_list(page, needs))
    if wish is not None:
        return _with_cookie(request, page, render(request, LIST_PAGE, list_context(page, wish, needs)))
    page.context.update(context_of_needs(page, needs))
    page.context["leads_to_list"] = _leads_to_list(request, page)
    if request.htmx and not request.htmx.history_restore_request:  # type: ignore[attr-defined]
        return render(request, f"{PAGE}#order-panel", page.context)
    if page.is_own:
        context = with_other_choices(page, request.GET) if "count" in request.GET else page.context
        return _with_cookie(request, page, render(request, PAGE, context))
    holes = {"grid": page.context["grid"]}
    draw: Any = lambda common: render_to_string(PAGE, {**page.context, **common}, request)  # noqa: E731
    key = (page.key, page.context["leads_to_list"], needs)
    return kept_page(request, key, draw, holes=holes, kept=_drawn)


def _with_cookie(request: HttpRequest, page: SeatPage, response: HttpResponse) -> HttpResponse:
    if page.is_own:
        ensure_holder(request)
    return remember_holder(request, response)


def _leads_to_list(request: HttpRequest, page: SeatPage) -> bool:
    """Whether a browser without scripts is redirected to the list; not from a page with a message."""
    return bool(page.context["has_seats"]) and "count" not in request.GET and not len(get_messages(request))


def map_with_refusal(request: HttpRequest, showtime_id: int, *, refusal: Refusal) -> HttpResponse:
    """Show the fresh map with the sentence; refusals that end the sale have their own page."""
    page = read_seat_page(showtime_id=showtime_id, visitor=_visitor(request, showtime_id), now=timezone.now())
    if refusal.is_final:
        refusal.way_on = refusal.way_on or page.other_showtimes
        return refuse(request, refusal)
    context = with_refusal(page, refusal, holder=holder_of(request), now=timezone.now())
    needs = seat_needs(needs_of(request))
    if (wish := list_wish_of(request.GET)) is not None:
        drawn = list_context(page, wish, needs, context)
        return render(request, f"{LIST_PAGE}#answer" if request.htmx else LIST_PAGE, drawn)  # type: ignore[attr-defined]
    context |= context_of_needs(page, needs)
    context |= {"asked": asked_fields(request.POST), "asked_choices": request.POST.get("choices", "")}
    return render(request, f"{PAGE}#refused" if request.htmx else PAGE, context)  # type: ignore[attr-defined]


@require_POST
@answers_refusals(map_with_refusal)
def seats(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """Take and give back seats: labels in `take` and `release`, or a number of places of an area in `places`; all of it
    or nothing.
    """
    if "places" in request.POST:
        wanted = places_asked_for(request.POST["places"])
        change_places(showtime_id=showtime_id, browser=_browser(request), wanted=wanted)
        return _drawn_anew(request, showtime_id, part="placed")
    taking, releasing = request.POST.getlist("take"), request.POST.getlist("release")
    taken = change_seats(showtime_id=showtime_id, browser=_browser(request), take=taking, release=releasing)
    return _changed(request, showtime_id, labels=[*taking, *releasing], taken=taken)


@require_POST
@answers_refusals(map_with_refusal)
def extend(request: HttpRequest, showtime_id: int) -> HttpResponse:
    extend_hold(showtime_id=showtime_id, browser=_browser(request))
    return _changed(request, showtime_id, labels=[])


@require_POST
@answers_refusals(map_with_refusal)
def release(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """Give all seats back and draw the whole map again."""
    release_hold(showtime_id=showtime_id, browser=_browser(request))
    return _drawn_anew(request, showtime_id)


@require_POST
@answers_refusals(map_with_refusal)
def best(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """The best seats for a party, or the `choices` that were offered besides.

    The labels in `replaces` may be given back for them; who holds others is asked first.
    """
    asked, browser = request.POST, _browser(request)
    prices, freed = shown_prices(showtime_id, now=timezone.now()), _freed(request, showtime_id)
    wish = wish_of(asked, prices, freed=freed)
    chosen = take_best(
        showtime_id=showtime_id,
        browser=browser,
        wish=wish,
        replaces=asked.getlist("replaces"),
        labels=labels_of(asked),
    )
    plan_id = showtime_frame(showtime_id, now=timezone.now()).plan_id
    return _drawn_anew(request, showtime_id, notice=held_in_words(chosen, wish, plan_id=plan_id), asked=asked)


@require_safe
def events(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """Live changes are served beside Django (config/asgi.py); under another server the page works by reload."""
    return HttpResponse(status=204)


def _changed(
    request: HttpRequest, showtime_id: int, *, labels: list[str], taken: TakeOutcome | None = None
) -> HttpResponse:
    """Panel and seats for htmx, a redirect for a plain form; the whole list for a click in the list."""
    if list_wish_of(request.GET) is not None:
        return _list_drawn_anew(request, showtime_id)
    if not request.htmx:  # type: ignore[attr-defined]
        return remember_holder(request, redirect("seat_map", showtime_id))
    context = read_click_answer(
        showtime_id=showtime_id,
        visitor=_new_visitor(request, showtime_id),
        labels=labels,
        taken=taken,
        now=timezone.now(),
    )
    return remember_holder(request, click_answer(request, context))


def _drawn_anew(
    request: HttpRequest, showtime_id: int, *, notice: str = "", asked: QueryDict | None = None, part: str = "refused"
) -> HttpResponse:
    """The whole map for htmx, a redirect for a plain form, with a sentence that says what was done. `asked`: the search
    for best seats.
    """
    if list_wish_of(request.GET) is not None:
        return _list_drawn_anew(request, showtime_id)
    if not request.htmx:  # type: ignore[attr-defined]
        if notice:
            messages.info(request, notice)
        url = reverse("seat_map", args=[showtime_id], query=asked_fields(asked) if asked else None)
        return remember_holder(request, redirect(url))
    page = read_seat_page(showtime_id=showtime_id, visitor=_new_visitor(request, showtime_id), now=timezone.now())
    context = (with_other_choices(page, asked) if asked else page.context) | {"notice": notice}
    context |= context_of_needs(page, seat_needs(needs_of(request)))
    return remember_holder(request, render(request, f"{PAGE}#{part}", context))


def _list_drawn_anew(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """The panel and the list for htmx, a redirect to the same list for a plain form."""
    wish = list_wish_of(request.GET)
    assert wish is not None
    if not request.htmx:  # type: ignore[attr-defined]
        address = reverse("seat_map", args=[showtime_id])
        return remember_holder(request, redirect(f"{address}?{wish.query}"))
    page = read_seat_page(showtime_id=showtime_id, visitor=_new_visitor(request, showtime_id), now=timezone.now())
    drawn = list_context(page, wish, seat_needs(needs_of(request)))
    return remember_holder(request, render(request, f"{LIST_PAGE}#answer", drawn))


def _browser(request: HttpRequest) -> Browser:
    return Browser(holder=ensure_holder(request), address=client_address(request))


def _visitor(request: HttpRequest, showtime_id: int) -> MapVisitor:
    return MapVisitor(holder_of(request), request.user, _freed(request, showtime_id))


def _new_visitor(request: HttpRequest, showtime_id: int) -> MapVisitor:
    """The visitor, with a new cookie if the browser had none."""
    return MapVisitor(ensure_holder(request), request.user, _freed(request, showtime_id))


def _freed(request: HttpRequest, showtime_id: int) -> tuple[str, ...]:
    """The seats of this showtime that the browser gives up in an exchange for those it chooses now. A query only for
    browsers that exchange.
    """
    if EXCHANGING not in request.COOKIES:
        return ()
    choice = choice_for(showtime_id=showtime_id, holder=holder_of(request))
    return () if choice is None else tuple(seats_freed_by(choice))
