"""A friend takes seats of a shared block, or gives them back."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from core.clock import database_now
from core.limits.addresses import origin_of
from core.pauses import WhenPaused
from core.refusals import Refusal, WayOn
from core.texts.lazy_text import gettext_lazy as _
from reservations import locks
from reservations.groups.first_names import first_name
from reservations.models import Booking, Friend, Hold, SharedBlock, ShowtimeSeat
from reservations.refusals.seats import Paying, SeatsOfSharedBlock
from reservations.seats.address_limits import require_seats_left_at_address
from reservations.seats.map_reads import showtimes_held_elsewhere
from reservations.seats.plan_seats import mates_of_plan
from reservations.seats.taking import (
    Browser,
    check_pace,
    clean_labels,
    end_hold,
    require_few_showtimes,
    require_on_sale,
)
from reservations.seats.units import with_mates
from reservations.states import HoldEnd


class SharedBlockOver(Refusal):
    """Refused: the shared block behind the link is over."""

    staff_can = "Help them to choose other seats; nothing was charged for those that nobody paid."
    status = 410
    title = _("Nothing is held here any more")
    sentence = _(
        "The time is over, or the person who sent you the link released what was left. What was paid stays paid. "
        "You can choose on your own."
    )
    way_on = WayOn(url="/")


class WrongFriendsLink(Refusal):
    """The link never existed, or its block has been deleted; the answer does not say which."""

    staff_can = "Ask the person who sent the link for a new one."
    status = 404
    title = _("Nothing is held under this link")
    sentence = _("Please check that the link is complete, or ask the person who sent it to you.")
    way_on = WayOn(url="/")


class FriendsSeatsGone(Refusal):
    staff_can = "Ask them to look at the page again: it shows which seats of their group are left."
    sentence = _("One of your friends was a moment faster. This page shows what is left. Nothing was changed.")


class NoFriendsSeats(Refusal):
    staff_can = "Nothing: the person chooses their seat."
    status = 422
    sentence = _("Please choose one, or as many as you pay for.")


def take_friends_seats(*, block: SharedBlock, browser: Browser, labels: list[str], name: str) -> None:
    """Hold exactly these seats for this browser until the end of the block. Raises a Refusal; then nothing is changed."""
    shown = first_name(name)
    if not labels:
        raise NoFriendsSeats
    wanted = clean_labels(labels)
    check_pace(browser)
    with transaction.atomic():
        gate = require_on_sale(locks.showtime_gate(block.showtime_id))
        wanted = with_mates(mates_of_plan(gate.plan_id), wanted)
        locked = _locked(block)
        mine = _friends_hold(locked, browser)
        kept = locks.hold_by_id(locked.hold_id)
        rows = locks.seats_of_two_holds(kept.pk, mine.pk)
        # Checked after the last lock, because a block that is over has no seats to give.
        if not _is_alive(kept, database_now()):
            raise SharedBlockOver
        if not set(wanted) <= {row.label for row in rows}:
            raise FriendsSeatsGone
        _give_seats(mine, [row for row in rows if row.label in wanted])
        _give_seats(kept, [row for row in rows if row.label not in wanted])
        require_seats_left_at_address(mine)
        Friend.objects.update_or_create(block=locked, holder=browser.holder, defaults={"name": shown})


def give_back_to_friends(*, block: SharedBlock, browser: Browser) -> None:
    """Return the seats of this browser to the block, or free them if it is over. A second time changes nothing. Raises
    Paying.
    """
    with transaction.atomic():
        locks.showtime_gate(block.showtime_id, when_paused=WhenPaused.STOPS_AFTER_RESTORE)
        locked = _locked(block)
        mine = locks.live_hold(showtime_id=block.showtime_id, holder=browser.holder)
        _require_not_paying(block, browser)
        if mine is None or mine.shared_block_id != locked.pk:
            return
        kept = locks.hold_by_id(locked.hold_id)
        rows = locks.seats_of_two_holds(kept.pk, mine.pk)
        if _is_alive(kept, database_now()):
            _give_seats(kept, rows)
        end_hold(mine, end=HoldEnd.RELEASED)


def _locked(block: SharedBlock) -> SharedBlock:
    """Lock the shared block. Raises SharedBlockOver."""
    try:
        return locks.shared_block(block.pk)
    except SharedBlock.DoesNotExist:
        raise SharedBlockOver from None


def _is_alive(hold: Hold, now: datetime) -> bool:
    return hold.ended_at is None and hold.expires_at > now


def _friends_hold(block: SharedBlock, browser: Browser) -> Hold:
    """The locked hold of the friend. Other seats that this browser holds there become free. Raises Paying,
    SeatsOfSharedBlock.
    """
    before = locks.live_hold(showtime_id=block.showtime_id, holder=browser.holder)
    _require_not_paying(block, browser)
    if before is not None:
        is_alive = _is_alive(before, database_now())
        if is_alive and before.shared_block_id == block.pk:
            return before
        if is_alive and before.shared_block_id is not None:
            raise SeatsOfSharedBlock
        end_hold(before, end=HoldEnd.RELEASED if is_alive else HoldEnd.LAPSED)
    return _new_hold(block, browser)


def _new_hold(block: SharedBlock, browser: Browser) -> Hold:
    """Create a friend's hold, which ends with the block, as does the time to pay. Its seats count at the friend's address.
    Raises TooManyHolds.
    """
    require_few_showtimes(showtimes_held_elsewhere(showtime_id=block.showtime_id, holder=browser.holder))
    origin, kept = origin_of(browser.address), block.hold
    try:
        with transaction.atomic():
            hold = Hold.objects.create(
                showtime_id=block.showtime_id,
                holder=browser.holder,
                address=origin.address,
                network=origin.network,
                has_paid=kept.has_paid,
                price_version_id=kept.price_version_id,
                shared_block=block,
                expires_at=kept.expires_at,
                cap_at=kept.expires_at,
            )
    except IntegrityError:
        # At this moment the browser took a seat on the map in another tab.
        raise FriendsSeatsGone from None
    if hold.network:
        locks.turn_of_network(showtime_id=block.showtime_id, network=hold.network)
    return hold


def _require_not_paying(block: SharedBlock, browser: Browser) -> None:
    pending = Booking.objects.awaiting_money()
    if pending.filter(showtime_id=block.showtime_id, holder=browser.holder).exists():
        raise Paying


def _give_seats(hold: Hold, rows: Iterable[ShowtimeSeat]) -> None:
    ShowtimeSeat.objects.filter(pk__in=[row.pk for row in rows]).update(hold=hold, held_until=hold.expires_at)
