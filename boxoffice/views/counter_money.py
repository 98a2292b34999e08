"""The drawer of the counter: money that waits to be paid out, and what each operator took in a day."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from boxoffice.selectors.counter_sales import name_of
from boxoffice.selectors.payouts import Payout, payout_at, payouts_at
from boxoffice.selectors.takings import Takings, takings_of
from boxoffice.staff_pages import staff_page
from boxoffice.views.counter import PAY_OUT, SEE_TAKINGS, SELL, frame, remembered, theater_here
from boxoffice.views.page_frame import as_day
from core.money import format_money, rounded
from core.refusals import BadChoice, Refusal
from core.spreadsheets import csv_answer
from core.texts.lazy_text import gettext_lazy as _
from core.web.refusal_pages import answers_refusals
from houses.business_days import business_day
from houses.models import Theater
from payments.refunds.payouts import pay_out as pay_out_now
from payments.refunds.payouts import pay_out_instead
from payments.states import PaymentMethod
from reservations.letters.papers import credit_notes_for_receipts
from reservations.models import Cancellation
from staff.access import may, theaters_of
from staff.acting import acting_in
from staff.models import Device
from staff.reauth import fresh_sign_in_required

WAYS = {"cash": PaymentMethod.CASH, "terminal": PaymentMethod.TERMINAL}
MOST_REASON = 100
HEADER = (
    _("drawer"), _("operator"), _("bookings"), _("tickets"), _("comps"), _("cash in"), _("cash out"), _("cash in the drawer"),
    _("terminal in"), _("terminal out"), _("terminal"), _("currency"), _("rounding of cash"),
)  # fmt: skip


@staff_page(PAY_OUT)
@require_safe
def pay_outs(request: HttpRequest) -> HttpResponse:
    """List the refunds that have to be paid out by hand."""
    theaters = theaters_of(acting_in(request), PAY_OUT)
    here = theaters.filter(pk=remembered(request, "theater") or 0).first()
    reference = request.GET.get("q", "").strip().upper()[:9]
    found = payouts_at(theaters.filter(pk=here.pk) if here else theaters, reference=reference)
    context = {"payouts": found, "wanted": reference, "many": here is None}
    return render(request, "boxoffice/counter/payouts.html", frame(request, here or theater_here(request)) | context)


def _payout_page(request: HttpRequest, refund_id: int, *, refusal: Refusal | None = None) -> HttpResponse:
    found = _payout(request, refund_id)
    context = {"payout": found, "refusal": refusal, "reason": request.POST.get("reason", "")}
    return render(request, "boxoffice/counter/payout.html", frame(request, found.theater) | context)


@staff_page(PAY_OUT)
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_sign_in_required
@answers_refusals(_payout_page)
def pay_out(request: HttpRequest, refund_id: int) -> HttpResponse:
    """Pay a refund out: shows the amount large and asks how the money went back."""
    if request.method == "POST":
        return _paid_out(request, _payout(request, refund_id))
    return _payout_page(request, refund_id)


def _payout(request: HttpRequest, refund_id: int) -> Payout:
    found = payout_at(theaters_of(acting_in(request), PAY_OUT), refund_id=refund_id)
    if found is None:
        raise Http404("There is no such refund at the counter.")
    return found


def _paid_out(request: HttpRequest, found: Payout) -> HttpResponse:
    """Record the payout. Raises a Refusal."""
    method = WAYS.get(request.POST.get("method", ""))
    if method is None:
        raise BadChoice("method", gettext("Say how the money went back: in cash, or on a card at the terminal."))
    acting = acting_in(request)
    asked: dict[str, Any] = {
        "refund_id": found.refund_id, "method": method, "operator_id": acting.user_id, "device_id": acting.device_id,
    }  # fmt: skip
    if found.is_instead:
        reason = request.POST.get("reason", "").strip()[:MOST_REASON]
        if not reason:
            raise BadChoice("reason", gettext("Say why it is paid out another way: the reason stays with it."))
        pay_out_instead(reason=reason, **asked)
    else:
        # A second press says how it went back the first time.
        method = PaymentMethod(pay_out_now(**asked).method)
    given_back = Cancellation.objects.filter(booking__sale__payments__refunds=found.refund_id)
    credit_notes_for_receipts(cancellation_ids=given_back.values_list("pk", flat=True))
    messages.success(request, _paid_out_sentence(found, method))
    return redirect("counter_payouts")


def _paid_out_sentence(found: Payout, method: PaymentMethod) -> str:
    in_cash = gettext("%(amount)s of %(reference)s went back in cash.")
    on_a_card = gettext("%(amount)s of %(reference)s went back on a card.")
    says = in_cash if method == PaymentMethod.CASH else on_a_card
    amount = found.in_cash if method == PaymentMethod.CASH else found.amount
    return says % {"amount": format_money(amount, found.currency), "reference": found.reference}


@staff_page(SELL, SEE_TAKINGS)
@require_safe
def takings(request: HttpRequest) -> HttpResponse:
    here, day = _asked(request)
    found, is_own = _takings(request, here, day)
    context = {
        "takings": found,
        "drawers": [(drawer, [(name_of(row.operator), row) for row in drawer.operators]) for drawer in found.drawers],
        "is_own": is_own,
        "today": business_day(here, timezone.now()),
        "theaters": _theaters(request),
    }
    return render(request, "boxoffice/counter/takings.html", frame(request, here) | context)


@staff_page(SELL, SEE_TAKINGS)
@require_safe
def takings_csv(request: HttpRequest) -> HttpResponseBase:
    here, day = _asked(request)
    found, _ = _takings(request, here, day)
    return csv_answer(request, f"takings-{here.slug}-{day}", HEADER, _rows(found))


def _theaters(request: HttpRequest) -> QuerySet[Theater]:
    return theaters_of(acting_in(request), SELL) | theaters_of(acting_in(request), SEE_TAKINGS)


def _asked(request: HttpRequest) -> tuple[Theater, date]:
    """The theater and day in the address, else here and today. Raises Http404 for another theater."""
    theaters = _theaters(request)
    wanted = request.GET.get("theater") or str(remembered(request, "theater") or "")
    known = wanted.isascii() and wanted.isdigit() and len(wanted) < 18
    here = theaters.filter(pk=int(wanted)).first() if known else None if wanted else theaters.first()
    if here is None:
        raise Http404("There is no such theater.")
    return here, as_day(request.GET.get("day")) or business_day(here, timezone.now())


def _takings(request: HttpRequest, here: Theater, day: date) -> tuple[Takings, bool]:
    """The takings of everybody, or one's own without the right to see all."""
    found = takings_of(here, day)
    if may(acting_in(request), SEE_TAKINGS, here):
        return found, False
    return found.of_operator(acting_in(request).user_id), True


def _rows(found: Takings) -> Iterator[tuple[Any, ...]]:
    currency = found.theater.currency
    lines = [
        (drawer_name(drawer.device), name_of(row.operator), row) for drawer in found.drawers for row in drawer.operators
    ]
    for drawer, name, row in [*lines, (gettext("total"), "", found.total)]:
        money = (row.cash_in, row.cash_out, row.cash, row.terminal_in, row.terminal_out, row.terminal)
        counts = (row.bookings, row.tickets, row.comps)
        amounts = (rounded(amount, currency) for amount in money)
        yield (drawer, name, *counts, *amounts, currency, rounded(row.rounding, currency))


def drawer_name(device: Device | None) -> str:
    return device.name if device else gettext("Signed in without a device")
