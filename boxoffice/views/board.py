"""The page of an enrolled board: tonight in this theater, full screen, for everybody who stands before it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_safe

from boxoffice.selectors.board import board_of
from core.house_facts import speaking_for
from core.web.refusal_pages import answers_refusals
from houses.selectors import house_facts
from staff.device_cookies import device_cookie, set_device_cookie
from staff.device_requests import other_task, refused_page
from staff.services.devices import DeviceRevoked, find_by_cookie, note_use
from staff.states import DeviceTask

PAGE = "boxoffice/board.html"


@require_safe
@answers_refusals(refused_page, kinds=DeviceRevoked)
def board(request: HttpRequest) -> HttpResponse:
    """The board of showtimes. The device's cookie is enough, nobody signs in. The page polls, and gets only the part
    that changes.
    """
    now, here = timezone.now(), find_by_cookie(device_cookie(request))
    if here.task != DeviceTask.BOARD:
        return other_task(request, here)
    note_use(here, now=now)
    # A board runs for weeks, so after a release it loads the whole page, whose styles may have changed.
    look = static("css/board.css")
    if request.htmx and request.GET.get("look") != look:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Refresh": "true"})
    template = f"{PAGE}#tonight" if request.htmx else PAGE  # type: ignore[attr-defined]
    with speaking_for(house_facts(here.theater.house_id)):
        answer = render(request, template, {"board": board_of(here.theater, now=now), "look": look})
    set_device_cookie(answer, device_cookie(request))
    return answer
