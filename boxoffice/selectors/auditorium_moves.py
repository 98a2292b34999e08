"""The move of a showtime to another auditorium as staff see it: who sits where, before and after."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from reservations.changes.auditorium_moves import paused_until, seats_kept_for_groups, sitting_tickets
from reservations.groups.shared_block_moves import seats_held_for_friends
from reservations.models import Booking, SharedBlock, ShowtimeSeat, Ticket
from reservations.seats.geometry import beside_aisle
from reservations.seats.groups import Ranks, are_together, level_of
from reservations.seats.state import HOUSE_SEATS
from theaters.models import Seat, Showtime, ShowtimeChange
from theaters.plans.category_names import categories_of
from theaters.plans.plan_picture import plan_picture
from theaters.seat_categories import Categories, is_wheelchair
from theaters.states import ChangeStatus

# The most seats in the form (Django's limit is 1,000 fields); with more tickets, swap seats afterwards.
MOST_CHOSEN = 800


@dataclass(frozen=True)
class MovedTicket:
    """A ticket before and after. `drawback` says what is worse about the new seat; mostly ''."""

    ticket: Ticket
    old: str
    new: str
    drawback: str


@dataclass(frozen=True)
class MovedBooking:
    """A booking before and after. `number` marks its seats in both pictures."""

    number: int
    booking: Booking
    tickets: tuple[MovedTicket, ...]
    drawback: str


@dataclass(frozen=True)
class MovedGroup:
    """A group's kept seats, before and after."""

    name: str
    seats: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AuditoriumMove:
    """`left_behind`: seats kept back here, with their reasons, for which no seat is kept back there.

    `friends`: shared blocks by the organizer's first name; one without seats does not fit there and ends with the move.
    """

    bookings: tuple[MovedBooking, ...]
    groups: tuple[MovedGroup, ...]
    friends: tuple[MovedGroup, ...]
    left_behind: tuple[tuple[str, str], ...]
    before: SafeString
    after: SafeString
    may_choose: bool
    paused_until: datetime | None

    @property
    def drawbacks(self) -> list[tuple[str, int]]:
        """The drawbacks in words, each with its number of tickets or bookings."""
        counts: defaultdict[str, int] = defaultdict(int)
        for booking in self.bookings:
            for words in (booking.drawback, *(ticket.drawback for ticket in booking.tickets)):
                if words:
                    counts[words] += 1
        return list(counts.items())


def auditorium_move(showtime: Showtime, change: ShowtimeChange) -> AuditoriumMove:
    old, new = _seats(change.before["value"]), _seats(change.after["value"])
    tickets = _tickets(showtime, change, order={label: at for at, label in enumerate(old)})
    aisles = beside_aisle(old.values()), beside_aisle(new.values())
    categories = categories_of(showtime.auditorium.theater_id)
    by_booking: defaultdict[int, list[Ticket]] = defaultdict(list)
    for ticket in tickets:
        by_booking[ticket.booking_id].append(ticket)
    bookings = []
    for number, party in enumerate(by_booking.values(), start=1):
        labels = [(_label(change.before, one), _label(change.after, one)) for one in party]
        sides = [(old[before], new[after]) for before, after in labels if before in old and after in new]
        worse = {before.label: _drawback(before, after, aisles, categories.ranks) for before, after in sides}
        lines = tuple(
            MovedTicket(one, before, after, worse.get(before, ""))
            for one, (before, after) in zip(party, labels, strict=True)
        )
        bookings.append(MovedBooking(number, party[0].booking, lines, _party_drawback(sides)))
    signs = [(line.old, line.new, str(one.number)) for one in bookings for line in one.tickets]
    return AuditoriumMove(
        bookings=tuple(bookings),
        groups=_groups(showtime, change) if change.status == ChangeStatus.PLANNED else (),
        friends=_friends(showtime, change) if change.status == ChangeStatus.PLANNED else (),
        left_behind=_left_behind(showtime) if change.status == ChangeStatus.PLANNED else (),
        before=_picture(old, categories, {label: sign for label, _, sign in signs}),
        after=_picture(new, categories, {label: sign for _, label, sign in signs}),
        may_choose=change.status == ChangeStatus.PLANNED and len(tickets) <= MOST_CHOSEN,
        paused_until=paused_until(showtime) if change.status == ChangeStatus.PLANNED else None,
    )


def _groups(showtime: Showtime, change: ShowtimeChange) -> tuple[MovedGroup, ...]:
    names: dict[int, str] = {}
    seats: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in seats_kept_for_groups(showtime):
        if row.group_block is not None and (there := change.after["seats"].get(str(-row.seat_id))):
            names[row.group_block.pk] = row.group_block.name
            seats[row.group_block.pk].append((row.label, there))
    return tuple(MovedGroup(names[block], tuple(pairs)) for block, pairs in seats.items())


def _friends(showtime: Showtime, change: ShowtimeChange) -> tuple[MovedGroup, ...]:
    held, there = seats_held_for_friends(showtime), change.after["seats"]
    names = dict(SharedBlock.objects.filter(pk__in=held).values_list("pk", "name"))
    pairs = {block: [(row.label, there.get(str(-row.seat_id), "")) for row in rows] for block, rows in held.items()}
    return tuple(
        MovedGroup(names[block], tuple(seats) if all(new for _, new in seats) else ()) for block, seats in pairs.items()
    )


def _left_behind(showtime: Showtime) -> tuple[tuple[str, str], ...]:
    """The seats kept back, with their reasons, without broken ones, which belong to the auditorium."""
    kept = ShowtimeSeat.objects.filter(HOUSE_SEATS, showtime=showtime, group_block=None, broken_seat=None)
    return tuple(kept.order_by("seat_id").values_list("label", "house_reason"))


def _seats(plan_id: int) -> dict[str, Seat]:
    return {seat.label: seat for seat in Seat.objects.filter(plan=plan_id).order_by("pk")}


def _tickets(showtime: Showtime, change: ShowtimeChange, *, order: dict[str, int]) -> list[Ticket]:
    """The tickets of the move by old seat; while it is planned only those still in their seats."""
    if change.status == ChangeStatus.PLANNED:
        found = sitting_tickets(showtime)
    else:
        names = ("booking__sale__contact", "ticket_type")
        ids = [key for key in change.before["seats"] if int(key) > 0]
        found = list(Ticket.objects.filter(pk__in=ids).select_related(*names))
    moving = [ticket for ticket in found if _is_in(change, ticket)]
    return sorted(moving, key=lambda ticket: order.get(_label(change.before, ticket), 0))


def _is_in(change: ShowtimeChange, ticket: Ticket) -> bool:
    return str(ticket.pk) in change.before["seats"] and str(ticket.pk) in change.after["seats"]


def _label(side: dict[str, dict[str, str]], ticket: Ticket) -> str:
    return side["seats"][str(ticket.pk)]


def _drawback(before: Seat, after: Seat, aisles: tuple[frozenset[str], frozenset[str]], ranks: Ranks) -> str:
    if is_wheelchair(before.category) or is_wheelchair(after.category):
        return ""
    if level_of(after, ranks) < level_of(before, ranks):
        return gettext("lower category")
    if before.label in aisles[0] and after.label not in aisles[1]:
        return gettext("no aisle")
    return ""


def _party_drawback(sides: Sequence[tuple[Seat, Seat]]) -> str:
    old, new = ([pair[side] for pair in sides] for side in (0, 1))
    return gettext("apart") if sides and are_together(old) and not are_together(new) else ""


def _picture(seats: dict[str, Seat], categories: Categories, parties: dict[str, str]) -> SafeString:
    return plan_picture([seat for seat in seats.values() if seat.row], categories, parties=parties)
