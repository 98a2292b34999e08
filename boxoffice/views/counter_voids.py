"""Voiding a sale at the counter: one page says what will happen and asks why, one press does it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from boxoffice.approvals import approver_in, people_who_approve
from boxoffice.selectors.counter_sales import bookings_at, sale_of
from boxoffice.selectors.voids import voided_sale
from boxoffice.services.terminal_repairs import (
    TerminalRepair,
    note_reversed_in_vain,
    note_taken_again,
    repair_of,
    reversed_amount,
)
from boxoffice.services.void_refusals import NoVoid
from boxoffice.services.voids import Operator, VoidOrder, plan_void, void_sale
from boxoffice.staff_pages import staff_page
from boxoffice.views.counter import SELL, frame
from core.money import format_money
from core.refusals import BadChoice, Refusal
from core.texts.lazy_text import gettext_lazy as _
from core.web.refusal_pages import answers_refusals
from reservations.letters.papers import credit_notes_for_receipts
from reservations.models import Booking
from reservations.seats.plan_seats import has_numbers
from sales.models import Sale
from staff.access import theaters_of
from staff.acting import acting_in
from staff.reauth import has_fresh_sign_in, require_fresh_sign_in

APPROVE = "payments.approve_void"
MOST_REASON = 200
WRONG_SEATS, WRONG_NUMBER = _("Wrong seats or ticket types"), _("Wrong number or ticket types")
MORE_REASONS = (_("The customer changed their mind"), _("Paid the wrong way"))


def void_page(request: HttpRequest, reference: str, *, refusal: Refusal | None = None) -> HttpResponse:
    """Show the plan and the form; a sale that cannot be voided says why instead."""
    bookings = _bookings(request, reference)
    sale, now = bookings[0].sale, timezone.now()
    try:
        plan = plan_void(sale, operator=operator_of(request), now=now)
    except Refusal:
        if refusal is None:
            raise
        plan = None
    context: dict[str, Any] = {
        "sales": [sale_of(booking, now=now) for booking in bookings],
        "reference": sale.reference,
        "plan": plan,
        "limit": sale.theater.refund_limit,
        "refusal": refusal,
        "reasons": _reasons(bookings),
        "repair": _repair(request, sale) if plan is None and refusal else None,
        "approvers": people_who_approve(request, sale.theater, APPROVE) if plan and plan.needs_approval else [],
    }
    return render(request, "boxoffice/counter/void.html", frame(request, sale.theater) | context)


@staff_page(SELL)
@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals(void_page)
def void(request: HttpRequest, reference: str) -> HttpResponse:
    if request.method == "POST" and acting_in(request).device is None and not has_fresh_sign_in(request):
        # The form may hold a PIN, which must not be stored while the person signs in again, so the page asks once it is
        # opened anew.
        return redirect(request.get_full_path())
    require_fresh_sign_in(request)
    if request.method == "POST" and "taken_again" in request.POST:
        return _taken_again(request, reference)
    return _void(request, reference) if request.method == "POST" else void_page(request, reference)


def operator_of(request: HttpRequest) -> Operator:
    acting = acting_in(request)
    return Operator(user_id=acting.user_id, device_id=acting.device_id)


def _bookings(request: HttpRequest, reference: str) -> list[Booking]:
    """All bookings of the sale, at theaters where this person sells. Raises Http404."""
    found = bookings_at(theaters_of(acting_in(request), SELL)).filter(sale__reference=reference)
    bookings = list(found.select_related("sale__theater").order_by("pk"))
    if not bookings:
        raise Http404("There is no such sale here.")
    return bookings


def _void(request: HttpRequest, reference: str) -> HttpResponse:
    """Void the sale. Raises a Refusal."""
    sale = _bookings(request, reference)[0].sale
    order = VoidOrder(
        reason=_reason(request),
        mark=request.POST.get("mark", ""),
        is_reversed=request.POST.get("reversed") == "yes",
        approver_id=approver_in(request, sale.theater, APPROVE),
    )
    try:
        done = void_sale(sale_id=sale.pk, operator=operator_of(request), order=order, now=timezone.now())
    except NoVoid as refusal:
        if repair := _repair(request, sale):
            booking, operator = _bookings(request, reference)[0], operator_of(request)
            note_reversed_in_vain(booking=booking, amount=repair.amount, operator=operator, refusal=refusal)
        raise
    credit_notes_for_receipts(cancellation_ids=[cancellation.pk for cancellation in done])
    messages.success(request, _voided_sentence(sale))
    return redirect("counter_sale", reference)


def _reasons(bookings: list[Booking]) -> list[str]:
    """What may have been wrong with a sale; without numbers it was no seat."""
    has_seats = any(has_numbers(booking.showtime.plan_id) for booking in bookings)
    return list(map(str, (_("Wrong showtime"), WRONG_SEATS if has_seats else WRONG_NUMBER, *MORE_REASONS)))


def _repair(request: HttpRequest, sale: Sale) -> TerminalRepair | None:
    """The repair to offer after a refusal; None unless the terminal had given the money back."""
    amount = reversed_amount(sale, request.POST.get("terminal", "")) if request.POST.get("reversed") == "yes" else None
    return repair_of(sale, amount) if amount else None


def _taken_again(request: HttpRequest, reference: str) -> HttpResponse:
    booking = _bookings(request, reference)[0]
    if amount := reversed_amount(booking.sale, request.POST["taken_again"]):
        note_taken_again(booking=booking, amount=amount, operator=operator_of(request))
        messages.success(request, gettext("Written down: the card has paid again, and the sale stands."))
    return redirect("counter_sale", reference)


def _reason(request: HttpRequest) -> str:
    reason = (request.POST.get("other", "").strip() or request.POST.get("reason", "").strip())[:MOST_REASON]
    if not reason:
        raise BadChoice("reason", gettext("Say why: the reason stays with the sale."))
    return reason


def _voided_sentence(sale: Sale) -> str:
    told = [gettext("Voided: the tickets are void, and others can buy in their place.")]
    voided = voided_sale(sale)
    assert voided is not None
    if voided.cash:
        told.append(gettext("Hand back %(amount)s in cash.") % {"amount": format_money(voided.cash, sale.currency)})
    if voided.terminal:
        amount = format_money(voided.terminal, sale.currency)
        told.append(gettext("%(amount)s went back on the card.") % {"amount": amount})
    return " ".join(told)
