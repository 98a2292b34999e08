"""The waiting list of a showtime: join, and with the link of the mail confirm, take the offered seats, pass them on, leave."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.selectors import address_to_suggest, needs_of
from core.limits.addresses import client_address
from core.limits.limiter import Limit, check, check_address
from core.refusals import Refusal
from core.texts.languages import current_language
from core.web.refusal_pages import answers_refusals
from reservations.access import ensure_holder, gives_holder_cookie, holder_of, remember_holder
from reservations.forms.waiting import address_of, ticks_of, wish_of_post
from reservations.models import WaitingEntry
from reservations.seats.fact_words import unknown_in_words
from reservations.seats.needs import seat_needs
from reservations.seats.taking import Browser
from reservations.selectors.waiting import NUMBERED, waiting_form, waiting_page
from reservations.states import WaitingStatus
from reservations.views.closed_showtimes import remember_opened
from reservations.waiting.waiting_list import AskedToWaitOften, NoWaitingList, confirm, join, leave
from reservations.waiting.waiting_offers import pass_on, take_offer, was_taken_by
from sales.services.opening import Customer

HOUR = 3600
JOINS_PER_BROWSER = Limit("waiting-browser", 10, HOUR, AskedToWaitOften)
JOINS_PER_ADDRESS = Limit("waiting-address", 40, HOUR, AskedToWaitOften)
PAGE = "reservations/waiting_list.html"


@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals()
def waiting_list(request: HttpRequest, showtime_id: int, refusal: Refusal | None = None) -> HttpResponse:
    offered = waiting_form(showtime_id=showtime_id, now=timezone.now())
    if offered is None:
        raise NoWaitingList
    saved = needs_of(request)
    needs = seat_needs(saved)
    context = {
        "form": offered,
        "showtime": offered.showtime,
        "unknown_facts": unknown_in_words(needs.facts, offered.known),
        "refusal": refusal,
        "typed": request.POST or request.GET,
        "ticks": ticks_of(request.POST or request.GET, offered, saved),
        "numbered": NUMBERED,
        "needs": needs,
        "suggested": address_to_suggest(request.user),
        "shows_refusal": refusal is not None and refusal.field in offered.fields,
    }
    if request.method != "POST" or refusal is not None:
        return render(request, PAGE, context)
    wish, email, address = wish_of_post(request.POST, offered), address_of(request.POST), client_address(request)
    check_address(JOINS_PER_ADDRESS, address)
    check(JOINS_PER_BROWSER, ensure_holder(request))
    customer = Customer(email=email, user_id=request.user.pk)
    entry = join(showtime_id=showtime_id, customer=customer, wish=wish, language=current_language(), address=address)
    if entry.user_id is not None and entry.user_id == request.user.pk and entry.status != WaitingStatus.ASKED:
        return redirect("waiting_entry", entry.code)
    return remember_holder(request, render(request, PAGE, context | {"is_asked": True}))


@gives_holder_cookie
@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals()
def waiting_entry(request: HttpRequest, code: str, refusal: Refusal | None = None) -> HttpResponse:
    """The page behind the link of the mail. GET changes nothing, because mail programs open links too."""
    page = waiting_page(code=code, now=timezone.now())
    if page is None:
        raise Http404("There is no such entry.")
    if request.method != "POST" or refusal is not None:
        took_here = page.status == WaitingStatus.TOOK and was_taken_by(page.entry, holder_of(request))
        context = {"page": page, "refusal": refusal, "took_here": took_here}
        return render(request, "reservations/waiting_entry.html", context)
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        return redirect("waiting_entry", code)
    return act(request, page.entry)


def _take_offer(request: HttpRequest, entry: WaitingEntry) -> HttpResponse:
    browser = Browser(holder=ensure_holder(request), address=client_address(request))
    take_offer(code=entry.code, browser=browser)
    response = remember_opened(request, redirect("seat_map", entry.showtime_id), entry.showtime)
    return remember_holder(request, response)


def _confirm(request: HttpRequest, entry: WaitingEntry) -> HttpResponse:
    confirm(code=entry.code)
    return redirect("waiting_entry", entry.code)


def _pass_on(request: HttpRequest, entry: WaitingEntry) -> HttpResponse:
    pass_on(code=entry.code)
    return redirect("waiting_entry", entry.code)


ACTS: dict[str, Callable[[HttpRequest, WaitingEntry], HttpResponse]] = {
    "take": _take_offer,
    "confirm": _confirm,
    "pass": _pass_on,
}


@csrf_exempt
@require_POST
def leave_waiting_list(request: HttpRequest, code: str) -> HttpResponse:
    """Leave the waiting list. Mail programs post here without a page of ours (RFC 8058): the code is the proof."""
    if not WaitingEntry.objects.filter(code=code).exists():
        raise Http404("There is no such entry.")
    leave(code=code)
    return redirect("waiting_entry", code)
