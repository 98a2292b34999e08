"""Keeping seats back and putting them on sale; a broken seat and everybody who has a ticket for it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from boxoffice.forms.house_seats import BrokenForm, HouseSeatsForm, SeatForm
from boxoffice.selectors.shared_blocks import shared_blocks_at
from boxoffice.selectors.showtime_seats import SeatRow, seat_rows
from boxoffice.views.group_blocks import act_on_groups, asks_for_groups, group_context
from boxoffice.views.page_frame import no_theater, page, showtime_for, theater_for, theaters_for
from boxoffice.views.shared_blocks import END, end_shared_block
from core.refusals import Refusal, sentence_of
from core.web.refusal_pages import answers_refusals
from reservations.opening.house_seats import keep_seats, release_seats, report_broken, report_mended, seat_ahead
from reservations.seats.plan_seats import has_numbers
from staff.access import may, staff_actor
from theaters.models import Auditorium, BrokenSeat, Showtime
from theaters.plans.plan_chairs import chair_in_plans
from theaters.schedule.scheduling import SchedulingRefused
from theaters.seat_labels import is_place
from theaters.states import ShowtimeStatus

RIGHT, SWAP, SELL = "reservations.keep_seats_back", "reservations.swap_seats", "reservations.sell_at_counter"


def house_seats_page(request: HttpRequest, showtime_id: int, *, refusal: Refusal | None = None) -> HttpResponse:
    showtime = showtime_for(request, RIGHT, showtime_id)
    rows, groups = seat_rows(showtime), group_context(request, showtime)
    numbered = has_numbers(showtime.plan_id) if showtime.plan_id else True
    of_groups = {label for group, _, _ in groups["groups"] for label in group.kept}
    context = {
        "title": f"House seats: {showtime}" if numbered else f"Kept back: {showtime}",
        "has_numbers": numbered,
        "may_sell": may(request.user, SELL, showtime.auditorium.theater),
        "showtime": showtime,
        "rows": rows,
        "kept": [seat for row in rows for seat in row.seats if seat.state == "house" and seat.label not in of_groups],
        "form": _seats_form(request, rows),
        "chosen": set(request.POST.getlist("seats")),
        "refusal": sentence_of(refusal),
        "shared_blocks": shared_blocks_at(showtime, now=timezone.now()),
    } | groups
    return page(request, "admin/schedule/house_seats.html", context)


@require_http_methods(["GET", "POST"])
@answers_refusals(house_seats_page)
def house_seats(request: HttpRequest, showtime_id: int) -> HttpResponse:
    showtime = showtime_for(request, RIGHT, showtime_id)
    form = _seats_form(request, seat_rows(showtime))
    if request.method == "POST" and form.is_valid() and _change_house_seats(request, showtime, form.cleaned_data):
        return redirect(request.get_full_path())
    return house_seats_page(request, showtime_id)


def _seats_form(request: HttpRequest, rows: list[SeatRow]) -> HouseSeatsForm:
    return HouseSeatsForm(request.POST or None, labels=[seat.label for row in rows for seat in row.seats])


def _change_house_seats(request: HttpRequest, showtime: Showtime, wanted: dict[str, Any]) -> bool:
    """Do what the page asks. False when a form is incomplete. Raises SchedulingRefused."""
    labels, actor = wanted["seats"], staff_actor(request.user)
    if showtime.status != ShowtimeStatus.PUBLISHED:
        raise SchedulingRefused("Only a showtime on sale has seats to keep back.")
    if END in request.POST:
        end_shared_block(request, showtime)
        return True
    if asks_for_groups(request):
        return act_on_groups(request, showtime, labels)
    if "_release" in request.POST:
        freed = release_seats(showtime=showtime, labels=labels, actor=actor)
        messages.success(
            request,
            (gettext("On sale again: %(seats)s.") % {"seats": ", ".join(freed)})
            if freed
            else gettext("None of them was kept back, or somebody is buying them for a group."),
        )
        return True
    refused = keep_seats(
        showtime=showtime,
        labels=labels,
        reason=wanted["reason"],
        release_minutes=wanted["release_minutes"],
        actor=actor,
    )
    if kept := [label for label in labels if label not in refused]:
        messages.success(request, gettext("Kept back: %(seats)s.") % {"seats": ", ".join(kept)})
    if refused:
        messages.warning(
            request, gettext("Not free, so they stay as they are: %(seats)s.") % {"seats": ", ".join(refused)}
        )
    return True


@require_http_methods(["GET", "POST"])
@answers_refusals()
def broken_seat(request: HttpRequest, *, refusal: Refusal | None = None) -> HttpResponse:
    """A seat: who has coming tickets for it; report it as broken, or mended."""
    theater = theater_for(request, RIGHT, request.GET.get("theater"))
    if theater is None:
        return no_theater(request)
    asked = "auditorium" in request.GET and "label" in request.GET
    form = SeatForm(request.GET if asked else None, theater=theater)
    context: dict[str, Any] = {
        "title": f"Broken seats at {theater}",
        "theater": theater,
        "theaters": theaters_for(request, RIGHT),
        "form": form,
        "refusal": sentence_of(refusal),
        "broken": BrokenSeat.objects.filter(auditorium__theater=theater, mended_at=None).select_related("auditorium"),
    }
    if asked and form.is_valid():
        auditorium, label = form.cleaned_data["auditorium"], form.cleaned_data["label"]
        names = {label, *chair_in_plans(auditorium, label).values()}
        reported = BrokenSeat.objects.filter(auditorium=auditorium, label__in=names, mended_at=None).first()
        reason = BrokenForm(request.POST or None)
        if request.method == "POST" and refusal is None and _report(request, auditorium, label, reported, reason):
            query = urlencode({"theater": str(theater.pk), "auditorium": str(auditorium.pk), "label": label})
            return redirect(f"{reverse('admin:schedule_seat')}?{query}")
        context |= {
            "title": _title(auditorium, label),
            "label": label,
            "is_place": is_place(label),
            "auditorium": auditorium,
            "reported": reported,
            "reason": reason,
            "ahead": seat_ahead(auditorium=auditorium, label=label),
            "zone": theater.timezone,
            "may_swap": may(request.user, SWAP, theater),
        }
    return page(request, "admin/schedule/seat.html", context)


def _title(auditorium: Auditorium, label: str) -> str:
    says = gettext("Place %(label)s, %(auditorium)s") if is_place(label) else gettext("Seat %(label)s, %(auditorium)s")
    return says % {"label": label, "auditorium": auditorium}


def _report(
    request: HttpRequest, auditorium: Auditorium, label: str, reported: BrokenSeat | None, form: BrokenForm
) -> bool:
    """Report the seat as broken or mended. False for an incomplete form. Raises SchedulingRefused."""
    assert request.user.pk is not None
    if "_mended" in request.POST:
        if reported is None:
            raise SchedulingRefused(gettext("%(label)s is not reported as broken any more.") % {"label": label})
        freed = report_mended(broken=reported, user_id=request.user.pk)
        messages.success(
            request,
            gettext("%(label)s is mended; it is on sale again at %(freed)s showtimes.")
            % {"label": label, "freed": freed},
        )
        return True
    if not form.is_valid():
        return False
    taken = report_broken(
        auditorium=auditorium, label=label, reason=form.cleaned_data["reason"], user_id=request.user.pk
    )
    messages.success(
        request,
        gettext("%(label)s is kept back wherever it is free, and at what opens from now on.") % {"label": label},
    )
    if taken:
        messages.warning(
            request,
            gettext("Somebody has it at %(number)s showtimes: see the list and find them other seats.")
            % {"number": len(taken)},
        )
    return True
