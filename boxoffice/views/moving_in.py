"""Moving sold tickets of another system in: upload or paste, look at every line, confirm. It works without script."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from boxoffice.forms.moving_in import MovingInForm
from boxoffice.views.page_frame import no_theater, page, theater_for, theaters_for
from core.spreadsheets import csv_answer
from houses.models import Theater
from payments.books.moving_in import MovedIn, move_in, preview_moving_in
from reservations.moving_in.old_ticket_columns import COLUMNS
from reservations.moving_in.old_ticket_files import EXAMPLE, OldTicketFile
from reservations.states import MovingInOutcome
from staff.access import staff_actor

PERMISSION = "reservations.move_tickets_in"
PAGE = "admin/schedule/move_in.html"
# The number of lines shown for each outcome; the command lists all.
MOST_SHOWN = 200
ORDER = (MovingInOutcome.CONFLICT, MovingInOutcome.REFUSED, MovingInOutcome.NEW, MovingInOutcome.SAME)


def moving_in(request: HttpRequest) -> HttpResponse:
    theater = theater_for(request, PERMISSION, request.GET.get("theater"))
    if theater is None:
        return no_theater(request)
    form = MovingInForm(request.POST or None, request.FILES or None)
    context = {"title": gettext("Move sold tickets in"), "theater": theater, "form": form, "columns": list(COLUMNS)}
    if form.is_bound and form.is_valid() and form.tickets is not None:
        if "_apply" in request.POST:
            return _moved(request, theater, form.tickets, context)
        moved = preview_moving_in(theater=theater, file=form.tickets, now=timezone.now())
        context |= {"moved": moved, "groups": _groups(moved), "source": form.source}
    return page(request, PAGE, context | {"theaters": theaters_for(request, PERMISSION)}, status=_status(form))


def _status(form: MovingInForm) -> int:
    return 422 if form.errors else 200


def _moved(request: HttpRequest, theater: Theater, file: OldTicketFile, context: dict[str, Any]) -> HttpResponse:
    moved = move_in(theater=theater, file=file, actor=staff_actor(request.user), now=timezone.now())
    count = moved.new_tickets
    said = ngettext("One ticket is moved in.", "%(number)s tickets are moved in.", count) % {"number": count}
    messages.success(request, said)
    left_out = [*moved.lines_with(MovingInOutcome.CONFLICT), *moved.lines_with(MovingInOutcome.REFUSED)]
    if not left_out:
        return redirect(f"{reverse('admin:schedule_move_in')}?theater={theater.pk}")
    shown = {"moved": moved, "groups": _groups(moved), "is_done": True, "theaters": theaters_for(request, PERMISSION)}
    return page(request, PAGE, context | shown)


def _groups(moved: MovedIn) -> list[dict[str, Any]]:
    groups = [(outcome, moved.lines_with(outcome)) for outcome in ORDER]
    return [
        {"outcome": outcome, "lines": lines[:MOST_SHOWN], "total": len(lines), "more": max(0, len(lines) - MOST_SHOWN)}
        for outcome, lines in groups
        if lines
    ]


@require_safe
def example(request: HttpRequest) -> HttpResponseBase:
    theaters_for(request, PERMISSION)
    return csv_answer(request, "old-tickets-example", EXAMPLE[0], EXAMPLE[1:])
