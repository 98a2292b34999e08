"""Who of a booking or a showtime is inside, and who is missing. For the door: no money and no addresses."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from django.db.models import Count, Prefetch, Q, QuerySet

from core.clock import in_zone
from houses.business_days import business_day, day_bounds
from houses.models import Theater
from reservations.models import Booking, Scan, Ticket
from reservations.selectors.door_needs import needs_of_booking
from reservations.states import LIVE_TICKETS, ScanOutcome, TicketStatus
from theaters.models import Showtime
from theaters.program_facts import shown_version
from theaters.seat_labels import is_place, label_in_words, label_words, seat_name


@dataclass(frozen=True)
class DoorPartySeat:
    """A seat of a booking. `scan_id` is the entry that counts; 0 while nobody has entered."""

    label: str
    name: str
    type_name: str
    state: str
    scan_id: int = 0
    at: datetime | None = None
    door: str = ""

    @property
    def short_name(self) -> str:
        """The label, and for a place without a number the name of its area."""
        return self.name if is_place(self.label) else label_in_words(self.label)


@dataclass(frozen=True)
class DoorParty:
    """The people of a booking, by seat."""

    reference: str
    # `?showtime=17` where the reference alone does not name it; else ''.
    showtime_query: str
    seats: tuple[DoorPartySeat, ...]
    needs: tuple[str, ...] = ()

    @property
    def inside(self) -> int:
        return sum(seat.state == "in" for seat in self.seats)

    @property
    def expected(self) -> int:
        return sum(seat.state in ("in", "missing", "given") for seat in self.seats)

    @property
    def missing(self) -> tuple[str, ...]:
        """Seats whose people are not inside and may enter with the booking's reference."""
        return tuple(seat.label for seat in self.missing_seats)

    @property
    def missing_seats(self) -> tuple[DoorPartySeat, ...]:
        return tuple(seat for seat in self.seats if seat.state == "missing")

    @property
    def missing_words(self) -> list[str]:
        return label_words(self.missing)

    @property
    def given(self) -> tuple[str, ...]:
        """Seats whose people are not inside and may enter with their own new code only."""
        return tuple(seat.label for seat in self.seats if seat.state == "given")

    @property
    def given_words(self) -> list[str]:
        return label_words(self.given)


@dataclass(frozen=True)
class ShowAtDoor:
    showtime_id: int
    movie: str
    version: str
    rating: str
    auditorium: str
    starts_at: datetime
    inside: int = 0
    expected: int = 0


def showtimes_today(theater: Theater, now: datetime, *, auditorium_id: int | None = None) -> list[ShowAtDoor]:
    """One query: the showtimes of the business day with a ticket each, and how many of their people are in."""
    start, end = day_bounds(theater, business_day(theater, now))
    shows = Showtime.objects.with_names().with_age_rule()
    shows = shows.filter(auditorium__theater=theater, starts_at__gte=start, starts_at__lt=end)
    if auditorium_id is not None:
        shows = shows.filter(auditorium_id=auditorium_id)
    counted = shows.annotate(
        inside=Count("tickets", filter=Q(tickets__status=TicketStatus.USED)),
        expected=Count("tickets", filter=Q(tickets__status__in=LIVE_TICKETS, tickets__is_empty_place=False)),
    )
    return [show_at_door(show) for show in counted.filter(expected__gt=0).order_by("starts_at", "pk")]


def show_at_door(showtime: Showtime) -> ShowAtDoor:
    """Describe a showtime loaded with names; times are in the theater's zone."""
    return ShowAtDoor(
        showtime_id=showtime.pk,
        movie=showtime.shown_title,
        version=shown_version(showtime.movie, showtime.version),
        rating=showtime.age_rule.label,
        auditorium=showtime.auditorium.shown_name,
        starts_at=in_zone(showtime.starts_at, showtime.auditorium.theater.zone),
        inside=getattr(showtime, "inside", 0),
        expected=getattr(showtime, "expected", 0),
    )


def party_of(booking: Booking) -> DoorParty:
    party = _party(booking, _tickets().filter(booking=booking))
    return replace(party, needs=needs_of_booking(booking))


def parties_of(showtime: Showtime) -> list[DoorParty]:
    """List bookings with live tickets, incomplete ones first. Three queries."""
    bookings = Booking.objects.with_siblings_known()
    tickets = (
        _tickets().filter(showtime=showtime, status__in=LIVE_TICKETS).prefetch_related(Prefetch("booking", bookings))
    )
    grouped = groupby(sorted(tickets, key=lambda ticket: ticket.booking_id), key=lambda ticket: ticket.booking)
    return sorted(
        (_party(booking, its) for booking, its in grouped), key=lambda party: not (party.missing or party.given)
    )


def _tickets() -> QuerySet[Ticket]:
    standing = (
        Scan.objects.filter(outcome=ScanOutcome.ADMITTED, undone_by=None).select_related("theater").order_by("pk")
    )
    entries = Prefetch("scans", queryset=standing, to_attr="entries")
    return Ticket.objects.select_related("seat", "ticket_type").prefetch_related(entries).order_by("seat_id", "pk")


def _party(booking: Booking, tickets: Iterable[Ticket]) -> DoorParty:
    seats = tuple(_seat(ticket) for ticket in tickets if ticket.status != TicketStatus.RESERVED)
    return DoorParty(booking.reference, booking.showtime_query, seats)


def _seat(ticket: Ticket) -> DoorPartySeat:
    states = {
        TicketStatus.USED: "in",
        TicketStatus.VALID: "missing" if ticket.given_at is None else "given",
        TicketStatus.VOID: "canceled",
    }
    entries: list[Scan] = ticket.entries  # type: ignore[attr-defined]  # prefetched
    entry = entries[-1] if entries and ticket.status == TicketStatus.USED else None
    return DoorPartySeat(
        label=ticket.seat.label,
        name=seat_name(ticket.seat),
        type_name=ticket.type_text,
        state="empty" if ticket.stays_empty else states[TicketStatus(ticket.status)],
        scan_id=entry.pk if entry else 0,
        at=in_zone(entry.at, entry.theater.zone) if entry else None,
        door=entry.door if entry else "",
    )
