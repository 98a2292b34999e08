"""Staff give money back: planned, shown, then done as shown; above the theater's limit by a second person."""

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
    NothingToRefund,
    OwnRequest,
    PlanChanged,
    RequestOutdated,
    RequestTooOld,
)
from boxoffice.services.moves import move_request
from boxoffice.states import RequestStatus
from core.clock import ClockTimestamp
from core.money import format_money, rounded
from payments.services.cancellation import BookingDisputed, lock_for_money
from payments.services.refunds import request_refunds
from payments.states import PaymentStatus
from reservations.models import Booking, Ticket
from reservations.services.cancellation import ALL, Why, cancel_tickets
from reservations.services.moves import log_moves
from reservations.states import BookingStatus, CancelCause
from theaters.services.audit import record

WAITS_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Wish:
    """What staff chose on the form."""

    tickets: tuple[int, ...]
    percent: int
    reason: str


@dataclass(frozen=True)
class Plan:
    """What would happen: shown on the page, and done only as it was shown."""

    tickets: tuple[Ticket, ...]
    amount: Decimal
    kept: Decimal
    currency: str
    is_whole: bool
    needs_another: bool

    @property
    def mark(self) -> str:
        """Another mark is another plan."""
        ids = ",".join(str(ticket.pk) for ticket in self.tickets)
        return f"{ids}:{self.amount}:{self.kept}:{self.is_whole:d}:{self.needs_another:d}"


def plan_refund(booking: Booking, wish: Wish) -> Plan:
    """Raises a Refusal when these tickets cannot be given back."""
    live = list(booking.tickets.live().select_related("seat").order_by("seat_id"))
    if booking.status != BookingStatus.CONFIRMED or not live:
        raise NothingToRefund
    if booking.payments.filter(status=PaymentStatus.DISPUTED).exists():
        raise BookingDisputed
    if RefundRequest.objects.filter(booking=booking, status=RequestStatus.WAITING).exists():
        raise AlreadyAsked
    return _plan(booking, live, wish.tickets, wish.percent)


def _plan(booking: Booking, live: list[Ticket], ids: Collection[int], percent: int) -> Plan:
    chosen = tuple(ticket for ticket in live if ticket.pk in ids)
    if not chosen or len(chosen) != len(set(ids)):
        raise NoSuchTickets
    price = sum((ticket.price for ticket in chosen), Decimal(0))
    amount = sum((rounded(ticket.price * percent / ALL, ticket.currency) for ticket in chosen), Decimal(0))
    return Plan(
        tickets=chosen,
        amount=amount,
        kept=price - amount,
        currency=booking.currency,
        is_whole=len(chosen) == len(live),
        needs_another=_given_alone(booking) + amount > booking.showtime.auditorium.theater.refund_limit,
    )


def _given_alone(booking: Booking) -> Decimal:
    """What staff gave back of this booking without a second person: many small refunds are one large one."""
    alone = RefundRequest.objects.filter(booking=booking, status=RequestStatus.DONE, decided_by=None)
    return alone.aggregate(total=Sum("amount"))["total"] or Decimal(0)


def ask_refund(*, booking_id: int, wish: Wish, mark: str, user_id: int) -> RefundRequest:
    """Give back what the page showed, at once or as soon as a second person agrees. Raises a Refusal."""
    actor = f"staff:{user_id}"
    with transaction.atomic():
        booking = lock_for_money(booking_id)
        plan = plan_refund(booking, wish)
        if plan.mark != mark:
            raise PlanChanged
        request = RefundRequest.objects.create(
            booking=booking,
            tickets=[ticket.pk for ticket in plan.tickets],
            percent=wish.percent,
            amount=plan.amount,
            currency=plan.currency,
            reason=wish.reason,
            asked_by_id=user_id,
        )
        log_moves("request", [(request.pk, "", RequestStatus.WAITING)], actor=actor, note=wish.reason)
        _record(request, "ask for refund" if plan.needs_another else "refund", actor=actor, reason=wish.reason)
        if not plan.needs_another:
            _carry_out(request, actor=actor)
            move_request(request, RequestStatus.DONE, actor=actor, note="Within the limit", decided_at=ClockTimestamp())
    return request


def approve_refund(*, request_id: int, user_id: int, now: datetime) -> RefundRequest:
    """The second person agrees: it is done now. Twenty who agree at once do it once. Raises a Refusal."""
    actor = f"staff:{user_id}"
    with transaction.atomic():
        request = _undecided(request_id)
        if request.asked_by_id == user_id:
            raise OwnRequest
        if now - request.asked_at > WAITS_FOR:
            raise RequestTooOld
        booking = lock_for_money(request.booking_id)
        require_unchanged(request, booking)
        _carry_out(request, actor=actor)
        note = f"Asked by staff:{request.asked_by_id}"
        decided = {"decided_by_id": user_id, "decided_at": ClockTimestamp()}
        move_request(request, RequestStatus.DONE, actor=actor, note=note, **decided)
        _record(request, "approve refund", actor=actor, reason=request.reason)
    return request


def decline_refund(*, request_id: int, answer: str, user_id: int) -> RefundRequest:
    """Nothing goes back. Whoever asked may take it back in this way too. Raises AlreadyDecided."""
    with transaction.atomic():
        request = _undecided(request_id)
        decided = {"decided_by_id": user_id, "decided_at": ClockTimestamp(), "answer": answer}
        move_request(request, RequestStatus.DECLINED, actor=f"staff:{user_id}", note=answer, **decided)
        _record(request, "decline refund", actor=f"staff:{user_id}", reason=answer)
    return request


def require_unchanged(request: RefundRequest, booking: Booking) -> Plan:
    """The tickets are all live yet, and cost what they did. Raises RequestOutdated."""
    live = list(booking.tickets.live().select_related("seat").order_by("seat_id"))
    try:
        plan = _plan(booking, live, request.tickets, request.percent)
    except NoSuchTickets:
        raise RequestOutdated from None
    if booking.status != BookingStatus.CONFIRMED or plan.amount != request.amount:
        raise RequestOutdated
    return plan


def _undecided(request_id: int) -> RefundRequest:
    request = locks.refund_request(request_id)
    if request.status != RequestStatus.WAITING:
        raise AlreadyDecided
    return request


def _carry_out(request: RefundRequest, *, actor: str) -> None:
    """Void the tickets, free the seats, owe the money: as asked, or not at all."""
    cancellation = cancel_tickets(
        booking_id=request.booking_id,
        ticket_ids=request.tickets,
        percent=request.percent,
        why=Why(CancelCause.STAFF, actor, request.reason),
    )
    if cancellation is None or cancellation.refunded != request.amount:
        raise PlanChanged
    request_refunds(cancellation.booking, reason=f"Staff: {request.reason}"[:120])


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
