"""Voids a sale of the counter: its tickets become void, its seats free, and its money goes back, in one transaction."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet, Sum

from boxoffice.models import RefundRequest
from boxoffice.refusals import AlreadyAsked, PlanChanged
from boxoffice.services.request_status import move_request
from boxoffice.services.void_refusals import (
    AlreadyVoided,
    ApprovalNeeded,
    NothingToVoid,
    NotOfThisDay,
    NotOfThisDevice,
    NotReversed,
    OwnApproval,
    SoldOnline,
    TicketsUsed,
)
from boxoffice.states import RequestStatus
from core.actors import staff_actor_name
from core.clock import ClockTimestamp
from core.money import format_money
from houses.business_days import business_day
from payments.models import Payment
from payments.records.payment_balances import balances_of, own
from payments.records.refund_rows import request_refunds, shares_to_refund
from payments.refunds.cancellation import lock_sale_for_money
from payments.refunds.payouts import Payer, hand_out, rounding_of_payout
from payments.states import CAPTURED_PAYMENTS, COUNTER_METHODS, PaymentMethod
from reservations import locks
from reservations.aftersale.cancellation import ALL, CancellationOrigin, cancel_tickets, lines_of
from reservations.locks import LockedSale
from reservations.models import Booking, Cancellation, Ticket
from reservations.records.status_changes import log_moves
from reservations.states import LIVE_TICKETS, BookingStatus, CancelCause, TicketStatus
from sales.models import Sale
from staff.services.audit import record


@dataclass(frozen=True)
class Operator:
    """Who voids, and at which device; None for people signed in with their account."""

    user_id: int
    device_id: int | None = None

    @property
    def actor(self) -> str:
        return staff_actor_name(self.user_id, self.device_id)

    @property
    def payer(self) -> Payer:
        return Payer(self.user_id, self.device_id)


@dataclass(frozen=True)
class VoidOrder:
    """The input of the page. `mark` is that of the plan it showed."""

    reason: str
    mark: str
    is_reversed: bool = False
    approver_id: int | None = None


@dataclass(frozen=True)
class VoidPlan:
    """The effects of a void: carried out only as the page showed them. `money`: the amount by method."""

    tickets: tuple[Ticket, ...]
    money: dict[PaymentMethod, Decimal]
    rounding: Decimal
    currency: str
    needs_approval: bool

    @property
    def amount(self) -> Decimal:
        return sum(self.money.values(), Decimal(0))

    @property
    def cash(self) -> Decimal:
        """What is handed out, in the coins of the country."""
        return self.money.get(PaymentMethod.CASH, Decimal(0)) + self.rounding

    @property
    def terminal(self) -> Decimal:
        return self.money.get(PaymentMethod.TERMINAL, Decimal(0))

    @property
    def mark(self) -> str:
        """A fingerprint of the plan, which the form posts back to prove that nothing changed."""
        ids = ",".join(str(ticket.pk) for ticket in self.tickets)
        return f"{ids}:{self.cash}:{self.terminal}:{self.needs_approval:d}"


def plan_void(sale: Sale, *, operator: Operator, now: datetime) -> VoidPlan:
    """Plan a void. Raises a Refusal when this operator cannot void the sale now."""
    bookings = list(sale.bookings.order_by("pk"))
    _require_sold_here(sale, operator)
    tickets = list(Ticket.objects.filter(booking__in=bookings).select_related("seat").order_by("booking_id", "seat_id"))
    live = tuple(ticket for ticket in tickets if ticket.status in LIVE_TICKETS)
    if not live or any(booking.status != BookingStatus.CONFIRMED for booking in bookings if _has(booking, live)):
        raise _why_nothing_is_left(sale)
    _require_day(sale, bookings, now)
    if used := [ticket for ticket in live if ticket.status == TicketStatus.USED]:
        raise TicketsUsed(", ".join(ticket.seat.label for ticket in used))
    if RefundRequest.objects.filter(booking__in=bookings, status=RequestStatus.WAITING).exists():
        raise AlreadyAsked
    shares = _money_back(sale, _refunded(sale, bookings, live))
    money: dict[PaymentMethod, Decimal] = defaultdict(Decimal)
    for method, share in shares:
        money[method] += share
    rounding = sum((rounding_of_payout(share, method, theater=sale.theater) for method, share in shares), Decimal(0))
    needs_approval = _needs_approval(sale, sum(money.values(), Decimal(0)))
    return VoidPlan(live, dict(money), rounding, sale.currency, needs_approval)


def void_sale(*, sale_id: int, operator: Operator, order: VoidOrder, now: datetime) -> list[Cancellation]:
    """Void the live tickets of a sale, as the page showed them; a second press by the same person changes nothing.
    Raises a Refusal.
    """
    with transaction.atomic():
        locked = lock_sale_for_money(sale_id)
        # A ticket that is scanned at this moment is either used before this, or void when the door reads it.
        for booking in locked.bookings:
            locks.tickets_of(booking.pk)
        if done := _done_before(locked.sale, operator):
            return done
        plan = plan_void(locked.sale, operator=operator, now=now)
        _require_as_shown(plan, operator, order)
        return _void(locked, plan, operator, order)


def _require_sold_here(sale: Sale, operator: Operator) -> None:
    taken = sale.payments.filter(status__in=CAPTURED_PAYMENTS)
    if sale.operator_id is None or taken.exclude(method__in=COUNTER_METHODS).exists():
        raise SoldOnline
    if sale.device_id != operator.device_id:
        raise NotOfThisDevice


def _has(booking: Booking, tickets: Iterable[Ticket]) -> bool:
    return any(ticket.booking_id == booking.pk for ticket in tickets)


def _why_nothing_is_left(sale: Sale) -> AlreadyVoided | NothingToVoid:
    voided = _voids_of(sale).last()
    return AlreadyVoided(voided) if voided else NothingToVoid()


def _voids_of(sale: Sale) -> QuerySet[Cancellation]:
    return Cancellation.objects.filter(booking__sale=sale, cause=CancelCause.VOID).order_by("pk")


def _done_before(sale: Sale, operator: Operator) -> list[Cancellation]:
    """The cancellations this operator made by pressing the button before; [] if tickets are live."""
    if Ticket.objects.filter(booking__sale=sale, status__in=LIVE_TICKETS).exists():
        return []
    return list(_voids_of(sale).filter(actor=operator.actor))


def _require_day(sale: Sale, bookings: list[Booking], now: datetime) -> None:
    sold_at = min(booking.confirmed_at for booking in bookings if booking.confirmed_at is not None)
    if business_day(sale.theater, sold_at) != business_day(sale.theater, now):
        raise NotOfThisDay


def _refunded(sale: Sale, bookings: list[Booking], live: tuple[Ticket, ...]) -> Decimal:
    """The amount that the live tickets give back."""
    amount = Decimal(0)
    for booking in bookings:
        booking.sale = sale
        its = [ticket for ticket in live if ticket.booking_id == booking.pk]
        amount += sum((line.refunded for line in lines_of(booking, its, ALL)), Decimal(0))
    return amount


def _money_back(sale: Sale, amount: Decimal) -> list[tuple[PaymentMethod, Decimal]]:
    """The amounts to give back: each payment gives back what it brought."""
    balances = own(balances_of(Payment.objects.filter(sale=sale).order_by("pk")))
    shares = shares_to_refund(balances, owed=sale.refund_due + amount)
    return [(PaymentMethod(payment.method), share) for payment, share in shares]


def _needs_approval(sale: Sale, amount: Decimal) -> bool:
    """Whether the void needs a second person. Earlier refunds of the sale without one are added, so that many small
    refunds count as a large one.
    """
    alone = RefundRequest.objects.filter(booking__sale=sale, status=RequestStatus.DONE, decided_by=None)
    before = alone.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    return before + amount > sale.theater.refund_limit


def _require_as_shown(plan: VoidPlan, operator: Operator, order: VoidOrder) -> None:
    if plan.mark != order.mark:
        raise PlanChanged
    if plan.terminal and not order.is_reversed:
        raise NotReversed(format_money(plan.terminal, plan.currency))
    if plan.needs_approval and order.approver_id is None:
        raise ApprovalNeeded
    if plan.needs_approval and order.approver_id == operator.user_id:
        raise OwnApproval


def _void(locked: LockedSale, plan: VoidPlan, operator: Operator, order: VoidOrder) -> list[Cancellation]:
    voided = [booking for booking in locked.bookings if _has(booking, plan.tickets)]
    # The money of a sale goes back at once, so what coins make of it stands on its last credit note alone.
    parts = [plan.rounding if booking == voided[-1] else Decimal(0) for booking in voided]
    done = [_cancel(booking, plan, operator, order, part) for booking, part in zip(voided, parts, strict=True)]
    refunds = request_refunds(locked.sale, reason=f"Voided: {order.reason}"[:120])
    if sum((refund.amount for refund in refunds), Decimal(0)) != plan.amount:
        raise PlanChanged
    for refund in refunds:
        hand_out(locked, refund, PaymentMethod(refund.method), operator.payer, reason=order.reason)
    return done


def _cancel(
    booking: Booking, plan: VoidPlan, operator: Operator, order: VoidOrder, cash_rounding: Decimal
) -> Cancellation:
    origin = CancellationOrigin(CancelCause.VOID, operator.actor, order.reason, cash_rounding)
    cancellation = cancel_tickets(booking_id=booking.pk, ticket_ids=None, percent=ALL, origin=origin)
    if cancellation is None:
        raise PlanChanged
    booking.sale.refresh_from_db(fields=["refund_due", "fees_kept", "changed_at"])
    _write_down(cancellation, plan, operator, order)
    return cancellation


def _write_down(cancellation: Cancellation, plan: VoidPlan, operator: Operator, order: VoidOrder) -> None:
    """Write the refund request with its approval, as for every refund by staff, and the audit entry."""
    approver_id = order.approver_id if plan.needs_approval else None
    if cancellation.refunded:
        request = RefundRequest.objects.create(
            booking_id=cancellation.booking_id,
            tickets=list(cancellation.lines.values_list("ticket_id", flat=True)),
            percent=ALL,
            amount=cancellation.refunded,
            currency=cancellation.currency,
            reason=order.reason,
            asked_by_id=operator.user_id,
        )
        log_moves("request", [(request.pk, "", RequestStatus.WAITING)], actor=operator.actor, note=order.reason)
        decided = {"decided_by_id": approver_id, "decided_at": ClockTimestamp()}
        actor, note = (
            (operator.actor, "Within the limit") if approver_id is None else (staff_actor_name(approver_id), "")
        )
        move_request(request, RequestStatus.DONE, actor=actor, note=note, **decided)
    amount = format_money(cancellation.refunded, cancellation.currency)
    approved = {"approved by": staff_actor_name(approver_id)} if approver_id else {}
    booking = cancellation.booking
    record(
        actor=operator.actor, action="void sale", thing=booking, theater=booking.sale.theater_id,
        after={"amount": amount, **approved}, reason=order.reason,
    )  # fmt: skip
