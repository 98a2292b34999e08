"""Reads a showtime's seats as one browser sees them, in one statement each."""

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from core.database.prepared_statements import prepared_cursor
from reservations.locks.taking import TakeOutcome
from reservations.seats.address_share import share_parameters
from reservations.seats.map_sql import CLICKED, OWN, SEAT_MAP
from reservations.seats.own_seats import OwnSeats
from reservations.seats.own_sql import HELD_ELSEWHERE
from theaters.states import ShowtimeStatus

NOT_ASKED = Decimal(0)


def own_seats(*, showtime_id: int, holder: str) -> OwnSeats:
    with prepared_cursor() as cursor:
        cursor.execute(OWN, {"showtime": showtime_id, "holder": holder, **share_parameters(NOT_ASKED)})
        row = cursor.fetchone()
        assert row is not None
    return OwnSeats(*row)


@dataclass(frozen=True)
class SeatMap:
    """A showtime as one browser sees it now, by the database's clock; a letter for each seat in the plan's order."""

    status: str
    is_before_close: bool
    plan_id: int
    showtime_version_id: int | None
    states: str
    free_places: dict[str, int]
    """How many places of each area are free, by its name."""
    is_moving: bool
    """Staff look at its move to another auditorium, so nothing is sold meanwhile."""
    own: OwnSeats

    @property
    def version_id(self) -> int | None:
        """The id of the price version that this browser sees: that of its hold, else the one on sale now."""
        return self.own.version_id or self.showtime_version_id

    @property
    def is_on_sale(self) -> bool:
        return self.status == ShowtimeStatus.PUBLISHED and self.is_before_close


def read_seat_map(*, showtime_id: int, holder: str) -> SeatMap | None:
    with prepared_cursor() as cursor:
        cursor.execute(SEAT_MAP, {"showtime": showtime_id, "holder": holder, **share_parameters()})
        row: Any = cursor.fetchone()
    if row is None:
        return None
    status, is_before_close, plan_id, version_id, states, free, is_moving, *own = row
    free_places = json.loads(free) if isinstance(free, str) else free
    return SeatMap(status, is_before_close, plan_id, version_id, states, free_places, is_moving, OwnSeats(*own))


@dataclass(frozen=True)
class ClickedSeats:
    """The seats that a click was about, by label with their letters, and what the browser has now."""

    letters: dict[str, str]
    own: OwnSeats


def read_clicked_seats(*, showtime_id: int, holder: str, labels: list[str], taken: TakeOutcome | None) -> ClickedSeats:
    """Read the clicked seats, without a query where the click took all of them: taking them says what the browser has then.

    What is left for the address is counted anew unless some were taken, and known from that.
    """
    own = None if taken is None else taken.own
    if own is not None and set(labels) <= set(own.labels):
        return ClickedSeats(dict.fromkeys(labels, "m"), own)
    share = share_parameters(None if own is None else NOT_ASKED)
    with prepared_cursor() as cursor:
        cursor.execute(CLICKED, {"showtime": showtime_id, "holder": holder, "labels": labels, **share})
        row: Any = cursor.fetchone()
    clicked, *facts = row
    seen = OwnSeats(*facts)
    return ClickedSeats(dict(clicked), seen if own is None else replace(seen, left_at_address=own.left_at_address))


def showtimes_held_elsewhere(*, showtime_id: int, holder: str) -> int:
    """Count the other showtimes at which seats are held for this browser, as `lock_or_create_hold` does for a new hold."""
    with prepared_cursor() as cursor:
        cursor.execute(f"SELECT {HELD_ELSEWHERE}", {"holder": holder, "showtime": showtime_id})
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])
