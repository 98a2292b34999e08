"""An exchange of tickets: agreed to, then carried out in one transaction. Until then the old tickets open the door.

Whatever happens before that moment (a declined card, an expired hold, a provider that does not answer, a canceled
showtime) changes nothing of them (docs/adr/0055-an-exchange-happens-at-once.md). The money is in
payments/refunds/exchanges.py.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings

from core.clock import ClockTimestamp, database_now
from core.live import seat_map_changes
from core.pauses import WhenPaused
from reservations import locks
from reservations.aftersale.cancellation import ALL, CancellationOrigin, cancel_tickets, with_sofas
from reservations.aftersale.exchange_plans import ExchangePlan
from reservations.locks import LockedSale
from reservations.models import Booking, BookingAccess, Exchange, ExchangedTicket, Hold, ShowtimeSeat, Ticket
from reservations.records.status_changes import log_moves, move_booking, move_tickets
from reservations.refusals.selling import TooLateToPay
from reservations.seats.owners import return_seats_to_hold, sell_seats
from reservations.seats.state import SeatState, state_of
from reservations.seats.taking import end_hold
from reservations.selling.bookings import LEAST_SECONDS_TO_PAY, write_mail
from reservations.selling.selling_steps import HoldToSell
from reservations.selling.ticket_limits import Person, require_tickets_left
from reservations.selling.ticket_rows import fixed_facts, new_ticket
from reservations.states import (
    EXCHANGE_MOVES,
    LIVE_TICKETS,
    BookingStatus,
    CancelCause,
    ExchangeStatus,
    HoldEnd,
    MailKind,
    TicketStatus,
)
from sales.services.opening import Customer
from theaters.states import ShowtimeStatus

ACTOR = "customer"


def require_tickets_left_for(exchange: Exchange, plan: ExchangePlan) -> None:
    """The limits of a person count the new tickets instead of the old ones. Raises TooManyTickets."""
    booking = exchange.booking
    customer = Customer(email=booking.email, user_id=booking.sale.user_id)
    leaving = len(plan.lines) if exchange.showtime_id == booking.showtime_id else 0
    require_tickets_left(
        showtime_id=exchange.showtime_id,
        person=Person(customer, booking.holder),
        count=len(plan.lines) - leaving,
    )


def write_lines(exchange: Exchange, plan: ExchangePlan, held: HoldToSell) -> None:
    """Write the lines that were agreed to."""
    ExchangedTicket.objects.bulk_create(
        ExchangedTicket(
            exchange=exchange,
            old_ticket=line.old,
            tax_rate=held.prices.tax_rate,
            most_percent=plan.most_percent,
            **fixed_facts(line.new),
        )
        for line in plan.lines
    )


def hold_until_paid(exchange: Exchange, held: HoldToSell, rows: Collection[ShowtimeSeat]) -> None:
    """The seats go to a hold that no click of this browser changes, for the time to pay. Raises TooLateToPay."""
    payable_until = min(held.now + timedelta(seconds=settings.CHECKOUT_SECONDS), held.hold.cap_at)
    if payable_until - held.now < timedelta(seconds=min(LEAST_SECONDS_TO_PAY, settings.CHECKOUT_SECONDS // 4)):
        raise TooLateToPay
    until = payable_until + timedelta(seconds=settings.PAYMENT_GRACE_SECONDS)
    hold = Hold.objects.create(
        showtime_id=exchange.showtime_id,
        holder=_holder_of(exchange),
        address=held.hold.address,
        network=held.hold.network,
        has_paid=True,
        root_id=held.hold.root_id or held.hold.pk,
        price_version_id=held.hold.price_version_id,
        started_at=held.hold.started_at,
        expires_at=until,
        cap_at=until,
    )
    return_seats_to_hold(rows, hold=hold)
    end_hold(held.hold, end=HoldEnd.PAID)
    EXCHANGE_MOVES.move(
        exchange, ExchangeStatus.PAYING, hold=hold, agreed_at=ClockTimestamp(), payable_until=payable_until
    )
    published = dict.fromkeys((row.label for row in rows), seat_map_changes.held_until(until))
    seat_map_changes.publish_on_commit(exchange.showtime_id, published)


def _holder_of(exchange: Exchange) -> str:
    """Return a holder for the exchange that matches no browser's cookie."""
    return hashlib.sha256(f"exchange {exchange.pk}".encode()).hexdigest()


def lock_exchange(
    exchange_id: int, *, when_paused: WhenPaused = WhenPaused.STOPS_AFTER_RESTORE
) -> tuple[Exchange, LockedSale, Hold]:
    """Lock an agreed exchange: its showtimes, the hold with the new seats, its sale. Raises SalesPaused."""
    known = Exchange.objects.select_related("booking__sale").get(pk=exchange_id)
    gates = locks.gates_of_sale(known.booking.sale_id, and_showtime=known.showtime_id, when_paused=when_paused)
    assert known.hold_id is not None
    hold = locks.hold_by_id(known.hold_id)
    whole = locks.sale_behind(gates, known.booking.sale_id)
    # The row of the exchange is not locked: it changes only under the lock of its sale.
    return Exchange.objects.select_related("booking__sale__contact").get(pk=exchange_id), whole, hold


def finish_exchange(exchange: Exchange, whole: LockedSale, hold: Hold, *, actor: str = ACTOR) -> bool:
    """Carry out the exchange: write the new tickets, then void the old ones. False, and nothing is changed, when it is
    impossible now.

    The caller holds the locks of the showtimes, the hold with the new seats, and the sale.
    """
    if not _is_possible(exchange, whole):
        return False
    old, lines = _locked_tickets(exchange), list(exchange.lines.select_related("seat", "ticket_type").order_by("pk"))
    rows = locks.seats_to_exchange(old, showtime_id=exchange.showtime_id, seat_ids=[line.seat_id for line in lines])
    now = database_now()
    if len(old) != len(lines) or len(rows) != len(lines) or not all(_is_for(row, hold, now) for row in rows):
        return False
    booking = _booking_for(exchange, whole, hold)
    made = booking.status == BookingStatus.PENDING
    tickets = _write_tickets(booking, lines, actor)
    seat_map_changes.publish_on_commit(exchange.showtime_id, sell_seats(rows, booking=booking))
    if hold.ended_at is None:
        end_hold(hold, end=HoldEnd.PAID)
    if made:
        move_booking(booking, BookingStatus.CONFIRMED, actor=actor, confirmed_at=ClockTimestamp())
    move_tickets(tickets, TicketStatus.VALID, actor=actor)
    canceled = cancel_tickets(
        booking_id=exchange.booking_id,
        ticket_ids=exchange.ticket_ids,
        percent=ALL,
        origin=CancellationOrigin(CancelCause.EXCHANGE, actor),
    )
    assert canceled is not None, "the tickets are locked, valid and of a confirmed booking"
    whole.sale.refresh_from_db()
    EXCHANGE_MOVES.move(
        exchange,
        ExchangeStatus.DONE,
        ended_at=ClockTimestamp(),
        hold=hold,
        agreed_at=exchange.agreed_at or ClockTimestamp(),
        cancellation=canceled,
        made_booking=booking if made else None,
    )
    Booking.objects.filter(pk=booking.pk).update(changed_at=ClockTimestamp())
    if made:
        write_mail(booking, MailKind.CONFIRMATION)
    else:
        write_mail(booking, MailKind.EXCHANGED, about=exchange.pk)
    return True


def _is_possible(exchange: Exchange, whole: LockedSale) -> bool:
    """Whether showtimes, booking and money allow it: both shows take place, and the new one is not over."""
    gate, own = whole.gates[exchange.showtime_id], whole.gates[exchange.booking.showtime_id]
    booking = next(one for one in whole.bookings if one.pk == exchange.booking_id)
    is_shown = gate is not None and gate.status == ShowtimeStatus.PUBLISHED and not gate.is_over
    stays = own is not None and own.status == ShowtimeStatus.PUBLISHED
    return is_shown and stays and booking.status == BookingStatus.CONFIRMED and whole.sale.frozen_at is None


def _locked_tickets(exchange: Exchange) -> list[Ticket]:
    """Lock the old tickets, with those for other seats of their present sofas; [] when one of them was used or given
    away. A ticket that is scanned at this moment is either used before this lock, or void when the door reads it.
    """
    live = [ticket for ticket in locks.tickets_of(exchange.booking_id) if ticket.status in LIVE_TICKETS]
    old = with_sofas(live, exchange.ticket_ids)
    return old if all(ticket.status == TicketStatus.VALID and ticket.given_at is None for ticket in old) else []


def _is_for(row: ShowtimeSeat, hold: Hold, now: datetime) -> bool:
    return row.hold_id == hold.pk or state_of(row, now) == SeatState.FREE


def _booking_for(exchange: Exchange, whole: LockedSale, hold: Hold) -> Booking:
    """Return the sale's booking for the new showtime, or a new pending one if it has none."""
    for booking in whole.bookings:
        if booking.showtime_id == exchange.showtime_id:
            return booking
    old = exchange.booking
    prices = exchange.lines.values_list("price", flat=True)
    booking = Booking.objects.create(
        sale=whole.sale,
        showtime_id=exchange.showtime_id,
        hold=hold,
        holder=old.holder,
        total=sum(prices),
        # Judged when it was agreed to, because the money may arrive after the close of sales.
        created_at=exchange.agreed_at or ClockTimestamp(),
    )
    opened = old.accesses.filter(link_version=whole.sale.link_version)
    BookingAccess.objects.bulk_create(
        BookingAccess(booking=booking, holder=holder, link_version=whole.sale.link_version)
        for holder in opened.values_list("holder", flat=True)
    )
    return booking


def _write_tickets(booking: Booking, lines: list[ExchangedTicket], actor: str) -> list[Ticket]:
    new = [new_ticket(booking, line, tax_rate=line.tax_rate) for line in lines]
    for line, ticket in zip(lines, new, strict=True):
        ticket.most_percent = line.most_percent
    tickets = Ticket.objects.bulk_create(new)
    for line, ticket in zip(lines, tickets, strict=True):
        line.new_ticket = ticket
        line.save(update_fields=["new_ticket"])
    steps = [(line.old_ticket_id, "EXCHANGED", f"{ticket.pk}") for line, ticket in zip(lines, tickets, strict=True)]
    log_moves("exchange", steps, actor=actor)
    return tickets


def end_exchange(exchange: Exchange, hold: Hold) -> None:
    """End an exchange of a locked sale without exchanging, with its hold locked: the seats are free again."""
    if exchange.status == ExchangeStatus.PAYING:
        EXCHANGE_MOVES.move(exchange, ExchangeStatus.ENDED, ended_at=ClockTimestamp())
        if hold.ended_at is None:
            end_hold(hold, end=HoldEnd.LAPSED)


def tell_no_exchange(exchange: Exchange, *, payment_id: int, amount: Decimal, currency: str) -> None:
    """Mail the customer that the exchange failed: its money goes back, and the old tickets are valid as before."""
    facts = {"amount": str(amount), "currency": currency}
    write_mail(exchange.booking, MailKind.NO_EXCHANGE, about=payment_id, **facts)
