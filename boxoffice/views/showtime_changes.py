"""Pages of a change to a showtime on sale: choose it, see what it touches, give a reason, apply it; then the page is
its record.
"""

from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from boxoffice.forms.showtime_changes import FORMS, ChangeReasonForm
from boxoffice.selectors.auditorium_moves import auditorium_move
from boxoffice.selectors.change_progress import changes_of, progress_of, what_is_touched
from boxoffice.views.page_frame import no_theater, page, showtime_for, theater_for, theaters_for
from core.refusals import Refusal, sentence_of
from core.web.posted_numbers import posted_number
from core.web.refusal_pages import answers_refusals
from reservations.changes.auditorium_moves import choose_seats, leave_move, paused_until
from reservations.changes.change_requests import ChangeRequest, request_of
from reservations.changes.showtime_changes import apply_change, plan_change
from staff.access import may, theater_ids_of
from staff.reauth import require_fresh_sign_in
from theaters.models import Showtime, ShowtimeChange
from theaters.movies.movie_use import refusal_to_change
from theaters.schedule.scheduling import SchedulingRefused
from theaters.states import ChangeKind, ChangeStatus

SEAT = "seat-"
RIGHT, VIEW = "theaters.change_sold_showtime", "theaters.view_showtimechange"


@require_http_methods(["GET", "POST"])
@answers_refusals()
def alter(request: HttpRequest, showtime_id: int, *, refusal: Refusal | None = None) -> HttpResponse:
    """The kinds of changes; the chosen one is planned and shown with what it touches."""
    showtime = showtime_for(request, RIGHT, showtime_id)
    forms = [form(request.POST if request.POST.get("kind") == form.kind else None, showtime=showtime) for form in FORMS]
    chosen = next((form for form in forms if form.is_bound), None)
    if chosen is not None and refusal is None and chosen.is_valid():
        wanted = chosen.change_request()
        _require_right_everywhere(request, showtime, wanted)
        change = plan_change(showtime=showtime, request=wanted, user_id=request.user.pk, now=timezone.now())
        return redirect("admin:schedule_change", showtime.pk, change.pk)
    context = {
        "title": f"Change or cancel: {showtime}",
        "showtime": showtime,
        "forms": forms,
        "changes": showtime.changes.filter(status=ChangeStatus.APPLIED).select_related("user"),
        "paused_until": paused_until(showtime),
        "move": showtime.changes.filter(status=ChangeStatus.PLANNED, kind=ChangeKind.MOVE).first(),
        "refusal": sentence_of(refusal),
    }
    return page(request, "admin/schedule/alter.html", context)


def _require_right_everywhere(request: HttpRequest, showtime: Showtime, wanted: ChangeRequest) -> None:
    """A rating counts in a whole country: changing it needs the right at every theater there that uses the movie."""
    if wanted.kind != ChangeKind.RATING:
        return
    theater_ids, country = theater_ids_of(request.user, RIGHT), showtime.auditorium.theater.country
    movie = wanted.rated or showtime.movie
    if refusal := refusal_to_change(movie=movie, theater_ids=theater_ids, country=country):
        raise SchedulingRefused(refusal)


@require_http_methods(["GET", "POST"])
@answers_refusals()
def change(request: HttpRequest, showtime_id: int, change_id: int, *, refusal: Refusal | None = None) -> HttpResponse:
    """The page of a change: what it would touch, or its progress."""
    showtime = showtime_for(request, VIEW if request.method == "GET" else RIGHT, showtime_id)
    found = ShowtimeChange.objects.select_related("user").filter(pk=change_id, showtime=showtime).first()
    if found is None:
        raise Http404("There is no such change.")
    form = ChangeReasonForm(request.POST or None)
    if request.method == "POST" and refusal is None:
        require_fresh_sign_in(request)
        if {"seats", "leave"}.intersection(request.POST):
            return _proposal_changed(request, found)
        if form.is_valid():
            return _applied(request, showtime, found, form.cleaned_data["reason"])
    context = {
        "title": f"{found.get_kind_display()}: {showtime}",
        "showtime": showtime,
        "change": found,
        "form": form,
        "refusal": sentence_of(refusal),
        "touched": what_is_touched(found),
        "move": auditorium_move(showtime, found) if found.kind == ChangeKind.MOVE else None,
        "money": Decimal(found.touched["money"]),
        "zone": showtime.auditorium.theater.timezone,
        "may_apply": found.status == ChangeStatus.PLANNED and may(request.user, RIGHT, showtime.auditorium.theater),
        "progress": progress_of(found) if found.status == ChangeStatus.APPLIED else None,
    }
    return page(request, "admin/schedule/change.html", context)


def _proposal_changed(request: HttpRequest, planned: ShowtimeChange) -> HttpResponse:
    """Change a planned move to another auditorium: set the seats of single tickets, or give the move up."""
    if "leave" in request.POST:
        leave_move(change_id=planned.pk)
        messages.success(request, gettext("The showtime stays where it is and is sold again."))
        return redirect("admin:schedule_alter", planned.showtime_id)
    typed = {name.removeprefix(SEAT): str(label) for name, label in request.POST.items() if name.startswith(SEAT)}
    chosen = {pk: label for ticket, label in typed.items() if (pk := posted_number(ticket)) is not None}
    choose_seats(change_id=planned.pk, chosen=chosen)
    return redirect("admin:schedule_change", planned.showtime_id, planned.pk)


def _applied(request: HttpRequest, showtime: Showtime, planned: ShowtimeChange, reason: str) -> HttpResponse:
    _require_right_everywhere(request, showtime, request_of(planned))
    assert request.user.pk is not None
    done = apply_change(change_id=planned.pk, reason=reason, user_id=request.user.pk, now=timezone.now())
    messages.success(
        request, gettext("Done: %(before)s → %(after)s.") % {"before": done.before["text"], "after": done.after["text"]}
    )
    return redirect("admin:schedule_change", showtime.pk, planned.pk)


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """The changes of a theater, with their open work."""
    theater = theater_for(request, VIEW, request.GET.get("theater"))
    if theater is None:
        return no_theater(request)
    context = {
        "title": f"Changes at {theater}",
        "theater": theater,
        "theaters": theaters_for(request, VIEW),
        "changes": changes_of(theater),
    }
    return page(request, "admin/schedule/changes.html", context)
