"""Helpers of the office's own pages: access by theater, and the frame around the page."""

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from houses.models import Theater
from houses.selectors import house_facts
from staff.access import may, may_somewhere, theaters_of
from staff.acting import acting_in
from theaters.models import Seat, Showtime

# Pages of the schedule that need a right: their name in the template context, and the right.
WAYS = {
    "may_plan": "theaters.add_showtime",
    "may_publish": "theaters.change_showtime",
    "may_see_changes": "theaters.view_showtimechange",
    "may_keep_back": "reservations.keep_seats_back",
    "may_move_in": "reservations.move_tickets_in",
}


def theaters_for(request: HttpRequest, permission: str) -> QuerySet[Theater]:
    """The theaters where this person has the right. Raises PermissionDenied when there is none."""
    if not may_somewhere(acting_in(request), permission):
        raise PermissionDenied
    return theaters_of(acting_in(request), permission)


def theater_for(request: HttpRequest, permission: str, wanted: str | None) -> Theater | None:
    """The theater that is asked for, or the first; None when there is none at all. Raises Http404 for one of others."""
    theaters = theaters_for(request, permission)
    if not wanted:
        return theaters.first()
    found = (
        theaters.filter(pk=int(wanted)).first() if wanted.isascii() and wanted.isdigit() and len(wanted) < 18 else None
    )
    if found is None:
        raise Http404("There is no such theater.")
    return found


def showtime_for(request: HttpRequest, permission: str, showtime_id: int) -> Showtime:
    """Find a showtime at a theater where this person has the right. Raises Http404."""
    theaters = theaters_for(request, permission)
    found = (
        Showtime.objects.with_names()
        .with_age_rule()
        .select_related("price_list")
        .filter(auditorium__theater__in=theaters)
    )
    showtime = found.filter(pk=showtime_id).first()
    if showtime is None:
        raise Http404("There is no such showtime.")
    return showtime


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page in the office's frame, as wide as the window."""
    frame = {**admin.site.each_context(request), "is_nav_sidebar_enabled": False}
    if theater := context.get("theater"):
        frame |= {name: may(acting_in(request), right, theater) for name, right in WAYS.items()}
        frame["has_numbers"] = Seat.objects.numbered().filter(plan__auditorium__theater=theater).exists()
    return TemplateResponse(request, template, {**frame, **context}, status=status)


def no_theater(request: HttpRequest) -> HttpResponse:
    messages.warning(request, gettext("There is no theater yet. Add one first."))
    return redirect("admin:index")


def house_of(theater: Theater | None) -> dict[str, Any]:
    """Template context with the house of the theater: counter and door use it, whatever the domain."""
    return {"house": house_facts(theater.house_id)} if theater else {}


def as_day(value: str | None) -> date | None:
    """A day from the address; None for anything else."""
    try:
        day = date.fromisoformat(value or "")
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= date(2199, 12, 30) else None
