"""Facts for the page behind a group's link: its seats, and which of them are paid."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from core.clock import database_now, in_zone
from core.texts.local_formats import and_list
from reservations.models import GroupBlock, Hold, ShowtimeSeat
from reservations.seats.geometry import stretches_of
from reservations.seats.state import TAKEN, SeatState, state_of
from theaters.models import Seat, Showtime
from theaters.seat_labels import is_place, label_in_words, label_words
from theaters.selectors import ShowtimeFacts, showtime_facts

# Seats side by side are told one by one up to this number.
TOLD_ONE_BY_ONE = 3


@dataclass(frozen=True)
class GroupPage:
    """`open` are the seats that can be paid for now, `mine` those of them that this browser holds already.

    The texts name the seats that are open, sold, or being paid for by others of the group; '' for none.
    """

    name: str
    until: datetime
    showtime: ShowtimeFacts
    open: list[str]
    mine: list[str]
    open_in_words: str
    sold_in_words: str
    others_in_words: str

    @property
    def numbered(self) -> list[str]:
        """The open seats with a number, which can be chosen one by one; of places people choose a number."""
        return [label for label in self.open if not is_place(label)]


def group_page(block: GroupBlock, *, holder: str, now: datetime) -> GroupPage:
    at = database_now()
    rows = list(ShowtimeSeat.objects.filter(group_block=block).select_related("seat").order_by("seat_id"))
    hold = Hold.objects.live().filter(showtime=block.showtime_id, holder=holder).first() if holder else None
    mine = [row.label for row in rows if hold is not None and row.hold_id == hold.pk]
    states = {row.label: state_of(row, at) for row in rows}
    free = [row for row in rows if states[row.label] == SeatState.HOUSE or row.label in mine]
    sold = [row for row in rows if states[row.label] == SeatState.SOLD]
    others = [row for row in rows if states[row.label] in TAKEN - {SeatState.SOLD} and row.label not in mine]
    showtime = Showtime.objects.with_names().with_age_rule().get(pk=block.showtime_id)
    return GroupPage(
        name=block.name,
        until=in_zone(block.until, showtime.auditorium.theater.zone),
        showtime=showtime_facts(showtime, now=now),
        open=[row.label for row in free],
        mine=mine,
        open_in_words=seats_in_words(free),
        sold_in_words=seats_in_words(sold),
        others_in_words=seats_in_words(others),
    )


def seats_in_words(rows: Sequence[ShowtimeSeat]) -> str:
    """List the seats of many people, read with their `seat`: C11 to C20, D3, D4 and Balcony (3 unreserved)."""
    runs = stretches_of(row.seat for row in rows if not is_place(row.label))
    words = [word for run in runs for word in _run_in_words(run)]
    return and_list([*words, *label_words(row.label for row in rows if is_place(row.label))])


def _run_in_words(run: Sequence[Seat]) -> Iterator[str]:
    """Name neighbors by the first and the last label, if the labels between them follow from these."""
    numbers = [seat.number for seat in run]
    first, last = (run[0], run[-1]) if numbers[0] < numbers[-1] else (run[-1], run[0])
    if len(run) > TOLD_ONE_BY_ONE and sorted(numbers) == list(range(first.number, last.number + 1)):
        yield gettext("%(first)s to %(last)s") % {
            "first": label_in_words(first.label),
            "last": label_in_words(last.label),
        }
    else:
        yield from (label_in_words(seat.label) for seat in run)
