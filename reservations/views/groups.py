"""The page behind the link of a group's seats."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.limits.addresses import client_address
from core.refusals import Refusal
from core.web.refusal_pages import answers_refusals
from reservations.access import ensure_holder, gives_holder_cookie, holder_of, remember_holder
from reservations.groups.group_payments import block_of, take_group_seats
from reservations.refusals.on_sale import NotOnSale, ShowtimeCanceled
from reservations.seats.taking import Browser
from reservations.selectors.groups import GroupPage, group_page
from theaters.states import ShowtimeStatus

MOST_DIGITS = 3


@gives_holder_cookie
@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals()
def group(request: HttpRequest, code: str, refusal: Refusal | None = None) -> HttpResponse:
    """The page of a group's seats. GET changes nothing, because mail programs open links too."""
    now = timezone.now()
    block = block_of(code, now=now)
    if block.showtime.status == ShowtimeStatus.CANCELED:
        raise ShowtimeCanceled
    if block.showtime.sales_close_at <= now:
        raise NotOnSale
    page = group_page(block, holder=holder_of(request), now=now)
    if request.method == "POST" and refusal is None:
        browser = Browser(holder=ensure_holder(request), address=client_address(request))
        take_group_seats(block=block, browser=browser, labels=_chosen(request, page))
        return remember_holder(request, redirect("checkout", block.showtime_id))
    context = {"page": page, "refusal": refusal, "chosen": request.POST.getlist("seats"), "typed": request.POST}
    return render(request, "reservations/group.html", context)


def _chosen(request: HttpRequest, page: GroupPage) -> list[str]:
    """The chosen seats; else the requested number of seats, from the first row on. Refuses more than there are."""
    if chosen := request.POST.getlist("seats"):
        return chosen
    count = request.POST.get("count", "").strip()
    if not (count.isascii() and count.isdigit() and len(count) <= MOST_DIGITS):
        return []
    return page.open[: int(count)]
