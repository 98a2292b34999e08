"""Seats that customers give back go to the waiting list, if somebody waits, before they are free for all."""

import hashlib
from collections.abc import Sequence

from core.clock import ClockTimestamp
from core.live import seat_map_changes
from core.rows import hints
from reservations import locks
from reservations.models import Hold, ShowtimeSeat, WaitingEntry
from reservations.seats.owners import return_seats_to_hold
from reservations.seats.state import is_house_seat
from reservations.seats.taking import end_hold
from reservations.states import HoldEnd
from theaters.states import ShowtimeStatus

# The holder of seats that came back, until a worker has offered them. Seats that were not offered become free then.
KEEPER = hashlib.sha256(b"waiting list").hexdigest()
KEPT_SECONDS = 180


def keep_for_waiting_list(showtime_id: int, rows: Sequence[ShowtimeSeat]) -> list[ShowtimeSeat]:
    """Hold locked rows that their owner gives up for the waiting list, if there are entries that want seats. Returns
    the other rows.

    House seats are not for sale, so they are among the others. A worker is told to make offers.
    """
    kept = [row for row in rows if not is_house_seat(row)]
    if not kept or not _is_wanted(showtime_id):
        return list(rows)
    keeper = _keeper(showtime_id)
    return_seats_to_hold(kept, hold=keeper)
    states = dict.fromkeys((row.label for row in kept), seat_map_changes.held_until(keeper.expires_at))
    seat_map_changes.publish_on_commit(showtime_id, states)
    hints.on_commit("reservations.offer_waiting_seats", showtime_id=showtime_id)
    return [row for row in rows if is_house_seat(row)]


def _is_wanted(showtime_id: int) -> bool:
    on_sale = {"showtime__status": ShowtimeStatus.PUBLISHED, "showtime__sales_close_at__gt": ClockTimestamp()}
    return WaitingEntry.objects.waiting().filter(showtime_id=showtime_id, **on_sale).exists()


def _keeper(showtime_id: int) -> Hold:
    keeper = _locked(showtime_id)
    if not keeper.is_alive:
        end_hold(Hold.objects.get(pk=keeper.id), end=HoldEnd.LAPSED)
        keeper = _locked(showtime_id)
    return Hold.objects.get(pk=keeper.id)


def end_hold_of_waiting_list(showtime_id: int) -> None:
    """Free the seats of this hold, for offers in the same transaction. Locks the hold before the seats."""
    hold = locks.live_hold(showtime_id=showtime_id, holder=KEEPER)
    if hold is not None:
        end_hold(hold, end=HoldEnd.RELEASED)


def _locked(showtime_id: int) -> locks.LockedHold:
    return locks.lock_or_create_hold(
        showtime_id=showtime_id, holder=KEEPER, address="", seconds=(KEPT_SECONDS, KEPT_SECONDS)
    )
