"""Taking seats: one statement that locks, judges and takes."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from core.database.lock_waits import locks_showtime
from core.database.prepared_statements import prepared_cursor
from reservations.locks.holds import LockedHold
from reservations.seats.address_share import share_parameters
from reservations.seats.own_seats import OwnSeats
from reservations.seats.take_sql import TAKE_SEATS

# This number of seats is never refused because of the share of browsers that have not paid.
SEATS_NEVER_REFUSED = 2


@dataclass(frozen=True)
class TakeLimits:
    """Most seats of one hold, and of an address over all showtimes; 0 is no limit. House seats need a right.

    The shares are of the showtime's seats that are not house seats: of one address, and of all browsers that have not
    paid anything yet. An address always has LEAST_SEATS_PER_ADDRESS (address_share.py), and its paid seats on top.
    """

    per_hold: int
    per_address: int
    with_house_seats: bool = False
    share_per_address: Decimal = Decimal(0)
    share_unpaid: Decimal = Decimal(0)


@dataclass(frozen=True)
class TakeOutcome:
    """`own`: what the browser has at the showtime if the seats were taken, its seats by id; else None."""

    taken: bool
    found: int
    others: int
    paying: bool
    here: int
    is_alive: bool
    is_over_share: bool
    is_over_unpaid_share: bool
    own: OwnSeats | None = None


@locks_showtime
def take_seats(
    *, showtime_id: int, holder: str, hold: LockedHold, labels: list[str], limits: TakeLimits
) -> TakeOutcome:
    """All of the labels or none of them, judged on the locked rows by the database's clock."""
    wanted: dict[str, Any] = {
        "showtime": showtime_id, "holder": holder, "labels": labels, "wanted": len(labels),
        "most": limits.per_hold, "most_here": limits.per_address, "hold": hold.id, "expires_at": hold.expires_at,
        "house": limits.with_house_seats, "unpaid_share": Decimal(limits.share_unpaid), "pair": SEATS_NEVER_REFUSED,
        **share_parameters(limits.share_per_address),
    }  # fmt: skip
    with prepared_cursor() as cursor:
        cursor.execute(TAKE_SEATS, wanted)
        row = cursor.fetchone()
        assert row is not None
    outcome = TakeOutcome(*row[:8])
    return replace(outcome, own=OwnSeats(*row[8:])) if outcome.taken else outcome
