"""Scans at the door: a ticket lets one person in, once. Every scan of a known ticket is stored, whatever its outcome."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from core.clock import from_now
from core.pauses import current_pause
from core.refusals import Refusal
from houses.models import Theater
from reservations import locks
from reservations.door.door_rules import Door, DoorObjection, objection_to_ticket
from reservations.door.scanned_text import Scanned, read_scanned_text
from reservations.models import Scan, Ticket
from reservations.records.status_changes import move_tickets
from reservations.selectors.door import (
    ScanAnswer,
    answer_of,
    has_moved_in,
    last_admission,
    moved_in_elsewhere,
    moved_in_ticket,
    replaced_ticket,
    ticket_at_door,
)
from reservations.states import ScanOutcome, TicketStatus
from staff.services.audit import record

UNDO_WITHIN = timedelta(minutes=30)


class DoorRefused(Refusal):
    """Refused at the door; the sentence says why nothing was changed."""


class TooLongAgo(DoorRefused):
    """Refused: taking back an old entry needs a reason."""

    field = "reason"


def admit(*, text: str, door: Door, now: datetime, key: str = "") -> ScanAnswer:
    """Let one person in, or say why not. If two scanners have the same code at once, the ticket's row lock lets one of
    them in.

    `key` is the device's own for this scan: asked again with it after an answer was lost, the same answer is given.
    """
    with transaction.atomic():
        read = read_scanned_text(text)
        ticket, code = _ticket(text, read.codes, door)
        if ticket and key and (scan := Scan.objects.filter(key=key).first()):
            if scan.ticket_id == ticket.pk and scan.theater_id == door.theater.pk:
                return _answer(scan)
            key = ""
        objection = (
            objection_to_ticket(ticket, code, door, now) if ticket else DoorObjection(_unknown(read, door.theater))
        )
        # Staff of this theater see nothing of a ticket of another theater.
        shown = ticket if ticket and ticket.showtime.auditorium.theater_id == door.theater.pk else None
        if objection.sentence:
            facts = {"can_be_overruled": objection.can_be_overruled}
            scan = write_scan(shown, ScanOutcome.REFUSED, objection.sentence, door, **facts)
        else:
            scan = let_in(ticket, door, key=key or None)
    return ScanAnswer(
        is_welcome=scan.outcome == ScanOutcome.ADMITTED,
        sentence=scan.sentence,
        ticket=ticket_at_door(shown.pk) if shown else None,
        scan_id=scan.pk,
        can_be_overruled=scan.can_be_overruled,
    )


def is_old_barcode(text: str, theater: Theater) -> bool:
    """Whether this is the barcode of a ticket that was moved in: it may look like a booking's reference."""
    return moved_in_ticket(text, theater_id=theater.pk) is not None


def overrule(*, scan_id: int, reason: str, door: Door, now: datetime) -> ScanAnswer:
    """Let somebody in against the rule that a scan named. The caller has checked the right to. Raises DoorRefused.

    Pressed twice it is one entry. If the ticket has another fault by now, that is said and nobody is let in.
    """
    require_reason(reason)
    with transaction.atomic():
        refused = Scan.objects.filter(pk=scan_id, theater=door.theater, can_be_overruled=True).first()
        if refused is None or refused.ticket_id is None:
            raise DoorRefused(gettext("There is no refusal here that can be overruled."))
        ticket = locks.ticket(refused.ticket_id)
        if done := Scan.objects.filter(overrules=refused).first():
            return _answer(done)
        objection = objection_to_ticket(ticket, ticket.code, door, now)
        if objection.sentence not in ("", refused.sentence):
            facts = {"can_be_overruled": objection.can_be_overruled}
            return _answer(write_scan(ticket, ScanOutcome.REFUSED, objection.sentence, door, **facts))
        scan = let_in(ticket, door, overrules=refused, reason=reason)
        _audit("overrule the door", ticket, door, said=refused.sentence, reason=reason)
    return _answer(scan)


def undo(*, scan_id: int, door: Door, reason: str = "") -> ScanAnswer:
    """Take an entry back, for the wrong person or a slip. Raises DoorRefused.

    With a reason also after UNDO_WITHIN; the caller has checked the right to overrule.
    """
    if reason:
        require_reason(reason)
    with transaction.atomic():
        # Limited to the theater, because nobody may undo another theater's entries.
        scan = Scan.objects.filter(pk=scan_id, theater=door.theater, outcome=ScanOutcome.ADMITTED).first()
        if scan is None or scan.ticket_id is None:
            raise DoorRefused(gettext("There is no such entry here."))
        ticket = locks.ticket(scan.ticket_id)
        newest = last_admission(ticket.pk)
        if ticket.status != TicketStatus.USED or newest is None or newest.pk != scan.pk:
            raise DoorRefused(gettext("This entry was taken back already, or the ticket has changed since."))
        if not reason and not Scan.objects.filter(pk=scan.pk, at__gt=from_now(-UNDO_WITHIN.total_seconds())).exists():
            raise TooLongAgo(
                gettext("This entry is more than 30 minutes ago. A manager can take it back here, with a reason.")
            )
        sentence = gettext("Taken back: the ticket is good again.")
        written = write_scan(ticket, ScanOutcome.UNDONE, sentence, door, undoes=scan, reason=reason)
        # Before an overruled entry of a used ticket there was an earlier one, which still counts.
        if last_admission(ticket.pk) is None:
            move_tickets([ticket], TicketStatus.VALID, actor=door.actor, note="entry taken back")
        if reason:
            _audit("take an old entry back", ticket, door, said=scan.sentence, reason=reason)
    return _answer(written)


def let_in(ticket: Ticket | None, door: Door, **facts: object) -> Scan:
    """Let a locked ticket in. A ticket that was used before stays used and gets another scan."""
    assert ticket is not None
    move_tickets([ticket], TicketStatus.USED, actor=door.actor)
    return write_scan(ticket, ScanOutcome.ADMITTED, gettext("Welcome"), door, **facts)


def write_scan(ticket: Ticket | None, outcome: ScanOutcome, sentence: str, door: Door, **facts: object) -> Scan:
    return Scan.objects.create(
        ticket=ticket,
        outcome=outcome,
        sentence=sentence,
        theater=door.theater,
        auditorium=door.auditorium,
        door=door.name,
        operator_id=door.operator_id,
        device_id=door.device_id,
        **facts,
    )


def require_reason(reason: str) -> None:
    """Refuse a ticket code as a reason: a scanner types into whatever field has the focus. Raises DoorRefused."""
    if len(reason.strip()) < 3 or read_scanned_text(reason).is_readable:
        raise DoorRefused(gettext("Say in a few words why. Nobody was let in and nothing was changed."))


def _ticket(text: str, codes: tuple[str, ...], door: Door) -> tuple[Ticket | None, str]:
    """The locked ticket, and the code by which it was found. A text that is none of our codes may be a barcode of a
    moved-in ticket.

    A swap that is under way holds the ticket's row: after the wait its old code is found in the record of swaps alone.
    """
    for code in codes:
        if ticket := locks.ticket_by_code(code) or replaced_ticket(code):
            return ticket, code
    moved = moved_in_ticket(text, theater_id=door.theater.pk) or moved_in_elsewhere(text, theater=door.theater)
    if moved is not None:
        ticket_id, code = moved
        return locks.ticket(ticket_id), code
    return None, ""


def _answer(scan: Scan) -> ScanAnswer:
    answer = answer_of(scan_id=scan.pk, theater_id=scan.theater_id)
    assert answer is not None
    return answer


def _unknown(read: Scanned, theater: Theater) -> str:
    """Say that a text is unreadable, or that the ticket is not ours; after a restore add that it may have been sold
    nevertheless.
    """
    if not read.is_readable and not has_moved_in(theater.pk):
        return gettext("This is not a readable code. Scan it again, or type the code that stands under the QR code.")
    pause = current_pause()
    if pause is None or not (unknown := pause.unknown_tickets(theater.zone)):
        return gettext("This is not one of our tickets.")
    return f"{gettext('We do not know this ticket.')} {unknown}"


def _audit(action: str, ticket: Ticket, door: Door, *, said: str, reason: str) -> None:
    after = {"seat": ticket.seat.label, "the door had said": said, "door": door.name}
    record(actor=door.actor, action=action, thing=ticket, theater=door.theater, after=after, reason=reason)
