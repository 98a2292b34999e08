"""Shared blocks when their showtime moves to another auditorium or time (docs/adr/0066).

A block moves with its showtime if all its seats find a place there, and its time begins anew; else it ends.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Coalesce, Least

from core.clock import ClockTimestamp, database_now
from reservations import locks
from reservations.models import Hold, SharedBlock, ShowtimeSeat, Ticket
from reservations.seats.state import SeatState, in_state
from reservations.seats.taking import end_hold
from reservations.states import HoldEnd
from theaters.models import Showtime


def seats_held_for_friends(showtime: Showtime) -> dict[int, list[ShowtimeSeat]]:
    """The seats of each open block by its id, oldest first: those not taken, and those taken but not paid."""
    rows = (
        ShowtimeSeat.objects.filter(in_state(SeatState.HELD, at=ClockTimestamp()), showtime=showtime)
        .annotate(block=Coalesce("hold__shared_block", "hold__kept_for_friends"))
        .exclude(block=None)
        .select_related("seat")
        .order_by("block", "seat_id")
    )
    blocks: dict[int, list[ShowtimeSeat]] = {}
    for row in rows:
        blocks.setdefault(row.block, []).append(row)
    return blocks


def end_holds_that_stay_behind(
    holds: Iterable[Hold], blocks: Iterable[SharedBlock], friends: Mapping[int, list[ShowtimeSeat]], *, seats: set[int]
) -> list[SharedBlock]:
    """End all locked holds except those of shared blocks that move, which have chairs in `seats`.

    Returns these blocks. Seats that came back to a block after the move was planned have no new seat and are given up.
    """
    # Use the locked holds: a block that was released meanwhile looks unchanged in its own row.
    locked, now = {hold.pk: hold for hold in holds}, database_now()
    moving = [
        block
        for block in blocks
        if locked[block.hold_id].ended_at is None
        and locked[block.hold_id].expires_at > now
        and (block.pk not in friends or any(row.seat_id in seats for row in friends[block.pk]))
    ]
    kept, blocks_by_id = {block.hold_id for block in moving}, {block.pk for block in moving}
    for hold in locked.values():
        if hold.ended_at is None and hold.pk not in kept and hold.shared_block_id not in blocks_by_id:
            end_hold(hold, end=HoldEnd.MOVED)
    return moving


def begin_anew(
    blocks: Iterable[SharedBlock],
    *,
    showtime: Showtime,
    friends: Mapping[int, list[ShowtimeSeat]],
    tickets: Mapping[Ticket, str],
    there: Mapping[int, str],
) -> dict[str, dict[str, object]]:
    """Begin the time of the blocks anew, at the latest until the sale closes. Returns the columns of their new seats'
    rows, by label.

    `there`: the new seat by the old one; `tickets`: the new seats of tickets.
    """
    until = min(database_now() + timedelta(minutes=settings.SHARED_BLOCK_MINUTES), showtime.sales_close_at)
    claims: dict[str, dict[str, object]] = {}
    for block in blocks:
        mine = Hold.objects.filter(shared_block=block)
        for holds in (Hold.objects.filter(pk=block.hold_id), mine.filter(ended_at=None)):
            holds.update(expires_at=until, cap_at=until, changed_at=ClockTimestamp())
        rows = [row for row in friends.get(block.pk, []) if row.seat_id in there]
        for row in rows:
            claims[there[row.seat_id]] = {"hold_id": row.hold_id, "held_until": until}
        friends_holds = set(mine.values_list("pk", flat=True))
        paid = [label for ticket, label in tickets.items() if ticket.booking.hold_id in friends_holds]
        block.labels = [*(there[row.seat_id] for row in rows), *paid]
        block.save(update_fields=["labels"])
    return claims


def end_with_the_sale(showtime_id: int, sales_close_at: datetime) -> None:
    """Shorten blocks of a showtime that begins earlier now, to the close of its sale. The caller has locked the
    showtime.
    """
    blocks = locks.shared_blocks_of(showtime_id)
    of_blocks = {block.hold_id for block in blocks}
    for hold in locks.holds_of_showtime(showtime_id):
        is_of_block = hold.pk in of_blocks or hold.shared_block_id is not None
        if is_of_block and hold.ended_at is None and hold.expires_at > sales_close_at:
            Hold.objects.filter(pk=hold.pk).update(
                expires_at=Least(F("expires_at"), sales_close_at),
                cap_at=Least(F("cap_at"), sales_close_at),
                changed_at=ClockTimestamp(),
            )
            locks.lengthen_seats(hold_id=hold.pk, expires_at=sales_close_at)
