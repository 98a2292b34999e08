"""Moving tickets of another system in, with the payments that system took: showtime by showtime, each in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.clock import ClockTimestamp
from houses.models import Theater
from payments.models import Payment
from payments.states import MOVED_IN, PaymentMethod, PaymentStatus
from reservations.models import Booking
from reservations.moving_in.moving_in import MovedLine, MovedShow, move_show_in, preview, read_file
from reservations.moving_in.old_ticket_files import OldTicketFile
from reservations.records.status_changes import log_moves
from reservations.states import MovingInOutcome
from staff.services.audit import record


@dataclass(frozen=True)
class MovedIn:
    """The result, or the preview, of a file: its showtimes, and the lines that could not be read."""

    shows: tuple[MovedShow, ...]
    refused: tuple[MovedLine, ...]
    unknown_columns: tuple[str, ...] = ()

    @property
    def lines(self) -> list[MovedLine]:
        """All lines, refused ones too, in the order of the file."""
        lines = [*self.refused, *(line for show in self.shows for line in show.lines)]
        return sorted(lines, key=lambda line: line.number)

    @property
    def new_shows(self) -> list[str]:
        return [show.name for show in self.shows if show.is_new]

    def lines_with(self, outcome: MovingInOutcome) -> list[MovedLine]:
        return [line for line in self.lines if line.outcome == outcome]

    @property
    def new_tickets(self) -> int:
        return sum(bool(line.seat) for line in self.lines_with(MovingInOutcome.NEW))

    @property
    def is_something_to_do(self) -> bool:
        return bool(self.new_shows or self.new_tickets)


def preview_moving_in(*, theater: Theater, file: OldTicketFile, now: datetime) -> MovedIn:
    """Report what importing each line would do. Nothing is saved."""
    read = read_file(theater, file, now=now)
    return MovedIn(tuple(preview(read)), read.refused, file.unknown_columns)


def move_in(*, theater: Theater, file: OldTicketFile, actor: str, now: datetime) -> MovedIn:
    """Move in what can be. A showtime is moved in as a whole; what was moved in before stays as it is."""
    read = read_file(theater, file, now=now)
    moved = []
    for show in read.shows:
        with transaction.atomic():
            done = move_show_in(read, show, actor=actor)
            _write_payments(done.bookings, actor=actor)
            if done.bookings or done.is_new:
                tickets = sum(line.outcome == MovingInOutcome.NEW and bool(line.seat) for line in done.lines)
                after = {"showtime": done.name, "tickets": tickets, "bookings": len(done.bookings)}
                record(actor=actor, action="move tickets in", thing=theater, theater=theater, after=after)
        moved.append(done)
    return MovedIn(tuple(moved), read.refused, file.unknown_columns)


def _write_payments(bookings: Sequence[Booking], *, actor: str) -> None:
    """Record the payments that the other system took. Tickets that cost nothing get none."""
    paid = Payment.objects.bulk_create(
        Payment(
            sale=booking.sale,
            provider=MOVED_IN,
            method=PaymentMethod.MOVED_IN,
            status=PaymentStatus.SUCCEEDED,
            amount=booking.total,
            currency=booking.currency,
            captured=booking.total,
            captured_currency=booking.currency,
            request={},
            look_at=ClockTimestamp(),
            ended_at=ClockTimestamp(),
        )
        for booking in bookings
        if booking.total
    )
    moves = [(payment.pk, PaymentStatus.CREATED.value, PaymentStatus.SUCCEEDED.value) for payment in paid]
    log_moves("payment", moves, actor=actor, note="moved in")
