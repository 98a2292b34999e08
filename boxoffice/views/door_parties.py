"""Pages of the door about the people of a booking or a showtime: search, who is in, who is missing. No money and no
addresses.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from boxoffice.selectors.found_bookings import MOST_TEXT, find_bookings
from boxoffice.staff_pages import staff_page
from boxoffice.views.door import PERMISSION, at_a_door, door_page, door_with_refusal, reason_to_overrule
from boxoffice.views.page_frame import house_of
from core.clock import in_zone
from core.web.refusal_pages import answers_refusals
from reservations.door.door_parties import admit_party, look_up_party
from reservations.door.door_rules import Door
from reservations.selectors.door_parties import parties_of, showtimes_today
from theaters.models import Showtime

SHOWTIME_PAGE = "boxoffice/door_showtime.html"
FIND_PAGE = "boxoffice/door_find.html"
MOST_DIGITS = 18


@staff_page(PERMISSION)
@require_GET
@at_a_door
def door_find(request: HttpRequest, here: Door) -> HttpResponse:
    """Search for a booking, as at the counter."""
    text = request.GET.get("q", "").strip()[:MOST_TEXT]
    found = find_bookings(theater=here.theater, text=text, now=timezone.now())
    return render(request, FIND_PAGE, house_of(here.theater) | {"door": here, "wanted": text, "found": found})


@staff_page(PERMISSION)
@require_GET
@at_a_door
def door_booking(request: HttpRequest, here: Door, reference: str) -> HttpResponse:
    party = look_up_party(reference=reference, door=here, now=timezone.now(), showtime_id=_showtime_id(request))
    if party is None:
        raise Http404
    return door_page(request, here, party=party)


@staff_page(PERMISSION)
@require_POST
@at_a_door
@answers_refusals(door_with_refusal)
def admit_booking(request: HttpRequest, here: Door, reference: str) -> HttpResponse:
    reason = reason_to_overrule(request, here) if "reason" in request.POST else ""
    # "Let everybody in" was pressed, not the ticked people.
    seats = request.POST.getlist("seats") if "some" in request.POST else None
    party = admit_party(
        reference=reference,
        door=here,
        now=timezone.now(),
        reason=reason,
        showtime_id=_showtime_id(request),
        seats=seats,
    )
    if party is None:
        raise Http404
    if request.htmx:  # type: ignore[attr-defined]
        return door_page(request, here, party=party)
    return redirect(reverse("door_booking", args=[reference]) + party.party.showtime_query)


def _showtime_id(request: HttpRequest) -> int | None:
    """The showtime in the address, `?showtime=17`. Raises Http404."""
    showtime = request.GET.get("showtime")
    if showtime is not None and not (showtime.isascii() and showtime.isdigit() and len(showtime) < MOST_DIGITS):
        raise Http404
    return int(showtime) if showtime else None


@staff_page(PERMISSION)
@require_GET
@at_a_door
def door_showtime(request: HttpRequest, here: Door, showtime_id: int) -> HttpResponse:
    """The parties of one of today's showtimes of this theater. Raises Http404 for others."""
    now = timezone.now()
    shows = {show.showtime_id: show for show in showtimes_today(here.theater, now)}
    if showtime_id not in shows:
        raise Http404
    showtime = get_object_or_404(Showtime.objects.with_names(), pk=showtime_id)
    counted_at = in_zone(now, here.theater.zone)
    context = {"door": here, "show": shows[showtime_id], "parties": parties_of(showtime), "counted_at": counted_at}
    return render(request, SHOWTIME_PAGE, house_of(here.theater) | context)
