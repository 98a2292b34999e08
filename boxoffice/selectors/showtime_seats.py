"""The seats of a showtime for staff. Two queries."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.utils.translation import pgettext

from core.clock import database_now
from reservations.models import ShowtimeSeat
from reservations.seats.state import TAKEN, state_of
from theaters.models import Showtime
from theaters.plans.category_names import categories_of


@dataclass(frozen=True)
class PickedSeat:
    label: str
    number: int
    x: int
    state: str
    reason: str
    release_minutes: int | None
    category: str
    is_closed: bool  # it cannot be chosen here

    @property
    def state_words(self) -> str:
        """The state in words, for a seat that is not kept back."""
        words = {
            "free": pgettext("seat", "free"),
            "taken": pgettext("seat", "taken"),
            "theirs": pgettext("seat", "theirs"),
        }
        return words.get(self.state, "")


@dataclass(frozen=True)
class SeatRow:
    name: str
    section: str
    seats: tuple[PickedSeat, ...]


def seat_rows(showtime: Showtime) -> list[SeatRow]:
    """The rows from the screen back; each seat is free, taken or kept back."""
    now, categories = database_now(), categories_of(showtime.auditorium.theater_id)
    rows: dict[int, list[tuple[str, str, PickedSeat]]] = {}
    for row in (
        ShowtimeSeat.objects.filter(showtime=showtime, area=None)
        .select_related("seat", "group_block")
        .order_by("seat_id")
    ):
        state = state_of(row, now)
        is_taken = state in TAKEN
        seat = row.seat
        picked = PickedSeat(
            row.label,
            seat.number,
            seat.x,
            "taken" if is_taken else state.value,
            row.house_reason if row.group_block is None else row.group_block.name,
            row.house_release_minutes,
            categories.name(seat.category),
            is_closed=is_taken,
        )
        rows.setdefault(seat.y, []).append((seat.row, seat.section, picked))
    return [SeatRow(found[0][0], found[0][1], tuple(seat for _, _, seat in found)) for _, found in sorted(rows.items())]


def rows_for_swap(showtime: Showtime, *, own: Collection[str], may_take_house_seats: bool) -> list[SeatRow]:
    """The rows for a booking that gets other seats: it may keep its own; house seats need a right."""

    def seen(seat: PickedSeat) -> PickedSeat:
        if seat.label in own:
            return replace(seat, state="theirs", is_closed=False)
        return replace(seat, is_closed=True) if seat.state == "house" and not may_take_house_seats else seat

    return [replace(row, seats=tuple(seen(seat) for seat in row.seats)) for row in seat_rows(showtime)]
