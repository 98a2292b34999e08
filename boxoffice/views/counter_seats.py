"""The acts on the map at the counter: the customers' map and locks, with a hold of the counter."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from boxoffice.forms.counter import OverrideForm
from boxoffice.staff_pages import staff_page
from boxoffice.views import counter_overrides
from boxoffice.views.counter import SELL, seller_of
from boxoffice.views.counter_showtime import desk_with_refusal, show_desk, showtime_at_counter
from core.web.refusal_pages import answers_refusals
from houses.business_days import business_day
from reservations.counter.counter_seats import (
    change_places_at_counter,
    release_at_counter,
    swap_at_counter,
    take_at_counter,
)
from reservations.counter.taking_best import take_best_at_counter
from reservations.seats.best_page import asked_needs, wish_of
from reservations.seats.map_reads import own_seats
from reservations.seats.places import places_asked_for
from staff.reauth import require_fresh_sign_in
from theaters.models import Showtime
from theaters.seat_labels import clean_label

MOST_CODE = 20


@staff_page(SELL)
@require_POST
@answers_refusals(desk_with_refusal)
def seats(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """Change seats: `take`, `release` and `places`, as on the customers' map."""
    showtime = showtime_at_counter(request, showtime_id)
    seller = seller_of(request)
    taking, releasing = request.POST.getlist("take"), request.POST.getlist("release")

    def change() -> None:
        here: Any = {"showtime_id": showtime.pk, "seller": seller}
        if taking or "places" in request.POST:
            here |= {"allow": counter_overrides.allowed_at(request, showtime).overrides, "now": timezone.now()}
        if "places" in request.POST:
            change_places_at_counter(wanted=places_asked_for(_typed_places(request.POST)), **here)
        elif taking and releasing:
            swap_at_counter(take=taking, release=releasing, **here)
        elif taking:
            take_at_counter(labels=taking, **here)
        elif releasing:
            release_at_counter(labels=releasing, **here)

    return _changed(request, showtime, change, labels=[*taking, *releasing])


@staff_page(SELL)
@require_POST
@answers_refusals(desk_with_refusal)
def best(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """The best n together, instead of what this seller holds now; a group in several rows, of one ticket type if given.

    The answer names requested facts that the seats lack, so that the customer hears of it before paying.
    """
    showtime = showtime_at_counter(request, showtime_id)
    seller = seller_of(request)
    wish = wish_of(request.POST, {})

    def change() -> str:
        allow = counter_overrides.allowed_at(request, showtime).overrides
        best = take_best_at_counter(showtime_id=showtime.pk, seller=seller, wish=wish, allow=allow, now=timezone.now())
        return asked_needs(wish, showtime.plan_id).unmet_in_words(best.seats)

    return _changed(request, showtime, change, labels=[])


@staff_page(SELL)
@require_POST
@answers_refusals(desk_with_refusal)
def release(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """Give all seats back; an operator who leaves goes to the showtimes of that day."""
    showtime = showtime_at_counter(request, showtime_id)
    seller = seller_of(request)
    answer = _changed(
        request, showtime, lambda: release_at_counter(showtime_id=showtime.pk, seller=seller, labels=None), labels=[]
    )
    if "leave" in request.POST and answer.status_code == 302:
        day = business_day(showtime.auditorium.theater, showtime.starts_at)
        return redirect(f"{reverse('counter')}?day={day.isoformat()}")
    return answer


@staff_page(SELL)
@require_POST
@answers_refusals(desk_with_refusal)
def override(request: HttpRequest, showtime_id: int) -> HttpResponse:
    """Switch overrides on for this showtime, with right and reason, or off again."""
    showtime = showtime_at_counter(request, showtime_id)
    if "end" in request.POST:
        counter_overrides.end(request, showtime)
        return redirect("counter_map", showtime.pk)
    form = OverrideForm(request.POST)
    if not form.is_valid():
        return show_desk(request, showtime, override_form=form)
    require_fresh_sign_in(request)
    counter_overrides.allow(request, showtime, **form.cleaned_data)
    return redirect("counter_map", showtime.pk)


def _changed(
    request: HttpRequest, showtime: Showtime, change: Callable[[], str | None], *, labels: list[str]
) -> HttpResponse:
    """Carry out `change`, and show the result with the sentence that it returns."""
    before = _own_labels(request, showtime)
    notice = change() or ""
    if not request.htmx:  # type: ignore[attr-defined]
        if notice:
            messages.warning(request, notice)
        kind = {"kind": request.POST["kind"][:MOST_CODE]} if request.POST.get("kind") else None
        return redirect(reverse("counter_map", args=[showtime.pk], query=kind))
    changed = before | _own_labels(request, showtime) | {clean_label(label) for label in labels}
    return show_desk(request, showtime, changed=changed, notice=notice)


def _typed_places(asked: QueryDict) -> str:
    """A button says number and area; the keys of the counter type the number into a field beside the name of the area."""
    number = asked.get("number", "").strip()
    return f"{number} {asked['places']}" if number else str(asked["places"])


def _own_labels(request: HttpRequest, showtime: Showtime) -> set[str]:
    return set(own_seats(showtime_id=showtime.pk, holder=seller_of(request).holder).labels)
