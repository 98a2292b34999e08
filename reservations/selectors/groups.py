"""What a group sees behind its link: its seats, and which of them are paid."""

from dataclasses import dataclass
from datetime import datetime

from core.clock import database_now, in_zone
from reservations.models import GroupBlock, Hold, ShowtimeSeat
from reservations.seats.state import TAKEN, SeatState, state_of
from theaters.models import Showtime
from theaters.seat_labels import is_place
from theaters.selectors import ShowtimeFacts, showtime_facts


@dataclass(frozen=True)
class GroupPage:
    """`open` are those that can be paid for now, `mine` those of them that this browser holds already."""

    name: str
    until: datetime
    showtime: ShowtimeFacts
    open: list[str]
    mine: list[str]
    sold: list[str]
    others: list[str]

    @property
    def numbered(self) -> list[str]:
        """Those of the open ones that can be chosen by what they are called; places are counted."""
        return [label for label in self.open if not is_place(label)]


def group_page(block: GroupBlock, *, holder: str, now: datetime) -> GroupPage:
    at = database_now()
    rows = list(ShowtimeSeat.objects.filter(group_block=block).order_by("seat_id"))
    hold = Hold.objects.live().filter(showtime=block.showtime_id, holder=holder).first() if holder else None
    mine = [row.label for row in rows if hold is not None and row.hold_id == hold.pk]
    states = {row.label: state_of(row, at) for row in rows}
    showtime = Showtime.objects.with_names().with_age_rule().get(pk=block.showtime_id)
    return GroupPage(
        name=block.name,
        until=in_zone(block.until, showtime.auditorium.theater.zone),
        showtime=showtime_facts(showtime, now=now),
        open=[label for label, state in states.items() if state == SeatState.HOUSE or label in mine],
        mine=mine,
        sold=[label for label, state in states.items() if state == SeatState.SOLD],
        others=[label for label, state in states.items() if state in TAKEN - {SeatState.SOLD} and label not in mine],
    )
