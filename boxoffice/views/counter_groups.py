"""Keep seats at the counter for a group that calls or stands in front of it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from boxoffice.forms.group_blocks import GroupForm
from boxoffice.staff_pages import staff_page
from boxoffice.views.counter import SELL, seller_of
from boxoffice.views.counter_showtime import KEEP_FOR_GROUP, desk_with_refusal, showtime_at_counter
from core.refusals import BadChoice
from core.web.refusal_pages import answers_refusals
from reservations.counter.counter_groups import keep_held_for_group
from staff.access import may
from staff.acting import acting_in


@staff_page(SELL)
@require_POST
@answers_refusals(desk_with_refusal)
def keep(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """Turn the held seats into the group's, and mail its link."""
    showtime = showtime_at_counter(request, showtime_id)
    if not may(acting_in(request), KEEP_FOR_GROUP, showtime.auditorium.theater):
        raise PermissionDenied
    form = GroupForm(request.POST, theater=showtime.auditorium.theater, prefix="group")
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        name = f"{form.fields[field].label}: " if field in form.fields else ""
        raise BadChoice("group", f"{name}{errors[0]}")
    keep_held_for_group(showtime=showtime, seller=seller_of(request), group=form.group, now=timezone.now())
    return redirect("counter_map", showtime.pk)
