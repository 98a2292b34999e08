"""Refunds by staff: planned, shown, then carried out as shown; above the theater's limit after the approval of a second
person.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from boxoffice import locks
from boxoffice.models import RefundRequest
from boxoffice.refusals import (
    AlreadyAsked,
    AlreadyDecided,
    NoSuchTickets,
    NothingKept,
    NothingToRefund,
    OwnRequest,
    PlanChanged,
    RequestOutdated,
    RequestTooOld,
    TooMuch,
)
from boxoffice.services.approval_mails import tell_who_may_approve
from boxoffice.services.request_status import move_request
from boxoffice.states import RequestStatus
from core.actors import staff_actor_name
from core.clock import ClockTimestamp
from core.money import format_money, in_coins
from payments.records.refund_rows import request_refunds
from payments.refunds.cancellation import BookingDisputed, lock_for_money
from payments.states import PaymentStatus
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets, lines_of, with_sofas
from reservations.aftersale.goodwill import most_goodwill, owe_goodwill
from reservations.models import Booking, Ticket
from reservations.records.status_changes import log_moves
from reservations.states import BookingStatus, CancelCause
from staff.services.audit import record

WAITS_FOR = timedelta(days=7)


@dataclass(frozen=True)
class RefundChoice:
    """The choices that staff made on the form."""

    tickets: tuple[int, ...]
    percent: int
    reason: str
    amount: Decimal | None = None  # of goodwill, which voids no ticket


@dataclass(frozen=True)
class RefundPlan:
    """What a refund would do. It is carried out only if it is still what the page showed.

    `owed_before`: what the sale owes back without it. It makes the mark of a goodwill form that is sent twice differ,
    because goodwill voids no ticket.
    """

    tickets: tuple[Ticket, ...]
    amount: Decimal
    kept: Decimal
    owed_before: Decimal
    currency: str
    is_whole: bool
    needs_another: bool

    @property
    def mark(self) -> str:
        """A fingerprint of the plan, which the form posts back to prove that nothing changed."""
        ids = ",".join(str(ticket.pk) for ticket in self.tickets)
        return f"{ids}:{self.amount}:{self.kept}:{self.owed_before}:{self.is_whole:d}:{self.needs_another:d}"


def plan_refund(booking: Booking, choice: RefundChoice) -> RefundPlan:
    """Plan a refund. Raises a Refusal when it is impossible."""
    if booking.sale.payments.filter(status=PaymentStatus.DISPUTED).exists():
        raise BookingDisputed
    if RefundRequest.objects.filter(booking=booking, status=RequestStatus.WAITING).exists():
        raise AlreadyAsked
    if choice.amount is not None:
        return _plan_goodwill(booking, choice.amount)
    return _plan_tickets(booking, choice.tickets, choice.percent)


def _plan_tickets(booking: Booking, ids: Collection[int], percent: int) -> RefundPlan:
    live = list(booking.tickets.live().select_related("seat").order_by("seat_id"))
    if booking.status != BookingStatus.CONFIRMED or not live:
        raise NothingToRefund
    chosen = tuple(with_sofas(live, ids))
    if not chosen or not {ticket.pk for ticket in chosen}.issuperset(ids):
        raise NoSuchTickets
    amount = sum((line.refunded for line in lines_of(booking, chosen, percent)), Decimal(0))
    return RefundPlan(
        tickets=chosen,
        amount=amount,
        kept=sum((ticket.price for ticket in chosen), Decimal(0)) - amount,
        owed_before=booking.sale.refund_due,
        currency=booking.currency,
        is_whole=len(chosen) == len(live),
        needs_another=_needs_another(booking, amount),
    )


def _plan_goodwill(booking: Booking, amount: Decimal) -> RefundPlan:
    most = most_goodwill(booking)
    if booking.status not in {BookingStatus.CONFIRMED, BookingStatus.CANCELED} or most == 0:
        raise NothingKept
    if not 0 < amount <= most or in_coins(amount, booking.currency) != amount:
        raise TooMuch(format_money(most, booking.currency))
    return RefundPlan(
        tickets=(),
        amount=amount,
        kept=Decimal(0),
        owed_before=booking.sale.refund_due,
        currency=booking.currency,
        is_whole=False,
        needs_another=_needs_another(booking, amount),
    )


def _needs_another(booking: Booking, amount: Decimal) -> bool:
    """Whether the refund needs a second person.

    Earlier refunds of the sale without one are added, so that many small refunds count as a large one. After an
    exchange a sale has several bookings.
    """
    alone = RefundRequest.objects.filter(booking__sale=booking.sale_id, status=RequestStatus.DONE, decided_by=None)
    before = alone.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    return before + amount > booking.showtime.auditorium.theater.refund_limit


def ask_refund(*, booking_id: int, choice: RefundChoice, mark: str, user_id: int) -> RefundRequest:
    """Refund what the page showed, at once or as soon as a second person approves it. Raises a Refusal."""
    actor = staff_actor_name(user_id)
    with transaction.atomic():
        booking = lock_for_money(booking_id)
        plan = plan_refund(booking, choice)
        if plan.mark != mark:
            raise PlanChanged
        request = RefundRequest.objects.create(
            booking=booking,
            tickets=[ticket.pk for ticket in plan.tickets],
            percent=choice.percent if plan.tickets else 0,
            amount=plan.amount,
            currency=plan.currency,
            reason=choice.reason,
            asked_by_id=user_id,
        )
        log_moves("request", [(request.pk, "", RequestStatus.WAITING)], actor=actor, note=choice.reason)
        _record(request, "ask for refund" if plan.needs_another else "refund", actor=actor, reason=choice.reason)
        if plan.needs_another:
            tell_who_may_approve(request)
        else:
            _carry_out(request, booking, actor=actor)
            move_request(request, RequestStatus.DONE, actor=actor, note="Within the limit", decided_at=ClockTimestamp())
    return request


def approve_refund(*, request_id: int, user_id: int, now: datetime) -> RefundRequest:
    """Approve a request and carry it out; several approvals at once do it once. Raises a Refusal."""
    actor = staff_actor_name(user_id)
    with transaction.atomic():
        request = _undecided(request_id)
        if request.asked_by_id == user_id:
            raise OwnRequest
        if now - request.asked_at > WAITS_FOR:
            raise RequestTooOld
        booking = lock_for_money(request.booking_id)
        require_unchanged(request, booking)
        _carry_out(request, booking, actor=actor)
        note = f"Asked by staff:{request.asked_by_id}"
        decided = {"decided_by_id": user_id, "decided_at": ClockTimestamp()}
        move_request(request, RequestStatus.DONE, actor=actor, note=note, **decided)
        _record(request, "approve refund", actor=actor, reason=request.reason)
    return request


def decline_refund(*, request_id: int, answer: str, user_id: int) -> RefundRequest:
    """Decline a request; the person who made it may withdraw it like this. Raises AlreadyDecided."""
    with transaction.atomic():
        request = _undecided(request_id)
        decided = {"decided_by_id": user_id, "decided_at": ClockTimestamp(), "answer": answer}
        move_request(request, RequestStatus.DECLINED, actor=staff_actor_name(user_id), note=answer, **decided)
        _record(request, "decline refund", actor=staff_actor_name(user_id), reason=answer)
    return request


def require_unchanged(request: RefundRequest, booking: Booking) -> RefundPlan:
    """Check that all tickets are live, bring no others with them, and give back the same. Raises RequestOutdated."""
    try:
        if request.is_goodwill:
            return _plan_goodwill(booking, request.amount)
        plan = _plan_tickets(booking, request.tickets, request.percent)
    except (NothingToRefund, NoSuchTickets, NothingKept, TooMuch):
        raise RequestOutdated from None
    if plan.amount != request.amount or {ticket.pk for ticket in plan.tickets} != set(request.tickets):
        raise RequestOutdated
    return plan


def _undecided(request_id: int) -> RefundRequest:
    request = locks.refund_request(request_id)
    if request.status != RequestStatus.WAITING:
        raise AlreadyDecided
    return request


def _carry_out(request: RefundRequest, booking: Booking, *, actor: str) -> None:
    """Void the tickets, free the seats and owe the money, as asked or not at all."""
    if request.is_goodwill:
        owe_goodwill(booking, request.amount, actor=actor, reason=request.reason)
        request_refunds(booking.sale, reason=f"Goodwill: {request.reason}"[:120])
        return
    cancellation = cancel_tickets(
        booking_id=request.booking_id,
        ticket_ids=request.tickets,
        percent=request.percent,
        origin=CancellationOrigin(CancelCause.STAFF, actor, request.reason),
    )
    if cancellation is None or cancellation.refunded != request.amount:
        raise PlanChanged
    request_refunds(cancellation.booking.sale, reason=f"Staff: {request.reason}"[:120])


def _record(request: RefundRequest, action: str, *, actor: str, reason: str) -> None:
    booking = request.booking
    record(
        actor=actor,
        action=action,
        thing=booking,
        theater=booking.showtime.auditorium.theater_id,
        after={"amount": format_money(request.amount, request.currency), "percent": request.percent},
        reason=reason,
    )
