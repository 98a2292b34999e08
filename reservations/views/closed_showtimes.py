"""Showtimes that open by a link or a code alone: people who have it get a signed cookie, others are asked for the code.

A link that friends or a group got opens what is needed to pay for their seats, and nothing else of the showtime.
"""

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods, require_safe

from core.texts.lazy_text import gettext_lazy as _
from core.web.refusal_pages import refuse
from core.web.wrong_links import count_wrong_link
from reservations.access import holder_of
from reservations.aftersale.exchange_choices import choice_for
from reservations.groups.group_payments import GroupOver
from reservations.seats.showtime_frame import showtime_frame
from reservations.selectors.invited_guests import invited_guest
from theaters.models import Showtime

COOKIE, SALT, KEPT_SECONDS, MOST_KEPT = "opened_shows", "closed-showtime", 30 * 24 * 3600, 10
LONGEST = 40
WRONG = _("We know no show with this code. Please check it, or ask the people who invited you.")
# "Back to the showtime" leads guests to the page of their link.
WAYS_OF_GUESTS = ("checkout", "seat_map")
STAFF_PARTS = ("/admin/", "/counter/", "/door/")


class ClosedShowtimesMiddleware:
    """Guards each customer address with a `showtime_id`: of a closed showtime it is 404 or asks for the code, unless
    this browser has opened its link or code.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        showtime_id = kwargs.get("showtime_id")
        if showtime_id is None or request.path.startswith(STAFF_PARTS):
            return None
        try:
            code = showtime_frame(showtime_id, now=timezone.now()).access_code
        except Showtime.DoesNotExist:
            return None
        if not code or _has_opened(request, showtime_id, code):
            return None
        return _answer_to_guest(request, showtime_id)


@require_http_methods(["GET", "HEAD", "POST"])
def closed_show(request: HttpRequest) -> HttpResponse:
    """Asks for the code. Guests of one party may share an address: right codes are not counted. Raises TooManyWrongLinks."""
    if request.method != "POST":
        return _page(request)
    answer = _opened(request, "".join(request.POST.get("code", "").upper().split()))
    if answer.status_code == HTTPStatus.NOT_FOUND:
        count_wrong_link(request)
    return answer


@require_safe
def open_closed_show(request: HttpRequest, code: str) -> HttpResponse:
    """Open a showtime's secret link, and redirect at once to its own address."""
    return _opened(request, code)


def _answer_to_guest(request: HttpRequest, showtime_id: int) -> HttpResponse | None:
    """None: the page may be seen. Who follows a link of friends or of a group sees its page, and the checkout of its seats.

    The page of friends judges its secret itself. Who exchanges tickets for others of the showtime sees all of it meanwhile.
    """
    name = request.resolver_match.url_name if request.resolver_match else ""
    if name == "shared_seats" or choice_for(showtime_id=showtime_id, holder=holder_of(request)) is not None:
        return None
    if name not in WAYS_OF_GUESTS:
        return _page(request, status=404)
    guest = invited_guest(showtime_id=showtime_id, holder=holder_of(request))
    wants_again = request.POST.get("action") == "retake"
    if name == "checkout" and (guest.is_of_group if wants_again else guest.may_pay):
        return None
    if guest.is_group_over:
        return refuse(request, GroupOver())
    return redirect(guest.page) if guest.page else _page(request, status=404)


def _opened(request: HttpRequest, code: str) -> HttpResponse:
    found = Showtime.objects.published().filter(access_code=code).first() if 0 < len(code) <= LONGEST else None
    if found is None:
        return _page(request, error=WRONG, status=404)
    return remember_opened(request, redirect("seat_map", found.pk), found)


def remember_opened(request: HttpRequest, response: HttpResponse, showtime: Showtime) -> HttpResponse:
    """Let this browser into the showtime from now on, if it is closed; else do nothing."""
    if not showtime.access_code:
        return response
    kept = [grant for grant in _grants(request) if grant.partition(".")[0] != str(showtime.pk)]
    response.set_signed_cookie(
        COOKIE,
        " ".join([*kept, _grant(showtime.pk, showtime.access_code)][-MOST_KEPT:]),
        salt=SALT,
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _has_opened(request: HttpRequest, showtime_id: int, code: str) -> bool:
    wanted = _grant(showtime_id, code)
    return any(constant_time_compare(grant, wanted) for grant in _grants(request))


def _grants(request: HttpRequest) -> list[str]:
    return str(request.get_signed_cookie(COOKIE, "", salt=SALT, max_age=KEPT_SECONDS)).split()


def _grant(showtime_id: int, code: str) -> str:
    """Return the cookie's entry for a showtime and its code. A new code makes the entry worthless."""
    return f"{showtime_id}.{hashlib.sha256(code.encode()).hexdigest()[:32]}"


def _page(request: HttpRequest, *, error: object = "", status: int = 200) -> HttpResponse:
    return render(request, "reservations/closed_show.html", {"error": error}, status=status)
