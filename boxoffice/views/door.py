"""The door: a scanner in a hand, one question, an answer that can be said aloud."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from boxoffice.forms.door import DoorForm
from boxoffice.guard import staff_page
from reservations.selectors.door import Answer, answer_of, latest_entries
from reservations.services.admission import Door, UndoRefused, admit, undo
from theaters.access import may_somewhere, theaters_of
from theaters.models import Auditorium, Theater

PAGE = "boxoffice/door.html"
PERMISSION = "reservations.admit_ticket"
SELL = "reservations.sell_at_counter"
MOST_TEXT = 500


@staff_page(PERMISSION)
@require_GET
def door(request: HttpRequest) -> HttpResponse:
    here = _door(request)
    if here is None or "change" in request.GET:
        form = DoorForm(theaters=theaters_of(request.user, PERMISSION))
        return render(request, PAGE, {"form": form, "may_sell": may_somewhere(request.user, SELL)})
    scan = request.GET.get("scan", "")
    answer = answer_of(scan_id=int(scan), theater_id=here.theater.pk) if scan.isdecimal() and len(scan) < 19 else None
    return _page(request, here, answer)


@staff_page(PERMISSION)
@require_POST
def choose_door(request: HttpRequest) -> HttpResponse:
    form = DoorForm(request.POST, theaters=theaters_of(request.user, PERMISSION))
    if not form.is_valid():
        return render(request, PAGE, {"form": form}, status=422)
    theater_id, auditorium_id = form.cleaned_data["place"]
    request.session["door"] = {"theater": theater_id, "auditorium": auditorium_id, "name": form.cleaned_data["name"]}
    return redirect("door")


@staff_page(PERMISSION)
@require_POST
def scan(request: HttpRequest) -> HttpResponse:
    here = _door(request)
    if here is None:
        return redirect("door")
    answer = admit(text=request.POST.get("code", "")[:MOST_TEXT], door=here, now=timezone.now())
    return _answered(request, here, answer)


@staff_page(PERMISSION)
@require_POST
def undo_scan(request: HttpRequest, scan_id: int) -> HttpResponse:
    here = _door(request)
    if here is None:
        return redirect("door")
    try:
        answer = undo(scan_id=scan_id, door=here)
    except UndoRefused as refusal:
        return _page(request, here, Answer(is_welcome=False, sentence=str(refusal), ticket=None, scan_id=0), status=409)
    return _answered(request, here, answer)


def _door(request: HttpRequest) -> Door | None:
    """Where this device stands, if its user may still stand there."""
    chosen: dict[str, Any] = request.session.get("door") or {}
    theater: Theater | None = theaters_of(request.user, PERMISSION).filter(pk=chosen.get("theater") or 0).first()
    if theater is None or request.user.pk is None:
        return None
    auditorium = Auditorium.objects.filter(theater=theater, pk=chosen.get("auditorium") or 0).first()
    if chosen.get("auditorium") and auditorium is None:
        return None
    return Door(theater=theater, auditorium=auditorium, name=chosen["name"], operator_id=request.user.pk)


def _answered(request: HttpRequest, here: Door, answer: Answer) -> HttpResponse:
    """Without script the answer has an address of its own: a reload does not scan again."""
    if not request.htmx:  # type: ignore[attr-defined]  # the middleware's
        response = redirect("door")
        response["Location"] += f"?scan={answer.scan_id}"
        return response
    return _page(request, here, answer)


def _page(request: HttpRequest, here: Door, answer: Answer | None, status: int = 200) -> HttpResponse:
    template = f"{PAGE}#result" if request.htmx else PAGE  # type: ignore[attr-defined]  # the middleware's
    entries = latest_entries(theater_id=here.theater.pk, door=here.name)
    may_sell = may_somewhere(request.user, SELL)
    context = {"door": here, "answer": answer, "entries": entries, "may_sell": may_sell}
    return render(request, template, context, status=status)
