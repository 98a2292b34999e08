"""Sit together, pay apart: the organizer's page of a showtime, and the page behind the link for friends."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from core.house_facts import current_house
from core.limits.addresses import client_address
from core.refusals import Refusal, WayOn
from core.texts.languages import current_language
from core.web.refusal_pages import answers_refusals
from reservations.access import bookings_of, ensure_holder, gives_holder_cookie, holder_of, remember_holder, user_id_of
from reservations.groups.friends_seats import (
    SharedBlockOver,
    WrongFriendsLink,
    give_back_to_friends,
    take_friends_seats,
)
from reservations.groups.group_payments import retake_seats
from reservations.groups.shared_blocks import (
    Organizer,
    OrganizerUnknown,
    block_organized_by,
    known_customer,
    release_block,
    start_sharing,
)
from reservations.links.booking_access import admit
from reservations.links.mailbox_codes import BookingVisitor, prove, send_code, waits_for_code
from reservations.models import SharedBlock
from reservations.refusals.on_sale import NotOnSale, ShowtimeCanceled
from reservations.seats.best_page import better_choice
from reservations.seats.countdown import time_context
from reservations.seats.map_reads import own_seats
from reservations.seats.single_seat_check import rule_of
from reservations.seats.taking import Browser, change_seats, extend_hold
from reservations.selectors.shared_blocks import (
    SharedPage,
    block_with_seats_of,
    booking_to_prove,
    chosen_labels,
    held_labels,
    shared_page,
)
from reservations.selling.ticket_limits import Person
from reservations.states import CodePurpose
from sales.services.opening import Customer
from theaters.models import Showtime
from theaters.selectors import showtime_facts
from theaters.states import ShowtimeStatus

SEE_OTHER = 303
START_PAGE, ORGANIZERS_PAGE, FRIENDS_PAGE = (
    f"reservations/{name}.html" for name in ("start_sharing", "shared_block", "friends_seats")
)


@gives_holder_cookie
@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals()
def share_seats(request: HttpRequest, showtime_id: int, refusal: Refusal | None = None) -> HttpResponseBase:
    """Start a shared block of the held seats, or see who has paid. A friend is redirected to the page of the link."""
    showtime = _showtime(showtime_id)
    if request.method == "POST" and refusal is None:
        return remember_holder(request, ACTS.get(request.POST.get("action", ""), _again)(request, showtime_id))
    return _draw(request, showtime, refusal)


def _draw(request: HttpRequest, showtime: Showtime, refusal: Refusal | None = None) -> HttpResponse:
    showtime_id = showtime.pk
    block = block_organized_by(_person(request), showtime_id=showtime_id)
    taken_from = block_with_seats_of(holder_of(request), showtime_id=showtime_id)
    if taken_from is not None and taken_from != block:
        return redirect("shared_seats", showtime_id, taken_from.code)
    held = held_labels(showtime_id=showtime_id, holder=holder_of(request))
    page = shared_page(block, holder=holder_of(request), now=timezone.now()) if block else None
    if page is not None and (page.is_open or not held):
        return _organizers_page(request, page, refusal)
    return render(request, START_PAGE, _start_context(request, showtime, held, refusal))


def _organizers_page(request: HttpRequest, page: SharedPage, refusal: Refusal | None) -> HttpResponse:
    link = reverse("shared_seats", args=[page.block.showtime_id, page.block.code])
    context = {"page": page, "link": link, "link_to_send": current_house().address_of(link), "refusal": refusal}
    template = f"{ORGANIZERS_PAGE}#friends" if request.htmx else ORGANIZERS_PAGE  # type: ignore[attr-defined]
    return render(request, template, context)


def _start_context(
    request: HttpRequest, showtime: Showtime, held: list[str], refusal: Refusal | None
) -> dict[str, Any]:
    known = known_customer(user_id=user_id_of(request), holder=holder_of(request))
    booking = None if known or user_id_of(request) else booking_to_prove(bookings_of(request))
    own = own_seats(showtime_id=showtime.pk, holder=holder_of(request))
    time = time_context(own)
    return {
        **time,
        "showtime": showtime_facts(showtime, now=timezone.now()),
        "held": held,
        "better": better_choice(
            showtime_id=showtime.pk, plan_id=showtime.plan_id, rule=rule_of(showtime.auditorium.theater), own=own
        ),
        "is_known": known is not None,
        "booking": booking,
        "waits_for_code": booking is not None and waits_for_code(booking, _visitor(request)),
        "minutes": settings.SHARED_BLOCK_MINUTES,
        "name": request.POST.get("name") or getattr(request.user, "first_name", ""),
        "refusal": refusal or time["refusal"],
    }


def _start(request: HttpRequest, showtime_id: int) -> HttpResponse:
    known = known_customer(user_id=user_id_of(request), holder=holder_of(request))
    if known is None:
        raise OrganizerUnknown
    block = block_organized_by(Person(known, holder_of(request)), showtime_id=showtime_id)
    if block is not None and not held_labels(showtime_id=showtime_id, holder=holder_of(request)):
        return _again(request, showtime_id)  # begun already; the page shows its state
    organizer = Organizer(_browser(request), known, current_language())
    start_sharing(showtime_id=showtime_id, organizer=organizer, name=request.POST.get("name", ""))
    return _again(request, showtime_id)


def _extend(request: HttpRequest, showtime_id: int) -> HttpResponse:
    extend_hold(showtime_id=showtime_id, browser=_browser(request))
    return _draw(request, _showtime(showtime_id))  # with the typed name


def _take_again(request: HttpRequest, showtime_id: int) -> HttpResponse:
    retake_seats(showtime_id=showtime_id, browser=_browser(request), labels=request.POST.getlist("take"))
    return _again(request, showtime_id)


def _take_instead(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """Take the seats that leave no single seat over, in place of the held ones."""
    take, release = request.POST.getlist("take"), request.POST.getlist("release")
    change_seats(showtime_id=showtime_id, browser=_browser(request), take=take, release=release)
    return _draw(request, _showtime(showtime_id))  # with the typed name


def _release(request: HttpRequest, showtime_id: int) -> HttpResponse:
    if block := block_organized_by(_person(request), showtime_id=showtime_id):
        release_block(block_id=block.pk)
    return _again(request, showtime_id)


def _send_code(request: HttpRequest, showtime_id: int) -> HttpResponse:
    if booking := booking_to_prove(bookings_of(request)):
        admit(booking=booking, holder=ensure_holder(request))
        send_code(booking, _visitor(request), purpose=CodePurpose.SHARE)
    return _again(request, showtime_id)


def _prove(request: HttpRequest, showtime_id: int) -> HttpResponse:
    if booking := booking_to_prove(bookings_of(request)):
        prove(booking, _visitor(request), code=request.POST.get("code", ""))
    return _again(request, showtime_id)


def _again(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """Redirect to the same page by GET."""
    response = redirect("share_seats", showtime_id)
    response.status_code = SEE_OTHER
    return response


ACTS: dict[str, Callable[[HttpRequest, int], HttpResponse]] = {
    "start": _start,
    "extend": _extend,
    "retake": _take_again,
    "instead": _take_instead,
    "release": _release,
    "code": _send_code,
    "prove": _prove,
}


@gives_holder_cookie
@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals()
def shared_seats(request: HttpRequest, showtime_id: int, code: str, refusal: Refusal | None = None) -> HttpResponse:
    """The page of a shared block for friends. GET changes nothing: mail programs open links too."""
    block = SharedBlock.objects.select_related("hold").filter(showtime=showtime_id, code=code).first()
    if block is None:
        raise refusal or WrongFriendsLink()
    showtime = _showtime(showtime_id)
    page = shared_page(block, holder=holder_of(request), now=timezone.now())
    if request.method == "POST" and refusal is None:
        return _friend_acts(request, page)
    if not page.is_open and not page.friends:
        raise SharedBlockOver(page.over_in_words, way_on=WayOn(gettext("See what is free"), url=page.showtime.url))
    besides = held_labels(showtime_id=showtime.pk, holder=holder_of(request))
    context = {
        "page": page,
        "refusal": refusal,
        "chosen": request.POST.getlist("seats") if refusal else [seat.value for seat in page.seats if seat.is_mine],
        "name": request.POST.get("name") or page.own_name or getattr(request.user, "first_name", ""),
        "besides": [label for label in besides if label not in page.mine],
    }
    return render(request, FRIENDS_PAGE, context)


def _friend_acts(request: HttpRequest, page: SharedPage) -> HttpResponse:
    browser, showtime_id = _browser(request), page.block.showtime_id
    if request.POST.get("action") == "back":
        give_back_to_friends(block=page.block, browser=browser)
        response = redirect("shared_seats", showtime_id, page.block.code)
    else:
        labels = chosen_labels(page, seats=request.POST.getlist("seats"), places=request.POST.getlist("places"))
        take_friends_seats(block=page.block, browser=browser, labels=labels, name=request.POST.get("name", ""))
        response = redirect("checkout", showtime_id)
    response.status_code = SEE_OTHER
    return remember_holder(request, response)


def _showtime(showtime_id: int) -> Showtime:
    """Find the showtime. Raises Http404, ShowtimeCanceled or NotOnSale."""
    showtime = Showtime.objects.with_names().with_age_rule().filter(pk=showtime_id).first()
    if showtime is None or showtime.status == ShowtimeStatus.DRAFT:
        raise Http404("There is no showtime at this address.")
    if showtime.status == ShowtimeStatus.CANCELED:
        raise ShowtimeCanceled
    if showtime.sales_close_at <= timezone.now():
        raise NotOnSale
    return showtime


def _person(request: HttpRequest) -> Person:
    known = known_customer(user_id=user_id_of(request), holder=holder_of(request))
    return Person(known or Customer(user_id=user_id_of(request)), holder_of(request))


def _browser(request: HttpRequest) -> Browser:
    return Browser(holder=ensure_holder(request), address=client_address(request))


def _visitor(request: HttpRequest) -> BookingVisitor:
    return BookingVisitor(holder=ensure_holder(request), user_id=user_id_of(request))
