"""Planning a week: a form, a preview, drafts saved all at once, published in one step."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from boxoffice.forms.planning import PlanForms, WeekForm
from boxoffice.selectors.drafts import drafts_of
from boxoffice.views.page_frame import as_day, no_theater, page, theater_for, theaters_for
from core.refusals import Refusal, sentence_of
from core.web.posted_numbers import posted_number
from core.web.refusal_pages import answers_refusals
from houses.business_days import business_day
from houses.models import Theater
from reservations.opening.showtime_opening import open_all
from staff.access import staff_actor
from staff.services.audit import record
from theaters.models import Showtime
from theaters.planning.showtime_planning import PlannedShowtime, RequestedShowtime, checked_plan, save_drafts
from theaters.schedule.scheduling import SchedulingRefused
from theaters.schedule.wall_clock import FIRST, SECOND, wall_text

PLAN, COPY, PUBLISH = (f"admin/schedule/{name}.html" for name in ("plan", "copy", "publish"))
ADD, CHANGE_RIGHT = "theaters.add_showtime", "theaters.change_showtime"
FIRST_WEEKDAY_OF_A_MOVIE_WEEK = 4


@require_http_methods(["GET", "POST"])
@answers_refusals()
def plan(request: HttpRequest, *, refusal: Refusal | None = None) -> HttpResponse:
    """The form of a week: movies, days and times."""
    theater = theater_for(request, ADD, request.GET.get("theater"))
    if theater is None:
        return no_theater(request)
    forms = PlanForms(request.POST or None, theater=theater, initial=_next_week(theater))
    entries = forms.entries() if request.method == "POST" and forms.is_valid() and "_more" not in request.POST else None
    context = {"title": f"Plan a week at {theater}", "forms": forms, "refusal": sentence_of(refusal)}
    return _looked_at(request, theater, entries, PLAN, context)


@require_http_methods(["GET", "POST"])
@answers_refusals()
def copy(request: HttpRequest, *, refusal: Refusal | None = None) -> HttpResponse:
    """Copy the showtimes of a week into another, at the same local times."""
    theater = theater_for(request, ADD, request.GET.get("theater"))
    if theater is None:
        return no_theater(request)
    first = _next_week(theater)["first"]
    form = WeekForm(request.POST or None, theater=theater, initial={"first": first - timedelta(days=7), "to": first})
    entries = form.entries() if request.method == "POST" and form.is_valid() else None
    context = {"title": f"Copy a week at {theater}", "form": form, "refusal": sentence_of(refusal)}
    return _looked_at(request, theater, entries, COPY, context)


def _looked_at(
    request: HttpRequest,
    theater: Theater,
    entries: Sequence[RequestedShowtime] | None,
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """The preview of the lines, if there are any; once they are saved, redirect to the drafts to publish. Raises
    SchedulingRefused.
    """
    context |= {"theater": theater, "theaters": theaters_for(request, ADD), "lines": None}
    if entries is None:
        return page(request, template, context)
    seen, chosen = set(request.POST.getlist("seen")), set(request.POST.getlist("take"))
    if {entry.key for entry in entries} != seen and "_save" not in request.POST:
        # The plan was edited, so tick all lines anew: those that had a conflict before may have none now.
        seen -= set(request.POST.getlist("in_the_way")) - chosen
    left_out = seen - chosen
    answers = {
        entry.key: int(which) for entry in entries if (which := request.POST.get(f"which-{entry.key}")) in {"0", "1"}
    }
    lines = checked_plan(theater=theater, entries=entries, answers=answers, left_out=left_out, now=timezone.now())
    if "_save" in request.POST and not context["refusal"]:
        _require_seen(lines, seen)
        return _saved(request, theater, save_drafts(lines=[line for line in lines if line.key not in left_out]))
    return page(request, template, context | _facts(theater, lines, left_out, seen))


def _require_seen(lines: list[PlannedShowtime], seen: set[str]) -> None:
    if not {line.key for line in lines} <= seen:
        raise SchedulingRefused("The plan has changed since you looked at it. Here it is again; nothing was saved.")


def _facts(theater: Theater, lines: list[PlannedShowtime], left_out: set[str], seen: set[str]) -> dict[str, Any]:
    """Describe the lines for the page. A line with problems is not ticked by default."""
    return {
        "lines": [
            {
                "line": line,
                "choices": _choices(theater, line),
                "is_taken": line.key not in left_out if line.key in seen else not line.problems,
                "starts": line.starts_at and line.starts_at.astimezone(theater.zone),
                "until": line.occupied_until and line.occupied_until.astimezone(theater.zone),
            }
            for line in lines
        ],
        "bad": sum(not line.can_be_saved for line in lines),
        "unpriced": sorted({line.missing for line in lines if line.missing}),
    }


def _choices(theater: Theater, line: PlannedShowtime) -> list[tuple[int, str, bool]]:
    """The two moments of a time that occurs twice, and which is chosen; [] for other times."""
    if line.moments is None:
        return []
    return [
        (which, f"{name}: {wall_text(moment.astimezone(theater.zone))}", moment == line.starts_at)
        for which, name, moment in zip((FIRST, SECOND), ("The first", "The second"), line.moments, strict=True)
    ]


def _saved(request: HttpRequest, theater: Theater, drafts: list[Showtime]) -> HttpResponse:
    for draft in drafts:
        _record(request, draft, "plan")
    days = sorted(business_day(theater, draft.starts_at) for draft in drafts)
    messages.success(
        request,
        gettext("%(number)s drafts are saved. Customers see nothing of them until you publish them.")
        % {"number": len(drafts)},
    )
    query = urlencode({"theater": str(theater.pk), "day": days[0].isoformat()})
    return redirect(f"{reverse('admin:schedule_publish')}?{query}")


@require_http_methods(["GET", "POST"])
@answers_refusals()
def publish(request: HttpRequest, *, refusal: Refusal | None = None) -> HttpResponse:
    """Publish the ticked drafts from a day on, all of them or none."""
    theater = theater_for(request, CHANGE_RIGHT, request.GET.get("theater"))
    if theater is None:
        return no_theater(request)
    now = timezone.now()
    rows = drafts_of(theater=theater, since=as_day(request.GET.get("day")) or business_day(theater, now), now=now)
    if request.method == "POST" and refusal is None:
        wanted = set(request.POST.getlist("take"))
        chosen = [row.showtime.pk for row in rows if str(row.showtime.pk) in wanted]
        return _published(request, open_all(showtime_ids=chosen, actor=staff_actor(request.user)))
    context = {
        "title": f"Publish drafts at {theater}",
        "theater": theater,
        "theaters": theaters_for(request, CHANGE_RIGHT),
        "rows": rows,
        "refusal": sentence_of(refusal),
        "taken": set(map(posted_number, request.POST.getlist("take"))) if refusal else None,
    }
    return page(request, PUBLISH, context)


def _published(request: HttpRequest, showtimes: list[Showtime]) -> HttpResponse:
    for showtime in showtimes:
        _record(request, showtime, "publish")
    messages.success(request, gettext("%(number)s showtimes are on sale.") % {"number": len(showtimes)})
    return redirect(request.get_full_path())


def _record(request: HttpRequest, showtime: Showtime, action: str) -> None:
    theater = showtime.auditorium.theater
    after = {"showtime": str(showtime), "price list": str(showtime.price_list)}
    record(actor=staff_actor(request.user), action=action, thing=showtime, theater=theater, after=after)


def _next_week(theater: Theater) -> dict[str, date]:
    """The week from the coming Friday on, when programs change."""
    today = business_day(theater, timezone.now())
    ahead = (FIRST_WEEKDAY_OF_A_MOVIE_WEEK - today.weekday()) % 7 or 7
    first = today + timedelta(days=ahead)
    return {"first": first, "last": first + timedelta(days=6)}
