"""At the door: a ticket lets one person in, once. Every look at a ticket leaves a row, whatever came of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from core.clock import from_now
from core.pauses import current_pause
from reservations import locks
from reservations.models import Scan, Ticket
from reservations.scanned_text import Scanned, read_scanned_text
from reservations.selectors.door import Answer, last_admission, replaced_ticket, ticket_at_door
from reservations.services.moves import move_tickets
from reservations.states import ScanOutcome, TicketStatus
from theaters.days import business_day
from theaters.models import Auditorium, Showtime, Theater
from theaters.states import ShowtimeStatus

# How long before the start people are let in; staff may still let a ticket in by hand from its page.
OPENS_BEFORE = timedelta(hours=2)
UNDO_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True)
class Door:
    """Where somebody stands with a scanner. Without an auditorium: the entrance of the whole theater."""

    theater: Theater
    auditorium: Auditorium | None
    name: str
    operator_id: int


class UndoRefused(Exception):
    """The sentence says why an entry stays as it is."""


def admit(*, text: str, door: Door, now: datetime) -> Answer:
    """Let one person in, or say why not. Two scanners with one code at once: the ticket's row lets one of them first."""
    with transaction.atomic():
        read = read_scanned_text(text)
        ticket, code = _ticket(read.codes)
        facts = ticket_at_door(ticket.pk) if ticket else None
        refusal = _unknown(read, door.theater) if ticket is None else _refusal(ticket, code, door, now)
        if ticket is not None and not refusal:
            move_tickets([ticket], TicketStatus.USED, actor=f"staff:{door.operator_id}")
        outcome = ScanOutcome.REFUSED if refusal else ScanOutcome.ADMITTED
        # The ticket of another theater is named to nobody here.
        mine = ticket if ticket and ticket.showtime.auditorium.theater_id == door.theater.pk else None
        sentence = refusal or "Welcome"
        scan = _write(mine, outcome, sentence, door)
    return Answer(is_welcome=not refusal, sentence=sentence, ticket=facts if mine else None, scan_id=scan.pk)


def _ticket(codes: tuple[str, ...]) -> tuple[Ticket | None, str]:
    """The locked ticket, and the code of the reading that found it.

    A swap that is under way holds the ticket's row: after the wait its old code is found in the record of swaps alone.
    """
    for code in codes:
        if ticket := locks.ticket_by_code(code) or replaced_ticket(code):
            return ticket, code
    return None, ""


def undo(*, scan_id: int, door: Door) -> Answer:
    """Take an entry back, for the wrong person or a slip. Raises UndoRefused."""
    with transaction.atomic():
        # The theater is part of the question: nobody undoes another house's entries.
        scan = Scan.objects.filter(pk=scan_id, theater=door.theater, outcome=ScanOutcome.ADMITTED).first()
        if scan is None or scan.ticket_id is None:
            raise UndoRefused("There is no such entry here.")
        ticket = locks.ticket(scan.ticket_id)
        newest = last_admission(ticket.pk)
        if ticket.status != TicketStatus.USED or newest is None or newest.pk != scan.pk:
            raise UndoRefused("This entry was taken back already, or the ticket has changed since.")
        if not Scan.objects.filter(pk=scan.pk, at__gt=from_now(-UNDO_WITHIN.total_seconds())).exists():
            raise UndoRefused("This entry is too long ago to take back here; a manager can, on the booking's page.")
        move_tickets([ticket], TicketStatus.VALID, actor=f"staff:{door.operator_id}", note="entry taken back")
        sentence = "Taken back: the ticket is good again."
        written = _write(ticket, ScanOutcome.UNDONE, sentence, door, undoes=scan)
    return Answer(is_welcome=False, sentence=sentence, ticket=ticket_at_door(ticket.pk), scan_id=written.pk)


def _unknown(read: Scanned, theater: Theater) -> str:
    """A text that cannot be read is told from a ticket that is not ours. After a restore it may have been sold all the same."""
    if not read.is_readable:
        return "This is not a readable code. Scan it again, or type the code that stands under the QR code."
    pause = current_pause()
    if pause is None or not (unknown := pause.unknown_tickets(theater.zone)):
        return "This is not one of our tickets."
    return f"We do not know this ticket. {unknown}"


def _write(ticket: Ticket | None, outcome: ScanOutcome, sentence: str, door: Door, undoes: Scan | None = None) -> Scan:
    return Scan.objects.create(
        ticket=ticket,
        outcome=outcome,
        sentence=sentence,
        theater=door.theater,
        auditorium=door.auditorium,
        door=door.name,
        operator_id=door.operator_id,
        undoes=undoes,
    )


def _refusal(ticket: Ticket, code: str, door: Door, now: datetime) -> str:
    """Words an usher can say aloud; '' when the ticket is good here and now."""
    showtime = Showtime.objects.with_names().get(pk=ticket.showtime_id)
    theater = showtime.auditorium.theater
    if theater != door.theater:
        return f"This ticket is for {theater.name}."
    return (
        _replaced(ticket, code)
        or _dead(ticket, showtime, theater)
        or _wrong_day(showtime, theater, now)
        or _wrong_room(showtime, door)
        or _wrong_hour(showtime, theater, now)
    )


def _dead(ticket: Ticket, showtime: Showtime, theater: Theater) -> str:
    if showtime.status == ShowtimeStatus.CANCELED:
        return "This showtime was canceled. The money goes back by itself."
    if ticket.status == TicketStatus.VOID:
        return "This ticket was canceled; it is worth nothing any more."
    if ticket.status == TicketStatus.RESERVED:
        return "This ticket is not paid for yet."
    if ticket.booking.frozen_at is not None:
        return "The bank is asked for the money of this ticket back. Send them to the counter."
    if ticket.status == TicketStatus.USED:
        return _used(last_admission(ticket.pk), theater)
    return ""


def _replaced(ticket: Ticket, code: str) -> str:
    if ticket.code == code or ticket.status == TicketStatus.VOID:
        return ""
    return f"This seat was changed; the new ticket is {ticket.seat.label}."


def _used(entry: Scan | None, theater: Theater) -> str:
    if entry is None:
        return "This ticket was used already."
    return f"Used at {entry.at.astimezone(theater.zone):%H:%M} at {entry.door}."


def _wrong_day(showtime: Showtime, theater: Theater, now: datetime) -> str:
    today, day = business_day(theater, now), business_day(theater, showtime.starts_at)
    local = showtime.starts_at.astimezone(theater.zone)
    if day == today:
        return ""
    if day < today:
        return f"This ticket was for {local:%A %-d %B}, {local:%H:%M}."
    return (
        f"This starts {'tomorrow' if day == today + timedelta(days=1) else f'on {local:%A %-d %B}'} at {local:%H:%M}."
    )


def _wrong_room(showtime: Showtime, door: Door) -> str:
    if door.auditorium is None or showtime.auditorium_id == door.auditorium.pk:
        return ""
    return f"This is {door.auditorium.name}; you want {showtime.auditorium.name}."


def _wrong_hour(showtime: Showtime, theater: Theater, now: datetime) -> str:
    if now > showtime.ends_at:
        return f"This show ended at {showtime.ends_at.astimezone(theater.zone):%H:%M}."
    if now < showtime.starts_at - OPENS_BEFORE:
        opens = (showtime.starts_at - OPENS_BEFORE).astimezone(theater.zone)
        return (
            f"Too early: it starts at {showtime.starts_at.astimezone(theater.zone):%H:%M}, doors open at {opens:%H:%M}."
        )
    return ""
