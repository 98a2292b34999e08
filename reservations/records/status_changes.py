"""The only module that changes statuses: checked by the table of allowed moves, saved with its fields, written into the
log.
"""

from typing import Any

from core.clock import ClockTimestamp
from reservations.models import Booking, Move, PromoRedemption, Ticket
from reservations.states import BOOKING_MOVES, PROMO_COUNTS, TICKET_MOVES, BookingStatus, TicketStatus
from theaters import locks as theater_locks
from theaters.models import Showtime
from theaters.schedule import scheduling
from theaters.states import ShowtimeStatus


def log_moves(what: str, moves: list[tuple[int, str, str]], *, actor: str, note: str = "") -> None:
    """Append (id, from, to) rows to the log."""
    Move.objects.bulk_create(
        Move(what=what, what_id=pk, from_status=old, to_status=new, actor=actor, note=note[:200])
        for pk, old, new in moves
    )


def move_booking(booking: Booking, to: BookingStatus, *, actor: str, note: str = "", **fields: Any) -> None:
    """Move a locked booking and set the fields that go with it."""
    old = BOOKING_MOVES.move(booking, to, changed_at=ClockTimestamp(), **fields)
    log_moves("booking", [(booking.pk, old, to)], actor=actor, note=note)
    if booking.promo_code_id is not None:
        _count_redemption(booking, old, to)


def _count_redemption(booking: Booking, old: BookingStatus, to: BookingStatus) -> None:
    """Update whether a booking's use of a promo code counts: not when the booking ends, again when late money revives
    it.
    """
    counted, counts = old in PROMO_COUNTS, to in PROMO_COUNTS
    if counted != counts:
        given_back_at = None if counts else ClockTimestamp()
        PromoRedemption.objects.filter(booking=booking).update(given_back_at=given_back_at)


def move_tickets(tickets: list[Ticket], to: TicketStatus, *, actor: str, note: str = "") -> None:
    """Move the tickets of a locked booking; those that have the status already stay."""
    moving = [ticket for ticket in tickets if ticket.status != to]
    for ticket in moving:
        TICKET_MOVES.require(ticket.status, to)
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in moving]).update(status=to)
    log_moves("ticket", [(ticket.pk, ticket.status, to) for ticket in moving], actor=actor, note=note)
    for ticket in moving:
        ticket.status = to


def reissue_ticket(ticket: Ticket, *, seat_id: int, code: str) -> None:
    """Give a locked valid ticket the seat and code of its SwappedTicket row; a trigger allows no other."""
    ticket.seat_id, ticket.code = seat_id, code
    ticket.save(update_fields=["seat_id", "code"])


def give_ticket(ticket: Ticket, *, code: str) -> None:
    """Give a locked valid ticket the code of its Transfer row; a trigger allows no other."""
    ticket.code, ticket.given_at = code, ClockTimestamp()
    ticket.save(update_fields=["code", "given_at"])


def move_showtime(*, showtime_id: int, to: ShowtimeStatus, actor: str) -> Showtime:
    """Move a showtime as theaters does it, and log who did; in the caller's transaction. Raises SchedulingRefused."""
    old = theater_locks.showtime_to_change(showtime_id).status
    showtime = scheduling.move_showtime(showtime_id=showtime_id, to=to)
    log_moves("showtime", [(showtime_id, old, to)], actor=actor)
    return showtime
