"""What one browser sees of a showtime's seats, in one statement each."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.database.prepared_statements import prepared_cursor
from reservations.locks.taking import TakeOutcome
from reservations.seats.address_share import share_parameters
from reservations.seats.map_sql import CLICKED, OWN, SEAT_MAP
from theaters.states import ShowtimeStatus

RETAKE_OFFERED_SECONDS = 1800
NOT_ASKED = Decimal(0)


@dataclass(frozen=True)
class OwnSeats:
    """What one browser has at one showtime, by the database's clock.

    `left_at_address`: how many more seats its internet address can take; None while that is far away, or was not asked.
    """

    now: datetime
    hold_id: int | None
    started_at: datetime | None
    expires_at: datetime | None
    cap_at: datetime | None
    extended_at: datetime | None
    ended_at: datetime | None
    end: str | None
    lapsed_labels: list[str] | None
    hold_version_id: int | None
    booking_id: int | None
    booking_reference: str | None
    payable_until: datetime | None
    labels: list[str]
    bought: int
    left_at_address: int | None
    paid_ids: list[int]
    shared_block_id: int | None
    keeps_for_friends: bool

    @property
    def is_paying(self) -> bool:
        return self.booking_id is not None

    @property
    def is_holding(self) -> bool:
        return (
            not self.is_paying
            and self.ended_at is None
            and self.expires_at is not None
            and self.expires_at > self.now
            and bool(self.labels)
        )

    @property
    def version_id(self) -> int | None:
        """The prices its hold began with; None when it holds nothing."""
        return self.hold_version_id if self.is_holding else None

    @property
    def retake(self) -> list[str]:
        """The labels of a hold that ran out lately."""
        if self.is_paying or self.expires_at is None or self.expires_at > self.now:
            return []
        if (self.now - self.expires_at).total_seconds() > RETAKE_OFFERED_SECONDS:
            return []
        if self.ended_at is None:
            return self.labels
        return (self.lapsed_labels or []) if self.end == "LAPSED" else []


def own_seats(*, showtime_id: int, holder: str) -> OwnSeats:
    with prepared_cursor() as cursor:
        cursor.execute(OWN, {"showtime": showtime_id, "holder": holder, **share_parameters(NOT_ASKED)})
        row = cursor.fetchone()
        assert row is not None
    return OwnSeats(*row)


@dataclass(frozen=True)
class SeatMap:
    """A showtime as one browser sees it now, by the database's clock; a letter for each seat in the plan's order."""

    status: ShowtimeStatus
    is_before_close: bool
    plan_id: int
    showtime_version_id: int | None
    states: str
    free_places: dict[str, int]
    """How many places of each area are free, by its name."""
    own: OwnSeats

    @property
    def version_id(self) -> int | None:
        """The prices this browser sees: those its hold began with, else those on sale now."""
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
    status, is_before_close, plan_id, version_id, states, free, *own = row
    free_places = json.loads(free) if isinstance(free, str) else free
    return SeatMap(ShowtimeStatus(status), is_before_close, plan_id, version_id, states, free_places, OwnSeats(*own))


@dataclass(frozen=True)
class ClickedSeats:
    """The seats that a click was about, by label with their letters, and what the browser has now."""

    letters: dict[str, str]
    own: OwnSeats


def read_clicked_seats(*, showtime_id: int, holder: str, labels: list[str], taken: TakeOutcome | None) -> ClickedSeats:
    """What is left for the address is known from taking the seats; it is counted anew when none was taken."""
    share = share_parameters(None if taken is None else NOT_ASKED)
    with prepared_cursor() as cursor:
        cursor.execute(CLICKED, {"showtime": showtime_id, "holder": holder, "labels": labels, **share})
        row: Any = cursor.fetchone()
    clicked, *facts = row
    own = OwnSeats(*facts)
    return ClickedSeats(dict(clicked), own if taken is None else replace(own, left_at_address=taken.left_at_address))
