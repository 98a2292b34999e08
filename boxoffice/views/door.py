"""Pages of the door: scan a ticket, and get an answer that an usher can say aloud."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from boxoffice.forms.door import DoorForm
from boxoffice.staff_pages import staff_page
from boxoffice.views.page_frame import house_of
from core.refusals import Refusal
from core.web.posted_numbers import posted_number
from core.web.refusal_pages import answers_refusals
from houses.models import Theater
from reservations.door.door_parties import (
    PartyAnswer,
    look_up_party,
    look_up_party_code,
    reference_in,
    refuse_unknown_booking,
)
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit, is_old_barcode, overrule, undo
from reservations.selectors.door import ScanAnswer, answer_of, latest_entries
from reservations.selectors.door_parties import showtimes_today
from staff.access import may, may_somewhere, theaters_of
from staff.acting import Acting, acting_in
from theaters.models import Auditorium

PAGE = "boxoffice/door.html"
PERMISSION = "reservations.admit_ticket"
OVERRULE = "reservations.overrule_door"
SELL = "reservations.sell_at_counter"
MOST_TEXT = 500
MOST_REASON = 200
MOST_KEY = 32


def door_of(request: HttpRequest) -> Door | None:
    """Where this scanner stands, if its user may stand there; a device starts at its theater's entrance."""
    acting = acting_in(request)
    chosen: dict[str, Any] = request.session.get("door") or _door_of_device(acting)
    theater: Theater | None = theaters_of(acting, PERMISSION).filter(pk=chosen.get("theater") or 0).first()
    if theater is None:
        return None
    auditorium = Auditorium.objects.filter(theater=theater, pk=chosen.get("auditorium") or 0).first()
    if chosen.get("auditorium") and auditorium is None:
        return None
    return Door(
        theater=theater,
        auditorium=auditorium,
        name=chosen["name"],
        operator_id=acting.user_id,
        device_id=acting.device_id,
    )


def _door_of_device(acting: Acting) -> dict[str, Any]:
    return {"theater": acting.device.theater_id, "name": acting.device.name} if acting.device else {}


def at_a_door[**P](
    view: Callable[Concatenate[HttpRequest, Door, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Decorate a view that gets the door of this device; without one the page asks for it."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        here = door_of(request)
        return redirect("door") if here is None else view(request, here, *args, **kwargs)

    return guarded


@staff_page(PERMISSION)
@require_GET
def door(request: HttpRequest) -> HttpResponse:
    here = door_of(request)
    if here is None or "change" in request.GET:
        form = DoorForm(theaters=theaters_of(acting_in(request), PERMISSION))
        return render(request, PAGE, {"form": form, "may_sell": may_somewhere(acting_in(request), SELL)})
    scan = request.GET.get("scan", "")
    number = posted_number(scan)
    answer = None if number is None else answer_of(scan_id=number, theater_id=here.theater.pk)
    return door_page(request, here, answer=answer)


def door_with_refusal(
    request: HttpRequest, here: Door, scan_id: int = 0, reference: str = "", *, refusal: Refusal
) -> HttpResponse:
    """The refusal as the scanner's answer; an entry that is too old to be taken back asks for a reason."""
    answer = ScanAnswer(is_welcome=False, sentence=refusal.sentence, ticket=None, scan_id=0)
    return door_page(request, here, answer=answer, old_scan_id=scan_id if refusal.field == "reason" else 0)


@staff_page(PERMISSION)
@require_POST
def choose_door(request: HttpRequest) -> HttpResponse:
    form = DoorForm(request.POST, theaters=theaters_of(acting_in(request), PERMISSION))
    if not form.is_valid():
        return render(request, PAGE, {"form": form}, status=422)
    theater_id, auditorium_id = form.cleaned_data["place"]
    request.session["door"] = {"theater": theater_id, "auditorium": auditorium_id, "name": form.cleaned_data["name"]}
    return redirect("door")


@staff_page(PERMISSION)
@require_POST
@at_a_door
def scan(request: HttpRequest, here: Door) -> HttpResponse:
    text = request.POST.get("code", "")[:MOST_TEXT]
    if (reference := reference_in(text)) and not is_old_barcode(text, here.theater):
        return _look_up(request, here, reference)
    if (party := look_up_party_code(text=text, door=here, now=timezone.now())) is not None:
        return _party_page(request, here, party)
    key = request.POST.get("key", "")[:MOST_KEY]
    return _answered(request, here, admit(text=text, door=here, now=timezone.now(), key=key))


def _look_up(request: HttpRequest, here: Door, reference: str) -> HttpResponse:
    party = look_up_party(reference=reference, door=here, now=timezone.now())
    if party is None:
        return _answered(request, here, refuse_unknown_booking(reference=reference, door=here))
    return _party_page(request, here, party)


def _party_page(request: HttpRequest, here: Door, party: PartyAnswer) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return door_page(request, here, party=party)
    return redirect(reverse("door_booking", args=[party.party.reference]) + party.party.showtime_query)


@staff_page(PERMISSION)
@require_POST
@at_a_door
@answers_refusals(door_with_refusal)
def overrule_scan(request: HttpRequest, here: Door, scan_id: int) -> HttpResponse:
    reason = reason_to_overrule(request, here)
    return _answered(request, here, overrule(scan_id=scan_id, reason=reason, door=here, now=timezone.now()))


@staff_page(PERMISSION)
@require_POST
@at_a_door
@answers_refusals(door_with_refusal)
def undo_scan(request: HttpRequest, here: Door, scan_id: int) -> HttpResponse:
    reason = reason_to_overrule(request, here) if "reason" in request.POST else ""
    return _answered(request, here, undo(scan_id=scan_id, door=here, reason=reason))


def reason_to_overrule(request: HttpRequest, here: Door) -> str:
    """The reason that was given, by somebody who may overrule at this theater; 403 for everybody else."""
    if not may(acting_in(request), OVERRULE, here.theater):
        raise PermissionDenied
    return request.POST.get("reason", "").strip()[:MOST_REASON]


def _answered(request: HttpRequest, here: Door, answer: ScanAnswer) -> HttpResponse:
    """Show the answer; without script redirect to its address, so that a reload does not scan again."""
    if not request.htmx:  # type: ignore[attr-defined]  # the middleware's
        response = redirect("door")
        response["Location"] += f"?scan={answer.scan_id}"
        return response
    return door_page(request, here, answer=answer)


def _state(answer: ScanAnswer | None, party: PartyAnswer | None) -> str:
    """The state that sets the page's color: `welcome`, `refused`, `party` for a booking that was looked up, `none`
    before the first scan.
    """
    if answer is not None:
        return "welcome" if answer.is_welcome else "refused"
    if party is None:
        return "none"
    if party.is_welcome:
        return "welcome"
    return "refused" if party.sentence else "party"


def door_page(
    request: HttpRequest,
    here: Door,
    *,
    answer: ScanAnswer | None = None,
    party: PartyAnswer | None = None,
    old_scan_id: int = 0,
) -> HttpResponse:
    """The whole page, or for script the answer alone. `old_scan_id`: an entry that is taken back with a reason only."""
    template = f"{PAGE}#result" if request.htmx else PAGE  # type: ignore[attr-defined]  # the middleware's
    auditorium_id = here.auditorium.pk if here.auditorium else None
    context = house_of(here.theater) | {
        "door": here,
        "state": _state(answer, party),
        "answer": answer,
        "party": party,
        "old_scan_id": old_scan_id,
        "entries": latest_entries(theater_id=here.theater.pk, door=here.name),
        "shows": showtimes_today(here.theater, timezone.now(), auditorium_id=auditorium_id),
        "may_overrule": may(acting_in(request), OVERRULE, here.theater),
        "may_sell": may_somewhere(acting_in(request), SELL),
    }
    return render(request, template, context)
