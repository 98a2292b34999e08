"""Facts for the pages of the door: a scanned ticket, and the latest scans."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext

from core.clock import in_zone
from core.web.unstorable_text import is_unstorable
from houses.models import Theater
from reservations.models import MovedInTicket, Scan, SwappedTicket, Ticket, Transfer
from reservations.selectors.door_needs import needs_of_ticket
from reservations.states import ScanOutcome
from staff.selectors.operators import name_of_person
from theaters.models import Showtime
from theaters.program_facts import shown_version
from theaters.seat_labels import is_place, labels_in_words, section_in_words

KIND_OF_CODE = re.compile(r"^\][A-Za-z][0-9A-Za-z]")


@dataclass(frozen=True)
class TicketAtDoor:
    seat: str
    section: str
    type_name: str
    movie: str
    version: str
    rating: str
    auditorium: str
    starts_at: datetime
    reference: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScanAnswer:
    """The answer to a scan, as the usher sees it."""

    is_welcome: bool
    sentence: str
    ticket: TicketAtDoor | None
    scan_id: int
    can_be_overruled: bool = False


@dataclass(frozen=True)
class DoorLogLine:
    """A line of the door's log."""

    scan_id: int
    at: datetime
    outcome: str
    sentence: str
    seat: str
    movie: str
    door: str
    who: str
    device: str
    may_undo: bool


def ticket_at_door(ticket_id: int) -> TicketAtDoor:
    """Two queries, and one for a booking of an account. Times in the theater's zone."""
    ticket = Ticket.objects.select_related("seat", "ticket_type", "booking__sale__contact").get(pk=ticket_id)
    showtime = _showtime(ticket.showtime_id)
    theater = showtime.auditorium.theater
    return TicketAtDoor(
        seat=_seat(ticket),
        section=section_in_words(ticket.seat.section),
        type_name=ticket.type_text,
        movie=showtime.shown_title,
        version=shown_version(showtime.movie, showtime.version),
        rating=showtime.age_rule.label,
        auditorium=showtime.auditorium.shown_name,
        starts_at=in_zone(showtime.starts_at, theater.zone),
        reference=ticket.booking.reference,
        needs=needs_of_ticket(ticket),
    )


def replaced_ticket(code: str) -> Ticket | None:
    """The ticket that had this code before a swap or a transfer gave it another one."""
    joined = ("ticket__booking__sale__contact", "ticket__seat")
    for changes in (SwappedTicket.objects, Transfer.objects):
        if found := changes.filter(old_code=code).select_related(*joined).first():
            return found.ticket
    return None


def was_given(code: str) -> bool:
    """Whether this is the code of a ticket before somebody else took it."""
    return Transfer.objects.filter(old_code=code).exists()


def moved_in_ticket(text: str, *, theater_id: int) -> tuple[int, str] | None:
    """The ticket that another system sold with this very barcode, and the code it had when it was moved in."""
    return _with_barcode(text).filter(theater=theater_id).values_list("ticket_id", "code").first()


def moved_in_elsewhere(text: str, *, theater: Theater) -> tuple[int, str] | None:
    """As `moved_in_ticket`, of the other theaters of the house; None where several of them have this barcode."""
    others = _with_barcode(text).filter(theater__house=theater.house_id).exclude(theater=theater)
    found = others.values_list("ticket_id", "code")[:2]
    return found[0] if len(found) == 1 else None


def _with_barcode(text: str) -> QuerySet[MovedInTicket]:
    """Case, zeros and dashes count. What a scanner adds is left out: blanks and line ends around it, and its kind of code."""
    if is_unstorable(text):
        return MovedInTicket.objects.none()
    return MovedInTicket.objects.filter(barcode__in={text.strip(), _without_kind(text.strip())})


def has_moved_in(theater_id: int) -> bool:
    """Whether tickets of another system may come to this theater's door."""
    return MovedInTicket.objects.filter(theater=theater_id).exists()


def _without_kind(text: str) -> str:
    """Scanners put the kind of bar code before the text when they are told to: "]C1" for a Code 128."""
    return KIND_OF_CODE.sub("", text)


def _showtime(showtime_id: int) -> Showtime:
    return Showtime.objects.with_names().with_age_rule().get(pk=showtime_id)


def answer_of(*, scan_id: int, theater_id: int) -> ScanAnswer | None:
    """Read the answer that was given to a scan of this theater."""
    scan = Scan.objects.filter(pk=scan_id, theater_id=theater_id).select_related("overruled_by").first()
    if scan is None:
        return None
    ticket = ticket_at_door(scan.ticket_id) if scan.ticket_id else None
    can_be_overruled = scan.can_be_overruled and not hasattr(scan, "overruled_by")
    return ScanAnswer(scan.outcome == ScanOutcome.ADMITTED, scan.sentence, ticket, scan.pk, can_be_overruled)


def last_admission(ticket_id: int) -> Scan | None:
    """The entry by which a ticket was used, unless it was taken back."""
    return (
        Scan.objects.filter(ticket_id=ticket_id, outcome=ScanOutcome.ADMITTED, undone_by=None).order_by("-pk").first()
    )


def latest_entries(*, theater_id: int, door: str, most: int = 12) -> list[DoorLogLine]:
    """One query: the newest looks at this door."""
    scans = (
        Scan.objects.filter(theater_id=theater_id, door=door)
        .select_related("ticket__seat", "ticket__showtime__movie", "theater", "undone_by", "operator", "device")
        .order_by("-pk")[:most]
    )
    return [_entry(scan) for scan in scans]


def _seat(ticket: Ticket) -> str:
    """Row and seat without the section, which is shown beside it."""
    if is_place(ticket.seat.label):
        return gettext("Unreserved")
    return gettext("Row %(row)s, seat %(seat)s") % {"row": ticket.seat.row, "seat": ticket.seat.number}


def _entry(scan: Scan) -> DoorLogLine:
    ticket = scan.ticket
    return DoorLogLine(
        scan_id=scan.pk,
        at=in_zone(scan.at, scan.theater.zone),
        outcome=scan.outcome,
        sentence=scan.sentence,
        seat=labels_in_words([ticket.seat.label]) if ticket else "",
        movie=ticket.showtime.shown_title if ticket else "",
        door=scan.door,
        who=name_of_person(scan.operator),
        device=scan.device.name if scan.device else "",
        may_undo=scan.outcome == ScanOutcome.ADMITTED and not hasattr(scan, "undone_by"),
    )
