"""Saves a person's needs concerning seats and shows: with the account, or in a cookie of the browser without one."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.models import SavedNeeds
from accounts.states import Need
from core.clock import ClockTimestamp

KEPT_SECONDS = 365 * 24 * 3600
BETWEEN = "."


def known_needs(values: Iterable[str]) -> list[Need]:
    """Keep the values that are needs, in the order of the page."""
    asked = set(values)
    return [need for need in Need if need.value in asked]


def joined(needs: Iterable[Need]) -> str:
    """Needs as one value of a cookie or of a form; `read_needs` reads it."""
    return BETWEEN.join(need.value for need in needs)


def read_needs(joined_needs: str) -> tuple[Need, ...]:
    return tuple(known_needs(joined_needs.split(BETWEEN)))


def save_needs(request: HttpRequest, response: HttpResponse, needs: list[Need], *, tells_staff: bool) -> None:
    """Save a person's needs, or delete them when there are none. Without an account, staff are told nothing."""
    if not needs:
        response.delete_cookie(settings.NEEDS_FILTER_COOKIE_NAME, samesite="Lax")
    user: Any = request.user
    if user.is_authenticated:
        values = {"needs": [need.value for need in needs], "agreed_at": ClockTimestamp()}
        values["tells_staff"] = tells_staff and bool(needs)
        SavedNeeds.objects.update_or_create(user=user, defaults=values)
    if user.is_authenticated or not needs:
        response.delete_cookie(settings.NEEDS_COOKIE_NAME, samesite="Lax")
        return
    response.set_cookie(
        settings.NEEDS_COOKIE_NAME,
        joined(needs),
        max_age=KEPT_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
