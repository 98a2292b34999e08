"""Canceling tickets of a confirmed booking: they become void, then their seats free, and the sale records what it owes.

To request the refund at once use `payments.refunds.cancellation`; else the sweep of payments finds what is owed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from core.clock import ClockTimestamp
from core.live import seat_map_changes
from core.money import share, tax_included
from core.pauses import WhenPaused
from reservations import locks
from reservations.models import Booking, CanceledTicket, Cancellation, Hold, ShowtimeSeat, Ticket
from reservations.records.status_changes import move_booking, move_tickets
from reservations.seats.owners import leave_seats, return_seats_to_hold
from reservations.seats.state import is_house_seat
from reservations.selectors.cancellation import most_to_give_back
from reservations.selling.bookings import open_hold_of_friends, write_mail
from reservations.states import LIVE_TICKETS, TOLD_HERE, BookingStatus, CancelCause, MailKind, TicketStatus
from reservations.waiting.waiting_seats import keep_for_waiting_list
from sales.services.owing import owe
from theaters.models import Seat

ALL = 100
# The percentage of the price that comes back: one for all tickets, or one for each ticket id.
type Percent = int | Mapping[int, int]


@dataclass(frozen=True)
class CancellationOrigin:
    """Who cancels, and why. The reason is in the words of staff and is not shown to the customer.

    `cash_rounding`: what coins make more of the money that is handed out with it, or less.
    """

    cause: CancelCause
    actor: str
    reason: str = ""
    cash_rounding: Decimal = Decimal(0)


def cancel_tickets(
    *, booking_id: int, ticket_ids: Collection[int] | None, percent: Percent, origin: CancellationOrigin
) -> Cancellation | None:
    """Cancel the live ones among these tickets (None: all of them), sofas whole; None when there was nothing left to cancel.

    So a second call, or one that raced with another, changes nothing. Staff and canceled showtimes give back 100 %.
    """
    showtime_id = Booking.objects.values_list("showtime_id", flat=True).get(pk=booking_id)
    with transaction.atomic():
        locks.showtime_gate(showtime_id, when_paused=WhenPaused.STOPS_AFTER_RESTORE)
        booking = locks.booking(booking_id)
        live_tickets = [ticket for ticket in locks.tickets_of(booking_id) if ticket.status in LIVE_TICKETS]
        chosen = live_tickets if ticket_ids is None else with_sofas(live_tickets, ticket_ids)
        if booking.status != BookingStatus.CONFIRMED or not chosen:
            return None
        return _cancel(booking, chosen, is_last=len(chosen) == len(live_tickets), percent=percent, origin=origin)


def with_sofas(live_tickets: Sequence[Ticket], ticket_ids: Collection[int]) -> list[Ticket]:
    """The named live tickets of a booking, with those for other seats of the same sofas. One query."""
    seats = Seat.objects.filter(pk__in=[ticket.seat_id for ticket in live_tickets]).exclude(unit="")
    sofas = dict(seats.values_list("pk", "unit"))
    named = {sofas.get(ticket.seat_id) for ticket in live_tickets if ticket.pk in ticket_ids} - {None}
    return [ticket for ticket in live_tickets if ticket.pk in ticket_ids or sofas.get(ticket.seat_id) in named]


def _cancel(
    booking: Booking, tickets: list[Ticket], *, is_last: bool, percent: Percent, origin: CancellationOrigin
) -> Cancellation:
    lines = lines_of(booking, tickets, percent)
    cancellation = Cancellation.objects.create(
        booking=booking,
        cause=origin.cause,
        actor=origin.actor,
        reason=origin.reason[:200],
        refunded=sum((line.refunded for line in lines), Decimal(0)),
        kept=sum((line.kept for line in lines), Decimal(0)),
        currency=booking.currency,
        cash_rounding=origin.cash_rounding,
    )
    for line in lines:
        line.cancellation = cancellation
    CanceledTicket.objects.bulk_create(lines)
    # Tickets become void first, so that a free seat never has a ticket that still opens the door.
    move_tickets(tickets, TicketStatus.VOID, actor=origin.actor)
    _free_seats(booking, tickets)
    _write_facts(booking, cancellation, is_last=is_last, origin=origin)
    if origin.cause in TOLD_HERE:
        write_mail(booking, MailKind.CANCELLATION, about=cancellation.pk)
    return cancellation


def lines_of(booking: Booking, tickets: Sequence[Ticket], percent: Percent) -> list[CanceledTicket]:
    """Compute what each of these live tickets would give back. Writes nothing."""
    lines = [_line(ticket, percent if isinstance(percent, int) else percent[ticket.pk]) for ticket in tickets]
    _leave_goodwill_out(booking, lines)
    return lines


def _line(ticket: Ticket, percent: int) -> CanceledTicket:
    refunded = share(ticket.price, percent, ticket.currency)
    is_whole = refunded == ticket.price
    return CanceledTicket(
        ticket=ticket,
        refunded=refunded,
        refunded_tax=ticket.tax if is_whole else tax_included(refunded, ticket.tax_rate, ticket.currency),
        kept=ticket.price - refunded,
    )


def _leave_goodwill_out(booking: Booking, lines: list[CanceledTicket]) -> None:
    """Goodwill given before is not given twice: it is taken off what the last tickets give back."""
    if booking.sale.goodwill == 0:
        return
    left = most_to_give_back(booking, booking.tickets.all())
    for line in lines:
        refunded = min(line.refunded, left)
        if refunded < line.refunded:
            line.kept += line.refunded - refunded
            line.refunded = refunded
            line.refunded_tax = tax_included(refunded, line.ticket.tax_rate, line.ticket.currency)
        left -= refunded


def _free_seats(booking: Booking, tickets: list[Ticket]) -> None:
    """Free the seats: they return to an open shared block, else to the waiting list, else to everybody."""
    kept = open_hold_of_friends(booking)
    rows = locks.seats_by_seat(showtime_id=booking.showtime_id, seat_ids=[ticket.seat_id for ticket in tickets])
    rows = [row for row in rows if row.booking_id == booking.pk]
    rows = _keep_for_friends(rows, kept) if kept else keep_for_waiting_list(booking.showtime_id, rows)
    seat_map_changes.publish_on_commit(booking.showtime_id, leave_seats(rows, booking=booking))


def _keep_for_friends(rows: list[ShowtimeSeat], kept: Hold) -> list[ShowtimeSeat]:
    """Return rows to the friends' hold. Returns the other rows: house seats, which staff have kept back meanwhile."""
    back = [row for row in rows if not is_house_seat(row)]
    return_seats_to_hold(back, hold=kept)
    held = dict.fromkeys((row.label for row in back), seat_map_changes.held_until(kept.expires_at))
    seat_map_changes.publish_on_commit(kept.showtime_id, held)
    return [row for row in rows if is_house_seat(row)]


def _write_facts(booking: Booking, cancellation: Cancellation, *, is_last: bool, origin: CancellationOrigin) -> None:
    # The price of exchanged tickets pays for the new ones; the exchange itself records what is left of it as owed.
    is_credit = origin.cause == CancelCause.EXCHANGE
    owe(booking.sale, Decimal(0) if is_credit else cancellation.refunded, fees_kept=cancellation.kept)
    booking.changed_at = ClockTimestamp()
    booking.save(update_fields=["changed_at"])
    if is_last:
        move_booking(booking, BookingStatus.CANCELED, actor=origin.actor, note=origin.reason, ended_at=ClockTimestamp())
