"""The page of a showtime's program: several movies, a talk, a concert. Only a draft's program can be changed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from boxoffice.forms.programs import ProgramForms
from boxoffice.views.page_frame import page, showtime_for
from core.refusals import Refusal, sentence_of
from core.web.refusal_pages import answers_refusals
from staff.access import staff_actor
from staff.services.audit import record
from theaters.models import Showtime
from theaters.schedule.programs import Program, set_program
from theaters.states import ShowtimeStatus

CHANGE = "theaters.change_showtime"


@require_http_methods(["GET", "POST"])
@answers_refusals()
def program(request: HttpRequest, showtime_id: int, *, refusal: Refusal | None = None) -> HttpResponse:
    showtime = showtime_for(request, CHANGE, showtime_id)
    forms = ProgramForms(request.POST or None, showtime=showtime)
    is_sent = request.method == "POST" and "_more" not in request.POST and refusal is None
    if is_sent and forms.is_valid():
        return _saved(request, showtime, forms.program())
    context = {
        "title": gettext("Program: %(showtime)s") % {"showtime": showtime},
        "showtime": showtime,
        "forms": forms,
        "is_draft": showtime.status == ShowtimeStatus.DRAFT,
        "is_on_sale": showtime.status == ShowtimeStatus.PUBLISHED,
        "refusal": sentence_of(refusal),
    }
    return page(request, "admin/schedule/program.html", context)


def _saved(request: HttpRequest, showtime: Showtime, program: Program) -> HttpResponse:
    before = _words(showtime)
    saved = set_program(showtime_id=showtime.pk, program=program)
    record(
        actor=staff_actor(request.user),
        action="program",
        thing=saved,
        theater=showtime.auditorium.theater,
        before=before,
        after=_words(saved),
    )
    messages.success(request, gettext("The program is saved."))
    return redirect("admin:theaters_showtime_change", saved.pk)


def _words(showtime: Showtime) -> dict[str, str]:
    return {"title": showtime.title, "program": "; ".join(str(item) for item in showtime.program)}
