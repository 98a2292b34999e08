"""Moves sold tickets of another system in: a preview line by line, and the import showtime by showtime.

Each line gets an outcome: the ticket is moved in, is here already, is in conflict with somebody who has the seat, or is
refused. The same file twice changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from core.clock import database_now
from core.pauses import WhenPaused
from core.refusals import Refusal
from core.texts.local_formats import format_moment
from houses.models import Theater
from reservations import locks
from reservations.models import Booking, MovedInTicket, ShowtimeSeat, SwappedTicket, Ticket
from reservations.moving_in.moved_in_bookings import write_moved_in_bookings
from reservations.moving_in.old_ticket_files import OldTicketFile
from reservations.moving_in.old_ticket_reading import LineRefused, OldTicket, OldTicketReader, ShowtimeKey
from reservations.opening.showtime_opening import open_for_sale
from reservations.seats.state import SeatState, state_of
from reservations.states import MovingInOutcome
from theaters.models import Auditorium, Seat, Showtime
from theaters.schedule.scheduling import schedule
from theaters.states import ShowtimeStatus
from theaters.versions import version_of


@dataclass(frozen=True)
class MovedLine:
    """The outcome of a line of the file. `seat` is '' for a line about a showtime only."""

    number: int
    outcome: MovingInOutcome
    barcode: str = ""
    showtime: str = ""
    seat: str = ""
    sentence: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class OldShow:
    """The lines of one showtime."""

    key: ShowtimeKey
    lines: tuple[OldTicket, ...]

    @property
    def tickets(self) -> list[OldTicket]:
        return [line for line in self.lines if line.barcode]

    @property
    def seat_ids(self) -> set[int]:
        """The seats that the tickets name, and all places of the areas that they name."""
        areas = {line.area: line.places for line in self.lines if line.places}
        named = {line.seat.pk for line in self.lines if line.seat is not None}
        return named.union(*({place.pk for place in places} for places in areas.values()))


@dataclass(frozen=True)
class ReadFile:
    """A file with every line understood or refused."""

    shows: tuple[OldShow, ...]
    refused: tuple[MovedLine, ...]
    reader: OldTicketReader

    def name_of(self, key: ShowtimeKey) -> str:
        line = next(line for show in self.shows if show.key == key for line in show.lines)
        theater = self.reader.theater
        auditorium = next(
            auditorium for auditorium in self.reader.auditoriums.values() if auditorium.pk == key.auditorium_id
        )
        return f"{line.movie.title}, {format_moment(key.starts_at.astimezone(theater.zone))}, {auditorium.name}"


@dataclass(frozen=True)
class MovedShow:
    """The outcome, or expected outcome, of the lines of one showtime."""

    name: str
    is_new: bool
    lines: tuple[MovedLine, ...]
    bookings: tuple[Booking, ...] = ()


def read_file(theater: Theater, file: OldTicketFile, *, now: datetime) -> ReadFile:
    """Understand every line. Writes nothing."""
    reader = OldTicketReader.of(theater)
    shows: dict[ShowtimeKey, list[OldTicket]] = {}
    refused: list[MovedLine] = []
    first_with: dict[str, OldTicket] = {}
    for line in file.lines:
        try:
            ticket = reader.read(line)
            if ticket.key.starts_at <= now:
                raise LineRefused(gettext("This showtime has begun already: only tickets for later ones are moved in."))
            _refuse_repeated(ticket, first_with)
            shows.setdefault(ticket.key, []).append(ticket)
        except Refusal as refusal:
            refused.append(
                MovedLine(line.number, MovingInOutcome.REFUSED, line.cell("barcode"), sentence=refusal.sentence)
            )
    ordered = sorted(shows, key=lambda key: (key.starts_at, key.auditorium_id))
    return ReadFile(tuple(OldShow(key, tuple(shows[key])) for key in ordered), tuple(refused), reader)


def _refuse_repeated(ticket: OldTicket, first_with: dict[str, OldTicket]) -> None:
    if not ticket.barcode:
        return
    first = first_with.setdefault(ticket.barcode, ticket)
    if first is not ticket:
        raise LineRefused(gettext("Line %(line)s has the same barcode.") % {"line": first.number})


def preview(read: ReadFile) -> list[MovedShow]:
    """The outcome that each line would have now. New showtimes are created in a transaction that is rolled back."""
    refusals = _tried_out(read)
    known = _known_tickets(read, [ticket for show in read.shows for ticket in show.tickets])
    return [
        _refused_show(read, show, refusals[show.key]) if show.key in refusals else _previewed(read, show, known)
        for show in read.shows
    ]


def _previewed(read: ReadFile, show: OldShow, known: "Mapping[str, KnownBarcode]") -> MovedShow:
    states = _states(read.reader.showtimes[show.key])
    return _judged(read, _with_places(show, known, states), known, states)


def _tried_out(read: ReadFile) -> dict[ShowtimeKey, str]:
    """The showtimes that cannot be made or published, and why."""
    refusals: dict[ShowtimeKey, str] = {}
    with transaction.atomic():
        for show in read.shows:
            try:
                with transaction.atomic():
                    _published(read, show, actor="preview")
            except Refusal as refusal:
                refusals[show.key] = refusal.sentence
        transaction.set_rollback(True)
    return refusals


def move_show_in(read: ReadFile, show: OldShow, *, actor: str) -> MovedShow:
    """Create the showtime if it is missing, and write the tickets whose seats are free. Inside the caller's
    transaction.

    The seats are locked before they are judged. A showtime that cannot be made is refused with all its lines.
    """
    locks.turn_to_move_in(read.reader.theater.pk)
    try:
        with transaction.atomic():
            showtime = _published(read, show, actor=actor)
    except Refusal as refusal:
        return _refused_show(read, show, refusal.sentence)
    locks.showtime_gate(showtime.pk, when_paused=WhenPaused.STOPS_AFTER_RESTORE)
    seat_ids = sorted(show.seat_ids)
    rows = {row.label: row for row in locks.seats_by_seat(showtime_id=showtime.pk, seat_ids=seat_ids)}
    at = database_now()
    states = {label: (state_of(row, at), row.house_reason) for label, row in rows.items()}
    known = _known_tickets(read, show.tickets)
    show = _with_places(show, known, states)
    judged = _judged(read, show, known, states)
    new = {line.number for line in judged.lines if line.outcome == MovingInOutcome.NEW}
    bookings = write_moved_in_bookings(
        showtime, [ticket for ticket in show.tickets if ticket.number in new], rows, actor=actor
    )
    return MovedShow(judged.name, judged.is_new, judged.lines, tuple(bookings))


def _published(read: ReadFile, show: OldShow, *, actor: str) -> Showtime:
    """The showtime, on sale. Raises a Refusal."""
    showtime = read.reader.showtime(show.key)
    if showtime is None:
        line = show.lines[0]
        written = next((other.version for other in show.lines if other.version), "")
        showtime = schedule(
            movie=line.movie,
            auditorium=Auditorium.objects.select_related("theater").get(pk=show.key.auditorium_id),
            starts_at=show.key.starts_at,
            version=version_of(written) if written else None,
        )
    if showtime.status == ShowtimeStatus.DRAFT:
        return open_for_sale(showtime_id=showtime.pk, actor=actor)
    return showtime


# State and reason of each seat of a showtime, by label; empty where all are free.
SeatStates = Mapping[str, tuple[SeatState, str]]


def _states(showtime: Showtime | None) -> SeatStates:
    if showtime is None:
        return {}
    at = database_now()
    return {row.label: (state_of(row, at), row.house_reason) for row in ShowtimeSeat.objects.filter(showtime=showtime)}


@dataclass(frozen=True)
class KnownBarcode:
    """The ticket that already has a barcode: one that was moved in, or (without a name) one of our own."""

    name: str = ""
    showtime_id: int = 0
    seat_id: int = 0
    was_swapped: bool = False


def _known_tickets(read: ReadFile, tickets: Iterable[OldTicket]) -> dict[str, KnownBarcode]:
    barcodes = [ticket.barcode for ticket in tickets]
    moved = MovedInTicket.objects.filter(theater=read.reader.theater, barcode__in=barcodes)
    known = {
        moved_in.barcode: KnownBarcode(
            f"{moved_in.ticket.showtime}, {moved_in.ticket.seat.label}",
            moved_in.ticket.showtime_id,
            moved_in.ticket.seat_id,
            moved_in.ticket.code != moved_in.code,
        )
        for moved_in in moved.select_related(
            "ticket__seat", "ticket__showtime__movie", "ticket__showtime__auditorium__theater"
        )
    }
    ours = {*Ticket.objects.filter(code__in=barcodes).values_list("code", flat=True)}
    ours |= {*SwappedTicket.objects.filter(old_code__in=barcodes).values_list("old_code", flat=True)}
    return known | {code: KnownBarcode() for code in ours}


def _with_places(show: OldShow, known: Mapping[str, KnownBarcode], states: SeatStates) -> OldShow:
    """Give each ticket for an area the place it came for before, else the first free one; none where the area is full."""
    named = {line.seat.pk for line in show.lines if line.seat is not None}
    areas = {line.area: line.places for line in show.lines if line.places}
    by_id = {place.pk: place for places in areas.values() for place in places}
    free = {area: iter(_free_places(places, named, states)) for area, places in areas.items()}

    def placed(line: OldTicket) -> OldTicket:
        if not line.places:
            return line
        before = known.get(line.barcode)
        return replace(line, seat=by_id.get(before.seat_id) if before else next(free[line.area], None))

    return OldShow(show.key, tuple(map(placed, show.lines)))


def _free_places(places: Iterable[Seat], named: set[int], states: SeatStates) -> list[Seat]:
    """The places that are free and that no line of the file names."""
    free = SeatState.FREE, ""
    return [place for place in places if place.pk not in named and states.get(place.label, free)[0] == SeatState.FREE]


def _judged(read: ReadFile, show: OldShow, known: Mapping[str, KnownBarcode], states: SeatStates) -> MovedShow:
    showtime = read.reader.showtimes[show.key]
    name, taken_by = read.name_of(show.key), dict[int, int]()
    outcomes = [_outcome(line, showtime, known, states, taken_by) for line in show.lines]
    new = [line for line, (outcome, _) in zip(show.lines, outcomes, strict=True) if outcome == MovingInOutcome.NEW]
    cut = _on_cut_sofas(read, new)
    lines = []
    for line, judged in zip(show.lines, outcomes, strict=True):
        outcome, sentence = cut.get(line.number, judged)
        lines.append(MovedLine(line.number, outcome, line.barcode, name, line.seat_label, sentence, line.remarks))
    return MovedShow(name, showtime is None, tuple(lines))


def _on_cut_sofas(read: ReadFile, new: list[OldTicket]) -> dict[int, tuple[MovingInOutcome, str]]:
    """A sofa has one booking (reservations/seats/units.py): tickets for a part of one are in conflict, by their lines."""
    sold: dict[tuple[int, str], dict[str, str]] = {}
    for line in new:
        if line.seat is not None and line.seat.unit:
            sold.setdefault((line.seat.plan_id, line.seat.unit), {})[line.seat.label] = line.booking_key
    cut = {}
    for line in new:
        if line.seat is None or not line.seat.unit:
            continue
        bookings = sold[line.seat.plan_id, line.seat.unit]
        sofa = [seat.label for seat in read.reader.seats[line.seat.plan_id] if seat.unit == line.seat.unit]
        if set(sofa) != set(bookings) or len(set(bookings.values())) > 1:
            sentence = gettext(
                "%(seats)s are one sofa, which is sold whole: the file has to sell all of it with one order."
            )
            cut[line.number] = (MovingInOutcome.CONFLICT, sentence % {"seats": ", ".join(sofa)})
    return cut


def _outcome(
    line: OldTicket,
    showtime: Showtime | None,
    known: Mapping[str, KnownBarcode],
    states: SeatStates,
    taken_by: dict[int, int],
) -> tuple[MovingInOutcome, str]:
    if not line.barcode:
        return (MovingInOutcome.NEW if showtime is None else MovingInOutcome.SAME), ""
    if (before := known.get(line.barcode)) is not None:
        return _seen_before(line, showtime, before)
    if line.seat is None:
        return MovingInOutcome.CONFLICT, gettext("%(area)s has no free place left.") % {"area": line.area}
    if in_the_way := _what_is_in_the_way(*states.get(line.seat.label, (SeatState.FREE, ""))):
        return MovingInOutcome.CONFLICT, in_the_way
    if (other := taken_by.setdefault(line.seat.pk, line.number)) != line.number:
        return MovingInOutcome.CONFLICT, gettext("Line %(line)s has the same seat.") % {"line": other}
    return MovingInOutcome.NEW, ""


def _what_is_in_the_way(state: SeatState, reason: str) -> str:
    """Return why a seat is not free, in a sentence; '' for a free one."""
    if state == SeatState.FREE:
        return ""
    if state == SeatState.HOUSE:
        return gettext("This seat is kept back: %(reason)s.") % {"reason": reason}
    if state == SeatState.SOLD:
        return gettext("This seat is sold already, to somebody else.")
    return gettext("A customer has this seat in hand just now. Try again in a few minutes.")


def _seen_before(line: OldTicket, showtime: Showtime | None, before: KnownBarcode) -> tuple[MovingInOutcome, str]:
    if not before.name:
        return MovingInOutcome.REFUSED, gettext("This is a code of a ticket that was sold here.")
    is_same_show = showtime is not None and before.showtime_id == showtime.pk
    is_same_seat = line.seat is not None and before.seat_id == line.seat.pk
    if is_same_show and (before.was_swapped or is_same_seat):
        return MovingInOutcome.SAME, ""
    return MovingInOutcome.CONFLICT, gettext("This barcode was moved in already: %(name)s.") % {"name": before.name}


def _refused_show(read: ReadFile, show: OldShow, sentence: str) -> MovedShow:
    name = read.name_of(show.key)
    facts: list[dict[str, Any]] = [
        {"number": line.number, "barcode": line.barcode, "seat": line.seat_label} for line in show.lines
    ]
    refused = MovingInOutcome.REFUSED
    return MovedShow(
        name, False, tuple(MovedLine(outcome=refused, showtime=name, sentence=sentence, **fact) for fact in facts)
    )
