"""The counter's first page: the theater to sell at, and its showtimes of a day."""

import secrets
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from boxoffice.forms.counter import CounterForm
from boxoffice.selectors.counter import program
from boxoffice.selectors.counter_sales import last_sale
from boxoffice.staff_pages import staff_page
from boxoffice.views.page_frame import as_day, house_of
from houses.models import Theater
from reservations.counter.counter_seats import CounterSeller
from staff.access import may_somewhere, theaters_of
from staff.acting import acting_in
from staff.device_cookies import device_cookie
from theaters.counter_law import why_no_money_at_counter

SELL = "reservations.sell_at_counter"
PAY_OUT = "payments.pay_out"
SEE_TAKINGS = "reservations.see_takings"
ADMIT = "reservations.admit_ticket"
EXCHANGE = "reservations.swap_seats"
MOST_TYPED = 60


@staff_page(SELL)
@require_safe
def counter(request: HttpRequest) -> HttpResponse:
    theaters = theaters_of(acting_in(request), SELL)
    here = theater_here(request)
    if here is None or ("change" in request.GET and acting_in(request).device is None):
        return render(
            request, "boxoffice/counter/here.html", frame(request, None) | {"form": CounterForm(theaters=theaters)}
        )
    wanted = request.GET.get("q", "")[:MOST_TYPED]
    day = as_day(request.GET.get("day"))
    context = {
        "program": program(theater=here, day=day, wanted=wanted, now=timezone.now()),
        "wanted": wanted,
        "last_sale": last_sale(theater=here, reference=remembered(request, "sold")),
        "law": why_no_money_at_counter(here.country),
    }
    return render(request, "boxoffice/counter/program.html", frame(request, here) | context)


@staff_page(SELL)
@require_POST
def choose_counter(request: HttpRequest) -> HttpResponse:
    form = CounterForm(request.POST, theaters=theaters_of(acting_in(request), SELL))
    if not form.is_valid():
        return render(request, "boxoffice/counter/here.html", frame(request, None) | {"form": form}, status=422)
    remember(request, theater=form.cleaned_data["theater"].pk)
    return redirect("counter")


def theater_here(request: HttpRequest) -> Theater | None:
    """The theater to sell at: the device's, the chosen one, or the only one; else None."""
    theaters = theaters_of(acting_in(request), SELL)
    chosen = (request.session.get("counter") or {}).get("theater")
    if chosen:
        return theaters.filter(pk=chosen).first()
    few = list(theaters[:2])
    return few[0] if len(few) == 1 else None


def seller_of(request: HttpRequest) -> CounterSeller:
    """The seller who holds seats: the device with the person who works on it, or this browser session."""
    acting = acting_in(request)
    holder = _holder_of_device(request) if acting.device else _holder_of_session(request)
    return CounterSeller(holder=holder, operator_id=acting.user_id, device_id=acting.device_id)


def _holder_of_device(request: HttpRequest) -> str:
    """A hash of the device's cookie, different from the stored hash by which the device is found."""
    return sha256(f"seats of {device_cookie(request)}".encode()).hexdigest()


def _holder_of_session(request: HttpRequest) -> str:
    known = remembered(request, "holder") or remember(request, holder=secrets.token_urlsafe(16))["holder"]
    return sha256(known.encode()).hexdigest()


def remembered(request: HttpRequest, name: str) -> Any:
    return (request.session.get("counter") or {}).get(name)


def remember(request: HttpRequest, **facts: Any) -> dict[str, Any]:
    known = {**(request.session.get("counter") or {}), **facts}
    request.session["counter"] = known
    return known


def exchange_chosen_here(request: HttpRequest, showtime_id: int) -> dict[str, str] | None:
    """The exchange for which this seller chooses seats of a showtime: its reference, and the page that shows the difference."""
    chosen = remembered(request, "exchange") or {}
    return chosen if chosen.get("showtime") == showtime_id else None


def frame(request: HttpRequest, theater: Theater | None) -> dict[str, Any]:
    """The context of the head of every counter page: the place, and the links that this person may use."""
    may_sell = may_somewhere(acting_in(request), SELL)
    return house_of(theater) | {
        "theater": theater,
        "may_sell": may_sell,
        "may_pay_out": may_somewhere(acting_in(request), PAY_OUT),
        "may_see_takings": may_sell or may_somewhere(acting_in(request), SEE_TAKINGS),
        "may_admit": may_somewhere(acting_in(request), ADMIT),
    }
