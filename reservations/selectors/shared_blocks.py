"""Facts for the pages of a shared block, for the organizer and the friends: seats and first names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from core.clock import ZonedMoment, database_now, in_zone
from reservations.models import Booking, BookingQuerySet, Friend, Hold, SharedBlock, ShowtimeSeat
from reservations.seats.area_choice import places_by_area
from reservations.seats.places import places_asked_for
from reservations.seats.state import SeatState, state_of
from reservations.states import BookingStatus, HoldEnd
from theaters.models import Showtime
from theaters.seat_labels import is_place, section_in
from theaters.selectors import ShowtimeFacts, showtime_facts


@dataclass(frozen=True)
class SeatToTake:
    """A seat or sofa that the friend can take or has taken."""

    labels: tuple[str, ...]
    is_mine: bool

    @property
    def value(self) -> str:
        """The value in the form: one seat stands for the whole sofa."""
        return self.labels[0]


@dataclass(frozen=True)
class PlacesToTake:
    """Places of an area: those left, and those that the friend has."""

    area: str
    labels: tuple[str, ...]
    mine: int

    @property
    def numbers(self) -> range:
        return range(len(self.labels) + 1)


@dataclass(frozen=True)
class FriendsSeats:
    """The seats of one friend, under the first name they gave."""

    name: str
    labels: tuple[str, ...]
    is_paid: bool
    is_mine: bool


@dataclass(frozen=True)
class SharedPage:
    """A shared block as one browser sees it. Its moments are the database's."""

    block: SharedBlock
    showtime: ShowtimeFacts
    until: ZonedMoment
    is_open: bool
    has_moved: bool
    seconds_left: int
    hold_seconds: int
    seats: tuple[SeatToTake, ...]
    places: tuple[PlacesToTake, ...]
    left: tuple[str, ...]
    friends: tuple[FriendsSeats, ...]
    gone: tuple[str, ...]

    may_extend_later = can_extend = False

    @property
    def expires_at(self) -> str:
        return self.until.isoformat()

    @property
    def over_in_words(self) -> str:
        """Why the theater ended the block; '' when it did not."""
        if self.block.ended_because:
            return gettext("The theater has released what it kept: %(reason)s") % {"reason": self.block.ended_because}
        if not self.has_moved:
            return ""
        return gettext(
            "This showtime has moved to another auditorium, where there was no room for all of you, so these tickets are no "
            "longer held. What was paid has its room there, and nothing was charged for the rest. Please choose again in the "
            "new auditorium."
        )

    @property
    def payable_until(self) -> datetime:
        """When the payment pages of friends close."""
        return self.block.payable_until(self.until)

    @property
    def mine(self) -> list[str]:
        """The seats that this browser took and has not paid."""
        return [label for taken in self.friends if taken.is_mine and not taken.is_paid for label in taken.labels]

    @property
    def own_name(self) -> str:
        return next((taken.name for taken in self.friends if taken.is_mine), "")

    @property
    def paid(self) -> list[str]:
        return [label for taken in self.friends if taken.is_paid for label in taken.labels]

    @property
    def unpaid_now(self) -> list[str]:
        """The seats that nobody has taken, and those taken but not paid."""
        unpaid = {*self.left, *self.unpaid}
        return [label for label in self.block.labels if label in unpaid]

    @property
    def unpaid(self) -> list[str]:
        return [label for taken in self.friends if not taken.is_paid for label in taken.labels]


def shared_page(block: SharedBlock, *, holder: str, now: datetime) -> SharedPage:
    at = database_now()
    rows = list(
        ShowtimeSeat.objects.filter(showtime=block.showtime_id, label__in=block.labels)
        .select_related("hold", "booking__hold")
        .order_by("seat_id")
    )
    showtime = Showtime.objects.with_names().with_age_rule().get(pk=block.showtime_id)
    kept = block.hold
    is_open = kept.ended_at is None and kept.expires_at > at
    left = [row for row in rows if is_open and row.hold_id == kept.pk]
    friends = _friends(block, rows, holder=holder, at=at)
    mine = {label for taken in friends if taken.is_mine and not taken.is_paid for label in taken.labels}
    shown = {*(row.label for row in left), *(label for taken in friends for label in taken.labels)}
    choices = [row for row in rows if row in left or (is_open and row.label in mine)]
    return SharedPage(
        block=block,
        showtime=showtime_facts(showtime, now=now),
        until=in_zone(kept.expires_at, showtime.auditorium.theater.zone),
        is_open=is_open,
        has_moved=kept.end == HoldEnd.MOVED,
        seconds_left=max(0, int((kept.expires_at - at).total_seconds())),
        hold_seconds=int((kept.expires_at - block.made_at).total_seconds()),
        seats=tuple(_seats(choices, mine)),
        places=tuple(_places(choices, mine)),
        left=tuple(row.label for row in left),
        friends=friends,
        gone=tuple(row.label for row in rows if row.label not in shown),
    )


def _friends(
    block: SharedBlock, rows: Sequence[ShowtimeSeat], *, holder: str, at: datetime
) -> tuple[FriendsSeats, ...]:
    names = dict(Friend.objects.filter(block=block).values_list("holder", "name"))
    taken: dict[tuple[str, bool], list[str]] = {}
    for row in rows:
        hold = row.booking.hold if row.booking else row.hold
        state = state_of(row, at)
        if hold is None or hold.shared_block_id != block.pk or state in (SeatState.FREE, SeatState.HOUSE):
            continue
        taken.setdefault((hold.holder, state == SeatState.SOLD), []).append(row.label)
    return tuple(
        FriendsSeats(names[browser], tuple(labels), is_paid, browser == holder)
        for (browser, is_paid), labels in taken.items()
        if browser in names
    )


def _seats(rows: Sequence[ShowtimeSeat], mine: set[str]) -> list[SeatToTake]:
    units: dict[str, list[str]] = {}
    for row in rows:
        if not is_place(row.label):
            units.setdefault(row.unit or row.label, []).append(row.label)
    return [SeatToTake(tuple(labels), labels[0] in mine) for labels in units.values()]


def _places(rows: Sequence[ShowtimeSeat], mine: set[str]) -> list[PlacesToTake]:
    """Places to take by area, first those the friend has, so that a number keeps these."""
    labels = sorted((row.label for row in rows if is_place(row.label)), key=lambda label: label not in mine)
    return [
        PlacesToTake(
            area,
            tuple(label for label in labels if section_in(label) == area),
            sum(section_in(label) == area for label in labels if label in mine),
        )
        for area in places_by_area(labels)
    ]


def block_with_seats_of(holder: str, *, showtime_id: int) -> SharedBlock | None:
    """Find the shared block from which this browser took the seats it holds."""
    live = {"friends_holds__holder": holder, "friends_holds__ended_at": None, "showtime": showtime_id}
    return SharedBlock.objects.open().filter(**live).first() if holder else None


def booking_to_prove(mine: BookingQuerySet) -> Booking | None:
    """A guest's newest booking whose mailbox can be confirmed by a code.

    Only of what was bought: an address that was typed at Pay may be a stranger's, who never wanted mail from us.
    """
    bought = mine.filter(status=BookingStatus.CONFIRMED).exclude(sale__contact__email="")
    return bought.order_by("-pk").first()


def held_labels(*, showtime_id: int, holder: str) -> list[str]:
    """The seats that this browser holds at the showtime, for itself or from a shared block."""
    if not holder:
        return []
    live = Hold.objects.live().filter(showtime=showtime_id, holder=holder)
    return list(ShowtimeSeat.objects.filter(hold__in=live).order_by("seat_id").values_list("label", flat=True))


def chosen_labels(page: SharedPage, *, seats: Sequence[str], places: Sequence[str]) -> list[str]:
    """Read a friend's form: labels of seats, or a number of places such as "2 Balcony". Raises UnknownSeat."""
    labels = list(seats)
    offered = {share.area: share.labels for share in page.places}
    for wanted in map(places_asked_for, filter(None, places)):
        labels += offered.get(wanted.area, ())[: wanted.count]
    return labels
