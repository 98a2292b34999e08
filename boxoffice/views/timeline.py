"""A theater's day: auditoriums as rows, showtimes as bars, and the same facts as a list; a draft is moved here."""

from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from boxoffice.forms.planning import MoveForm
from boxoffice.selectors.timeline import timeline
from boxoffice.views.page_frame import as_day, no_theater, page, showtime_for, theater_for, theaters_for
from core.refusals import Refusal
from core.web.refusal_pages import answers_refusals
from houses.business_days import business_day
from staff.access import may, staff_actor
from staff.services.audit import record
from theaters.models import Showtime
from theaters.schedule.scheduling import SchedulingRefused
from theaters.schedule.showtime_drafts import move_draft
from theaters.schedule.wall_clock import DoubledTime, wall_moment

VIEW, CHANGE = "theaters.view_showtime", "theaters.change_showtime"


@require_safe
def day(request: HttpRequest) -> HttpResponse:
    theater = theater_for(request, VIEW, request.GET.get("theater"))
    if theater is None:
        return no_theater(request)
    now = timezone.now()
    shown = as_day(request.GET.get("day")) or business_day(theater, now)
    context = {
        "title": f"{theater}, {shown:%A %d %B %Y}",
        "theater": theater,
        "theaters": theaters_for(request, VIEW),
        "timeline": timeline(theater=theater, day=shown, now=now),
        "may_change": may(request.user, CHANGE, theater),
    }
    return page(request, "admin/schedule/day.html", context)


def _not_moved(request: HttpRequest, showtime_id: int, *, refusal: Refusal) -> HttpResponse:
    showtime = showtime_for(request, CHANGE, showtime_id)
    messages.error(request, f"{showtime}: {refusal}")
    return _to_its_day(request, showtime)


def _asked_which(request: HttpRequest, showtime_id: int, *, refusal: Refusal) -> HttpResponse:
    showtime = showtime_for(request, CHANGE, showtime_id)
    messages.error(
        request,
        gettext("%(showtime)s: %(refusal)s Say so on the page of the draft.")
        % {"showtime": showtime, "refusal": refusal},
    )
    return redirect("admin:theaters_showtime_change", showtime.pk)


@require_POST
@answers_refusals(_not_moved)
@answers_refusals(_asked_which, kinds=DoubledTime)
def move(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """Move a draft by some minutes, or to another time of the same night."""
    showtime = showtime_for(request, CHANGE, showtime_id)
    wanted = _new_start(showtime, MoveForm(request.POST))
    moved = move_draft(showtime_id=showtime.pk, starts_at=wanted, now=timezone.now())
    _record(request, showtime, moved)
    messages.success(request, gettext("%(moved)s is where it starts now.") % {"moved": moved})
    return _to_its_day(request, showtime)


def _to_its_day(request: HttpRequest, showtime: Showtime) -> HttpResponse:
    theater = showtime.auditorium.theater
    shown = as_day(request.POST.get("day")) or business_day(theater, showtime.starts_at)
    query = urlencode({"theater": str(theater.pk), "day": shown.isoformat()})
    return redirect(f"{reverse('admin:schedule_day')}?{query}#showtime-{showtime.pk}")


def _record(request: HttpRequest, before: Showtime, after: Showtime) -> None:
    record(
        actor=staff_actor(request.user),
        action="move draft",
        thing=after,
        theater=after.auditorium.theater,
        before={"starts": str(before)},
        after={"starts": str(after)},
    )


def _new_start(showtime: Showtime, form: MoveForm) -> datetime:
    """The new start. Raises SchedulingRefused, ImpossibleTime or DoubledTime."""
    if not form.is_valid():
        raise SchedulingRefused("Say when, as on the clock of the theater: 19:30.")
    theater, at, by = showtime.auditorium.theater, form.cleaned_data["at"], form.cleaned_data["by"]
    if by is not None:
        seen = form.cleaned_data["seen"]
        from_when = showtime.starts_at if seen is None else datetime.fromtimestamp(seen, UTC)
        return from_when + timedelta(minutes=by)
    # A start after midnight belongs to the evening before.
    later = timedelta(days=at < theater.business_day_starts_at)
    return wall_moment(theater=theater, on=business_day(theater, showtime.starts_at) + later, at=at)
