"""Letting in a whole party by the booking's reference. The reference is no secret, so an usher looks at the people and
presses the button.

It does not let in a ticket that was given to somebody else: its code is theirs alone.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from core.pauses import current_pause
from reservations import locks
from reservations.door.door_rules import Door, DoorObjection, objection_to_showtime
from reservations.door.door_scans import let_in, require_reason, write_scan
from reservations.door.scanned_text import read_scanned_text
from reservations.models import Booking
from reservations.selectors.door import ScanAnswer
from reservations.selectors.door_parties import DoorParty, ShowAtDoor, party_of, show_at_door
from reservations.selectors.notes import NoteLine, notes_of
from reservations.states import BookingStatus, ScanOutcome, TicketStatus
from staff.services.audit import record
from theaters.models import Showtime


@dataclass(frozen=True)
class PartyAnswer:
    """A booking as the door shows it: its people, and why they may not come in."""

    party: DoorParty
    show: ShowAtDoor
    sentence: str = ""
    can_be_overruled: bool = False
    let_in: tuple[str, ...] = ()
    # The other showtimes of the sale.
    others: tuple[ShowAtDoor, ...] = ()
    # Notes of staff about the booking.
    notes: tuple[NoteLine, ...] = ()

    @property
    def is_welcome(self) -> bool:
        return bool(self.let_in)


def reference_in(text: str) -> str:
    """Return the booking reference in a scanned or typed text; '' when it has none."""
    return read_scanned_text(text).reference


def look_up_party_code(*, text: str, door: Door, now: datetime) -> PartyAnswer | None:
    """Find the party with this shared code at this theater; None for any other text."""
    codes = read_scanned_text(text).codes
    booking = _bookings(door).filter(party_code__in=codes).first() if codes else None
    if booking is None:
        return None
    return look_up_party(reference=booking.reference, door=door, now=now, showtime_id=booking.showtime_id)


def look_up_party(*, reference: str, door: Door, now: datetime, showtime_id: int | None = None) -> PartyAnswer | None:
    """Find the party of a booking; None when this theater has no such booking, even if another one has."""
    answers = _answers(reference, showtime_id, door, now)
    return next(iter(answers.values()), None)


def _answers(reference: str, showtime_id: int | None, door: Door, now: datetime) -> dict[int, PartyAnswer]:
    """Answer for each booking of a sale; the showtime to which people are let in now comes first."""
    bookings = _bookings(door).filter(sale__reference=reference)
    answers = {booking.pk: _answer(booking, door, now) for booking in bookings}
    shows = [answer.show for answer in answers.values()]
    with_others = [
        (pk, replace(answer, others=tuple(show for show in shows if show != answer.show)))
        for pk, answer in answers.items()
        if showtime_id in (None, answer.show.showtime_id)
    ]
    return dict(sorted(with_others, key=lambda row: _fitness(row[1], now)))


def _fitness(answer: PartyAnswer, now: datetime) -> tuple[bool, bool, timedelta]:
    """The sort key; the lowest is shown first: no objection, then one that can be overruled, then the nearest in time."""
    is_final = bool(answer.sentence) and not answer.can_be_overruled
    return is_final, bool(answer.sentence), abs(answer.show.starts_at - now)


def refuse_unknown_booking(*, reference: str, door: Door) -> ScanAnswer:
    """Refuse a well-formed reference that belongs to no booking of this theater."""
    pause = current_pause()
    unknown = pause.unknown_tickets(door.theater.zone) if pause else ""
    names = {"reference": reference, "theater": door.theater.name}
    sentence = " ".join(filter(None, [gettext("No booking %(reference)s is for %(theater)s.") % names, unknown]))[:200]
    scan = write_scan(None, ScanOutcome.REFUSED, sentence, door)
    return ScanAnswer(is_welcome=False, sentence=sentence, ticket=None, scan_id=scan.pk)


def admit_party(
    *,
    reference: str,
    door: Door,
    now: datetime,
    reason: str = "",
    showtime_id: int | None = None,
    seats: Collection[str] | None = None,
) -> PartyAnswer | None:
    """Let in everybody of a booking who is missing, without tickets that were given away. A second press lets nobody in
    twice.

    `seats`: only those of them who have come so far.

    With a reason also against a rule that can be overruled; the caller has checked the right to. Raises DoorRefused.
    """
    if reason:
        require_reason(reason)
    with transaction.atomic():
        found = next(iter(_answers(reference, showtime_id, door, now)), None)
        if found is None:
            return None
        # Lock only the tickets, as when they are scanned one by one.
        tickets = locks.tickets_of(found)
        booking = _bookings(door).get(pk=found)
        answer = _answers(reference, showtime_id, door, now)[found]
        missing = [one for one in tickets if one.status == TicketStatus.VALID and one.is_let_in_with_party]
        if seats is not None:
            missing = [one for one in missing if one.seat.label in seats]
        if not missing:
            return answer
        if answer.sentence and not (reason and answer.can_be_overruled):
            write_scan(None, ScanOutcome.REFUSED, answer.sentence, door)
            return answer
        for ticket in missing:
            let_in(ticket, door, reason=reason if answer.sentence else "")
        entered = tuple(one.seat.label for one in sorted(missing, key=lambda one: one.seat_id))
        if answer.sentence:
            after = {"seats": ", ".join(entered), "the door had said": answer.sentence, "door": door.name}
            theater = door.theater
            record(
                actor=door.actor, action="overrule the door", thing=booking, theater=theater, after=after, reason=reason
            )
    now_in = _answer(booking, door, now)
    return replace(now_in, sentence="", can_be_overruled=False, let_in=entered, others=answer.others)


def _bookings(door: Door) -> QuerySet[Booking]:
    return Booking.objects.filter(showtime__auditorium__theater=door.theater).with_siblings_known()


def _answer(booking: Booking, door: Door, now: datetime) -> PartyAnswer:
    showtime = Showtime.objects.with_names().with_age_rule().get(pk=booking.showtime_id)
    objection = objection_to_showtime(showtime, door, now)
    if not objection.sentence or objection.can_be_overruled:
        objection = _objection_to_booking(booking) or objection
    notes = notes_of(booking.pk, door.theater.zone)
    return PartyAnswer(
        party_of(booking), show_at_door(showtime), objection.sentence, objection.can_be_overruled, notes=notes
    )


def _objection_to_booking(booking: Booking) -> DoorObjection | None:
    if booking.status == BookingStatus.PENDING:
        return DoorObjection(gettext("This booking is not paid for yet."))
    if booking.status != BookingStatus.CONFIRMED:
        return DoorObjection(gettext("This booking is not valid any more; nobody is let in on it."))
    if booking.sale.frozen_at is not None:
        return DoorObjection(gettext("The bank is asked for the money of this booking back. Send them to the counter."))
    return None
