"""Refund actions: tickets of a booking, the decision of the second person, a new try of a failed refund."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from boxoffice.admin.actions import ActionPreview, StaffAction
from boxoffice.forms.actions import DeclineForm, GoodwillForm, ReasonForm, RefundForm
from boxoffice.models import RefundRequest
from boxoffice.refusals import AlreadyDecided, OwnRequest, RequestTooOld
from boxoffice.selectors.booking_page import seats_text
from boxoffice.services.refunds import (
    WAITS_FOR,
    RefundChoice,
    RefundPlan,
    approve_refund,
    ask_refund,
    decline_refund,
    plan_refund,
    require_unchanged,
)
from boxoffice.states import RequestStatus
from core.money import format_money
from core.refusals import Refusal
from core.texts.lazy_text import gettext_lazy as _
from houses.models import Theater
from payments.models import Refund
from payments.refunds.refund_retries import require_retry, retry_refund
from reservations.models import Booking


class RefundTickets(StaffAction):
    """Refunds a whole booking or single tickets."""

    title = _("Give money back")
    permission = "payments.refund_payment"
    moves_money = True
    object: Booking

    def form(self, data: Any = None) -> forms.Form:
        tickets = list(self.object.tickets.live().select_related("seat").order_by("seat_id"))
        return RefundForm(data, tickets=tickets)

    def plan(self, data: dict[str, Any]) -> ActionPreview:
        plan = plan_refund(self.object, self.choice(data))
        back = format_money(plan.amount, plan.currency)
        button = (
            (gettext("Ask for %(back)s") % {"back": back})
            if plan.needs_another
            else (gettext("Give back %(back)s") % {"back": back})
        )
        return ActionPreview(_lines(self.object, plan), button, plan.mark)

    def do(self, data: dict[str, Any], mark: str) -> str:
        request = ask_refund(booking_id=self.object.pk, choice=self.choice(data), mark=mark, user_id=self.user_id)
        back = format_money(request.amount, request.currency)
        if request.status == RequestStatus.WAITING:
            return gettext("%(back)s waits for a second person. Nothing has gone back yet.") % {"back": back}
        return _done(request, self.object, back)

    def choice(self, data: dict[str, Any]) -> RefundChoice:
        return RefundChoice(tickets=data["tickets"], percent=data["percent"], reason=data["reason"])

    def back(self) -> str:
        return reverse("admin:reservations_booking_change", args=[self.object.pk])


class GiveGoodwill(RefundTickets):
    """Gives a part of the money back; the tickets stay valid."""

    title = _("Give an amount back")
    lead = _("The tickets stay valid. To give tickets back, use “Give money back”.")

    def form(self, data: Any = None) -> forms.Form:
        return GoodwillForm(data)

    def choice(self, data: dict[str, Any]) -> RefundChoice:
        return RefundChoice(tickets=(), percent=0, reason=data["reason"], amount=data["amount"])


class _Decision(StaffAction):
    """A second person approves or declines a refund request."""

    permission = "payments.approve_refund"
    object: RefundRequest

    @classmethod
    def theater_of(cls, found: Any) -> Theater:
        return super().theater_of(found.booking)

    def back(self) -> str:
        return reverse("admin:boxoffice_refundrequest_change", args=[self.object.pk])


class Approve(_Decision):
    title = _("Approve the refund")
    moves_money = True

    def plan(self, data: dict[str, Any]) -> ActionPreview:
        request, now = self.object, timezone.now()
        if refusal := refusal_to_approve(request, user_id=self.user_id, now=now):
            raise refusal
        plan = require_unchanged(request, request.booking)
        amount = format_money(request.amount, request.currency)
        asked = f"{request.asked_by} asked for it: “{request.reason}”"
        return ActionPreview(
            (asked, *_lines(request.booking, plan, is_decided=True)),
            gettext("Approve: give back %(amount)s") % {"amount": amount},
        )

    def do(self, data: dict[str, Any], mark: str) -> str:
        request = approve_refund(request_id=self.object.pk, user_id=self.user_id, now=timezone.now())
        return _done(request, request.booking, format_money(request.amount, request.currency))


class Decline(_Decision):
    """Declines a refund request; people may also withdraw their own."""

    title = _("Decline the refund")
    form_class = DeclineForm
    next_button = _("Go on")

    def may(self) -> bool:
        return super().may() or self.object.asked_by_id == self.request.user.pk

    def plan(self, data: dict[str, Any]) -> ActionPreview:
        if self.object.status != RequestStatus.WAITING:
            raise AlreadyDecided
        lines = (
            gettext("Nothing goes back and the tickets stay valid."),
            f"{self.object.asked_by} reads: “{data['answer']}”",
        )
        return ActionPreview(lines, "Decline")

    def do(self, data: dict[str, Any], mark: str) -> str:
        decline_refund(request_id=self.object.pk, answer=data["answer"], user_id=self.user_id)
        return gettext("Declined. Nothing went back.")


class Retry(StaffAction):
    """Tries a failed refund again."""

    title = _("Try the refund again")
    permission = "payments.retry_refund"
    moves_money = True
    form_class = ReasonForm
    object: Booking

    def find(self) -> Any:
        booking = super().find()
        self.refund = Refund.objects.filter(pk=self.ids["refund_pk"], payment__sale=booking.sale_id).first()
        if self.refund is None:
            raise Http404
        return booking

    def plan(self, data: dict[str, Any]) -> ActionPreview:
        assert self.refund is not None
        missing = require_retry(self.refund)
        amount = format_money(missing, self.refund.currency)
        lines = (
            gettext("%(amount)s that this booking is owed yet goes to the payment provider as a new refund.")
            % {"amount": amount},
            gettext("The failed one stays in the books as it is."),
        )
        return ActionPreview(lines, gettext("Try %(amount)s again") % {"amount": amount})

    def do(self, data: dict[str, Any], mark: str) -> str:
        assert self.refund is not None
        made = retry_refund(refund_id=self.refund.pk, reason=data["reason"], actor=self.actor)
        return gettext("%(amount)s is asked for again, as refund %(pk)s.") % {
            "amount": format_money(made.amount, made.currency),
            "pk": made.pk,
        }

    def back(self) -> str:
        return reverse("admin:reservations_booking_change", args=[self.object.pk])


def refusal_to_approve(request: RefundRequest, *, user_id: int, now: datetime) -> Refusal | None:
    """Say why this person cannot approve the request; the service checks again under its lock."""
    if request.status != RequestStatus.WAITING:
        return AlreadyDecided()
    if request.asked_by_id == user_id:
        return OwnRequest()
    return RequestTooOld() if now - request.asked_at > WAITS_FOR else None


def _done(request: RefundRequest, booking: Booking, amount: str) -> str:
    waits = gettext("%(amount)s waits at the counter until it is paid out.")
    goes_back = gettext("%(amount)s goes back.")
    said = (waits if booking.sale.paid_with else goes_back) % {"amount": amount}
    return said if request.is_goodwill else f"{said} {gettext('The tickets are void and their seats free.')}"


def _lines(booking: Booking, plan: RefundPlan, *, is_decided: bool = False) -> tuple[str, ...]:
    """Describe the plan in sentences."""
    seats = seats_text([ticket.seat.label for ticket in plan.tickets])
    back = format_money(plan.amount, plan.currency)
    limit = booking.showtime.auditorium.theater.refund_limit
    void = gettext(
        "Tickets for %(seats)s become void: nobody enters with them. Their seats are free for others at once."
    )
    lines = [
        void % {"seats": seats} if plan.tickets else gettext("No ticket becomes void; those that are valid stay so.")
    ]
    at_counter = gettext("%(amount)s waits at the counter until somebody pays it out.") % {"amount": back}
    to_card = gettext("%(amount)s goes back to the card it was paid with.") % {"amount": back}
    how = at_counter if booking.sale.paid_with else to_card
    lines.append(how if plan.amount else gettext("No money goes back for these tickets."))
    if plan.kept:
        lines.append(gettext("%(amount)s is kept as a fee.") % {"amount": format_money(plan.kept, plan.currency)})
    if plan.tickets:
        whole = gettext("The booking is canceled: it has no other ticket.")
        lines.append(whole if plan.is_whole else gettext("Its other tickets stay valid."))
    if plan.tickets:
        told = gettext("A mail tells %(email)s.") % {"email": booking.email}
        lines.append(told if booking.email else gettext("Nobody is written to: the booking has no address."))
    if plan.needs_another and not is_decided:
        lines.append(
            gettext(
                "It is above what one person may give back here (%(amount)s for one booking): it waits until a second "
                "person approves it. Until then nothing happens, and the tickets stay valid."
            )
            % {"amount": format_money(limit, plan.currency)}
        )
    return tuple(lines)
