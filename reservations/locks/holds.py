"""The locks of holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.database.lock_waits import locks_showtime
from core.database.prepared_statements import prepared_cursor
from core.limits.addresses import origin_of
from reservations.models import Hold
from reservations.seats.take_sql import LOCK_OR_CREATE_HOLD


@dataclass(frozen=True)
class LockedHold:
    id: int
    expires_at: datetime
    is_alive: bool
    is_new: bool
    unpaid_before: int
    held_elsewhere: int
    seconds_since_last: float | None
    unpaid_at_address: int
    seconds_since_last_at_address: float | None
    shared_block_id: int | None = None


@locks_showtime
def lock_or_create_hold(
    *, showtime_id: int, holder: str, address: str, seconds: tuple[int, int], operator_id: int | None = None,
    one_at_a_time: bool = False,
) -> LockedHold:  # fmt: skip
    """The browser's live hold, or a new one of `seconds` (length, cap). `operator_id` is set at the counter.

    A theater's own length replaces that of `seconds`, and its cap leaves the same time after it. With `one_at_a_time`
    browsers of the hold's network take seats of this showtime one after the other until their transactions end, so that
    what they hold together can be counted.
    """
    origin = origin_of(address)
    wanted: dict[str, Any] = {
        "showtime": showtime_id, "holder": holder, "address": origin.address, "network": origin.network,
        "hold": seconds[0], "cap": seconds[1], "operator": operator_id, "one_at_a_time": one_at_a_time,
    }  # fmt: skip
    with prepared_cursor() as cursor:
        cursor.execute(LOCK_OR_CREATE_HOLD, wanted)
        row = cursor.fetchone()
        assert row is not None
    return LockedHold(*row[:-1])  # the last column waits for the lock of the network


@locks_showtime
def live_hold(*, showtime_id: int, holder: str) -> Hold | None:
    """Lock the browser's hold that has not been ended; its time may be over."""
    return (
        Hold.objects.select_for_update(no_key=True)
        .filter(showtime_id=showtime_id, holder=holder, ended_at__isnull=True)
        .first()
    )


@locks_showtime
def holds_of_showtime(showtime_id: int) -> list[Hold]:
    return list(Hold.objects.filter(showtime_id=showtime_id).order_by("pk").select_for_update(no_key=True))


def turn_of_network(*, showtime_id: int, network: str) -> None:
    """Wait for the turn that `one_at_a_time` in `lock_or_create_hold` means: after the hold, before any seat."""
    with prepared_cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('seats of ' || %s || ' for ' || %s, 0))",
            [showtime_id, network],
        )


def lapsed_holds(most: int) -> list[Hold]:
    """Lock holds whose time is over and that nobody else is ending."""
    return list(Hold.objects.lapsed().order_by("expires_at").select_for_update(no_key=True, skip_locked=True)[:most])
