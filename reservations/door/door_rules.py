"""The rules of the door: why a ticket is refused here and now, in words that an usher can say aloud."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext

from core.actors import staff_actor_name
from core.clock import in_zone
from core.texts.local_formats import format_clock, format_day
from houses.business_days import business_day
from houses.models import Theater
from reservations.models import Scan, Ticket
from reservations.selectors.bookings import is_exchanged
from reservations.selectors.door import last_admission, was_given
from reservations.states import TicketStatus
from theaters.models import Auditorium, Showtime
from theaters.seat_labels import label_in_words
from theaters.states import ShowtimeStatus

# How long before the start people are let in.
OPENS_BEFORE = timedelta(hours=2)


@dataclass(frozen=True)
class Door:
    """The place of a scanner. Without an auditorium it is the entrance of the whole theater."""

    theater: Theater
    auditorium: Auditorium | None
    name: str
    operator_id: int
    device_id: int | None = None

    @property
    def actor(self) -> str:
        return staff_actor_name(self.operator_id, self.device_id)


@dataclass(frozen=True)
class DoorObjection:
    """Why somebody may not come in, and whether staff with the right may overrule it."""

    sentence: str = ""
    can_be_overruled: bool = False


NO_OBJECTION = DoorObjection()


def objection_to_ticket(ticket: Ticket, code: str, door: Door, now: datetime) -> DoorObjection:
    """Return why a ticket loaded with its booking is refused, with everything that can be overruled at once."""
    showtime = Showtime.objects.with_names().get(pk=ticket.showtime_id)
    theater = showtime.auditorium.theater
    final = _elsewhere(showtime, door) or _replaced(ticket, code) or _dead(ticket, showtime) or _for_nobody(ticket)
    if final or (final := _wrong_day(showtime, theater, now)):
        return DoorObjection(final)
    used = _used(last_admission(ticket.pk), theater) if ticket.status == TicketStatus.USED else ""
    return _soft(used, _wrong_auditorium(showtime, door), _wrong_hour(showtime, theater, now))


def objection_to_showtime(showtime: Showtime, door: Door, now: datetime) -> DoorObjection:
    """Return why nobody with a ticket for this showtime may come in here now."""
    theater = showtime.auditorium.theater
    final = _elsewhere(showtime, door) or _called_off(showtime) or _wrong_day(showtime, theater, now)
    return (
        DoorObjection(final) if final else _soft(_wrong_auditorium(showtime, door), _wrong_hour(showtime, theater, now))
    )


def _soft(*sentences: str) -> DoorObjection:
    said = " ".join(filter(None, sentences))
    return DoorObjection(said, can_be_overruled=True) if said else NO_OBJECTION


def _elsewhere(showtime: Showtime, door: Door) -> str:
    theater = showtime.auditorium.theater
    return (
        "" if theater == door.theater else gettext("This ticket is for %(theater)s.") % {"theater": theater.shown_name}
    )


def _dead(ticket: Ticket, showtime: Showtime) -> str:
    if canceled := _called_off(showtime):
        return canceled
    if ticket.status == TicketStatus.VOID and is_exchanged(ticket):
        return gettext("This ticket was exchanged for another one; ask for the new ticket.")
    if ticket.status == TicketStatus.VOID:
        return gettext("This ticket was canceled; it is worth nothing any more.")
    if ticket.status == TicketStatus.RESERVED:
        return gettext("This ticket is not paid for yet.")
    if ticket.booking.sale.frozen_at is not None:
        return gettext("The bank is asked for the money of this ticket back. Send them to the counter.")
    return ""


def _for_nobody(ticket: Ticket) -> str:
    return gettext("This place of a sofa stays empty: it lets nobody in.") if ticket.is_empty_place else ""


def _called_off(showtime: Showtime) -> str:
    if showtime.status != ShowtimeStatus.CANCELED:
        return ""
    return gettext("This showtime was canceled. The money goes back by itself.")


def _replaced(ticket: Ticket, code: str) -> str:
    if ticket.code == code or ticket.status == TicketStatus.VOID:
        return ""
    if was_given(code):
        return gettext("This ticket was given to somebody else; only their code opens the door.")
    return gettext("This seat was changed; the new ticket is %(label)s.") % {"label": label_in_words(ticket.seat.label)}


def _used(entry: Scan | None, theater: Theater) -> str:
    if entry is None:
        return gettext("This ticket was used already.")
    time = format_clock(in_zone(entry.at, theater.zone))
    return gettext("Used at %(time)s at %(door)s.") % {"time": time, "door": entry.door}


def _wrong_day(showtime: Showtime, theater: Theater, now: datetime) -> str:
    today, day = business_day(theater, now), business_day(theater, showtime.starts_at)
    local = in_zone(showtime.starts_at, theater.zone)
    if day == today:
        return ""
    when = {"day": format_day(local, "day"), "time": format_clock(local)}
    if day < today:
        return gettext("This ticket was for %(day)s, %(time)s.") % when
    if day == today + timedelta(days=1):
        return gettext("This starts tomorrow at %(time)s.") % when
    return gettext("This starts on %(day)s at %(time)s.") % when


def _wrong_auditorium(showtime: Showtime, door: Door) -> str:
    if door.auditorium is None or showtime.auditorium_id == door.auditorium.pk:
        return ""
    names = {"here": door.auditorium.shown_name, "there": showtime.auditorium.shown_name}
    return gettext("This is %(here)s; you want %(there)s.") % names


def _wrong_hour(showtime: Showtime, theater: Theater, now: datetime) -> str:
    if now > showtime.ends_at:
        return gettext("This show ended at %(time)s.") % {"time": format_clock(in_zone(showtime.ends_at, theater.zone))}
    if now < showtime.starts_at - OPENS_BEFORE:
        opens = (showtime.starts_at - OPENS_BEFORE).astimezone(theater.zone)
        return gettext("Too early: it starts at %(time)s, doors open at %(opens)s.") % {
            "time": format_clock(in_zone(showtime.starts_at, theater.zone)),
            "opens": format_clock(in_zone(opens, theater.zone)),
        }
    return ""
