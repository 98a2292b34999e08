"""The acts of a browser on the map: taking seats, giving them back, asking for more time."""

import math
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from core.clock import ClockTimestamp, database_now
from core.limits.addresses import is_limited
from core.limits.limiter import Limit, check, check_address
from core.live import seat_map_changes
from reservations import locks
from reservations.models import Booking, Hold
from reservations.refusals.limits import ClickedTooFast, TooManyHere, TooManyHolds, TooManySeats, TooManyUnpaid
from reservations.refusals.on_sale import NotOnSale, NotYetOnSale, ShowtimeCanceled
from reservations.refusals.seats import CannotExtend, HoldLapsed, Paying, SeatGone, SeatsOfSharedBlock, UnknownSeat
from reservations.seats.address_share import address_share, seats_at_address, whole
from reservations.seats.house_seats import are_seats_of_group
from reservations.seats.places import PlacesWanted, lock_places
from reservations.seats.plan_seats import mates_of_plan
from reservations.seats.units import with_mates
from reservations.states import HoldEnd
from theaters.seat_labels import clean_label
from theaters.states import ShowtimeStatus

MOST_LABELS = 100
MOST_TRIES = 3
# Groups: staff decided how many seats they keep, so no limit applies.
OF_A_GROUP = locks.TakeLimits(per_hold=0, per_address=0, with_house_seats=True)
UNPAID_HOLDS_FOR_FREE = 3
LONGEST_PAUSE_SECONDS = 900
# Many people may share an address, such as a school: it may have more unpaid holds, and the pause grows more slowly and
# stays shorter.
UNPAID_HOLDS_FOR_FREE_AT_ADDRESS = 6
LONGEST_PAUSE_SECONDS_AT_ADDRESS = 300


@dataclass(frozen=True)
class Browser:
    """The browser that asks: the hash of its cookie, and its address for the limits."""

    holder: str
    address: str


def take_seats(*, showtime_id: int, browser: Browser, labels: list[str]) -> locks.TakeOutcome:
    """Hold all of these seats or none, sofas whole. Seats that the browser holds already stay.

    Raises a Refusal; then nothing is changed, a hold that would have been new included.
    """
    wanted = clean_labels(labels)
    check_pace(browser)
    return take_or_begin_anew(showtime_id, browser, wanted, [])


def take_or_begin_anew(
    showtime_id: int,
    browser: Browser,
    wanted: list[str],
    returned: list[str],
    *,
    places: PlacesWanted | None = None,
    group_block_id: int | None = None,
) -> locks.TakeOutcome:
    """Like `take_seats`, with labels from `clean_labels` or places of an area, without the limit of pace.

    Of a group's block its seats and no others. Raises a Refusal; then nothing is changed.
    """
    for _ in range(2):
        outcome = _take_seats(showtime_id, browser, wanted, returned, places=places, group_block_id=group_block_id)
        if outcome is not None:
            return outcome
    raise HoldLapsed


def _take_seats(
    showtime_id: int,
    browser: Browser,
    wanted: list[str],
    returned: list[str],
    *,
    places: PlacesWanted | None,
    group_block_id: int | None,
) -> locks.TakeOutcome | None:
    """Take the seats. None when an old hold had run out: it is ended with its seats, and the caller begins a new one."""
    with transaction.atomic():
        gate = require_on_sale(locks.showtime_gate(showtime_id))
        wanted = with_mates(mates_of_plan(gate.plan_id), wanted)
        hold = _hold_of(showtime_id, browser)
        if not hold.is_alive:
            end_hold(Hold.objects.get(pk=hold.id), end=HoldEnd.LAPSED)
            return None
        require_no_shared_block(hold)
        if hold.is_new:
            require_few_showtimes(hold.held_elsewhere)
        _require_patience(hold)
        _require_patience_of_address(hold)
        if group_block_id is not None:
            _lock_seats_of_group(showtime_id, hold, [*wanted, *returned], wanted, group_block_id)
        _give_back_first(showtime_id, hold, wanted, returned)
        if places is not None:
            wanted = lock_places(showtime_id=showtime_id, wanted=places, hold_id=hold.id)
        limits = take_limits(browser.address) if group_block_id is None else OF_A_GROUP
        outcome = locks.take_seats(
            showtime_id=showtime_id, holder=browser.holder, hold=hold, labels=wanted, limits=limits
        )
        if not outcome.taken:
            raise _why_not(showtime_id, hold, outcome, limits, len(wanted))
        if group_block_id is not None:
            Hold.objects.filter(pk=hold.id).update(group_block=group_block_id)
        seat_map_changes.publish_on_commit(
            showtime_id, dict.fromkeys(wanted, seat_map_changes.held_until(hold.expires_at))
        )
        return outcome


def _lock_seats_of_group(
    showtime_id: int, hold: locks.LockedHold, labels: list[str], wanted: list[str], group_block_id: int
) -> None:
    """Lock the seats, so that staff cannot take them from the group meanwhile. Raises SeatGone when they have done so."""
    locks.lock_seats(showtime_id, labels=labels, hold_id=hold.id)
    if not are_seats_of_group(showtime_id, labels=wanted, group_block_id=group_block_id):
        raise SeatGone


def _give_back_first(showtime_id: int, hold: locks.LockedHold, wanted: list[str], returned: list[str]) -> None:
    if returned:
        # All rows of the swap by id at once: giving back and then taking would lock them out of order.
        locks.lock_seats(showtime_id, labels=[*wanted, *returned], hold_id=hold.id)
        freed = locks.release_seats(hold_id=hold.id, labels=returned)
        seat_map_changes.publish_on_commit(showtime_id, freed)


def take_limits(address: str) -> locks.TakeLimits:
    """The limits of customers, from the settings; the shares look at the hold's network themselves."""
    return locks.TakeLimits(
        per_hold=settings.MAX_SEATS_PER_HOLD,
        per_address=settings.LIVE_SEATS_PER_ADDRESS if is_limited(address) else 0,
        share_per_address=Decimal(str(settings.SHOWTIME_SHARE_PER_ADDRESS)),
        share_unpaid=Decimal(str(settings.SHOWTIME_SHARE_UNPAID)),
    )


def _hold_of(showtime_id: int, browser: Browser) -> locks.LockedHold:
    limits = take_limits(browser.address)
    return locks.lock_or_create_hold(
        showtime_id=showtime_id,
        holder=browser.holder,
        address=browser.address,
        seconds=(settings.HOLD_SECONDS, settings.HOLD_CAP_SECONDS),
        one_at_a_time=bool(limits.share_per_address or limits.share_unpaid or limits.per_address),
    )


def release_seats(*, showtime_id: int, browser: Browser, labels: list[str]) -> None:
    """Give back those of these seats that the browser holds. Raises Paying while they are being paid for."""
    wanted = clean_labels(labels)
    with transaction.atomic():
        hold = locks.live_hold(showtime_id=showtime_id, holder=browser.holder)
        if hold is None:
            _require_not_paying(showtime_id, browser)
            return
        require_no_shared_block(hold)
        freed = locks.release_seats(hold_id=hold.pk, labels=wanted)
        hold.changed_at = ClockTimestamp()
        hold.save(update_fields=["changed_at"])
        seat_map_changes.publish_on_commit(showtime_id, freed)


def change_seats(
    *, showtime_id: int, browser: Browser, take: list[str], release: list[str]
) -> locks.TakeOutcome | None:
    """Take some, give others back, or both: all of it or nothing. None when none was to be taken. Raises a Refusal."""
    if take and release:
        return swap_seats(showtime_id=showtime_id, browser=browser, take=take, release=release)
    if release:
        release_seats(showtime_id=showtime_id, browser=browser, labels=release)
        return None
    return take_seats(showtime_id=showtime_id, browser=browser, labels=take)


def swap_seats(*, showtime_id: int, browser: Browser, take: list[str], release: list[str]) -> locks.TakeOutcome:
    """Give some back and take others, both or neither. Raises a Refusal."""
    wanted, returned = clean_labels(take), clean_labels(release)
    check_pace(browser)
    return take_or_begin_anew(showtime_id, browser, wanted, returned)


def change_places(*, showtime_id: int, browser: Browser, wanted: PlacesWanted) -> locks.TakeOutcome | None:
    """Hold that number of places of an area in all: more are taken, or the last ones given back. None when none was to be taken.

    Raises a Refusal; then nothing is changed.
    """
    check_pace(browser)
    if give_places_back(showtime_id, browser, wanted):
        return None
    for _ in range(MOST_TRIES):
        try:
            return take_or_begin_anew(showtime_id, browser, [], [], places=wanted)
        except SeatGone:  # a late payment has just taken back a place that was free
            continue
    raise SeatGone


def give_places_back(showtime_id: int, browser: Browser, wanted: PlacesWanted) -> bool:
    """Whether nothing is left to do: the hold had enough places, or none is wanted and there is no hold."""
    with transaction.atomic():
        hold = locks.live_hold(showtime_id=showtime_id, holder=browser.holder)
        if hold is None:
            if not wanted.count:
                _require_not_paying(showtime_id, browser)
            return not wanted.count
        require_no_shared_block(hold)
        places = locks.lock_area(showtime_id=showtime_id, name=wanted.area, hold_id=hold.pk, most=0)
        if places is None or wanted.count > len(places.mine):
            return False
        if labels := places.mine[wanted.count :]:
            freed = locks.release_seats(hold_id=hold.pk, labels=labels)
            hold.changed_at = ClockTimestamp()
            hold.save(update_fields=["changed_at"])
            seat_map_changes.publish_on_commit(showtime_id, freed)
        return True


def release_hold(*, showtime_id: int, browser: Browser) -> None:
    """Give everything back and end the hold."""
    with transaction.atomic():
        hold = locks.live_hold(showtime_id=showtime_id, holder=browser.holder)
        if hold is None:
            _require_not_paying(showtime_id, browser)
            return
        require_no_shared_block(hold)
        end_hold(hold, end=HoldEnd.RELEASED)


def extend_hold(*, showtime_id: int, browser: Browser) -> None:
    """More time, once, when little is left; never past the cap. Raises CannotExtend or HoldLapsed."""
    with transaction.atomic():
        hold = locks.live_hold(showtime_id=showtime_id, holder=browser.holder)
        now = database_now()
        if hold is None:
            _require_not_paying(showtime_id, browser)
        if hold is None or hold.expires_at <= now:
            raise HoldLapsed
        later = min(hold.expires_at + timedelta(seconds=settings.HOLD_EXTENSION_SECONDS), hold.cap_at)
        is_early = hold.expires_at - now > timedelta(seconds=settings.HOLD_EXTENSION_OFFERED_SECONDS)
        if hold.extended_at is not None or is_early or later <= hold.expires_at:
            raise CannotExtend
        hold.expires_at = later
        hold.extended_at = hold.changed_at = ClockTimestamp()
        hold.save(update_fields=["expires_at", "extended_at", "changed_at"])
        locks.lengthen_seats(hold_id=hold.pk, expires_at=later)


def end_hold(hold: Hold, *, end: HoldEnd) -> None:
    """Close a locked hold and free the rows that are still its own."""
    freed = locks.release_seats(hold_id=hold.pk, labels=None)
    hold.end = end
    hold.labels = list(freed) if end == HoldEnd.LAPSED else []
    hold.ended_at = hold.changed_at = ClockTimestamp()
    hold.save(update_fields=["end", "labels", "ended_at", "changed_at"])
    seat_map_changes.publish_on_commit(hold.showtime_id, freed)


def require_on_sale(gate: locks.ShowtimeGate | None) -> locks.ShowtimeGate:
    published = require_published(gate)
    if not published.is_before_close:
        raise NotOnSale
    return published


def require_published(gate: locks.ShowtimeGate | None) -> locks.ShowtimeGate:
    if gate is None or gate.status == ShowtimeStatus.DRAFT:
        raise NotYetOnSale
    if gate.status == ShowtimeStatus.CANCELED:
        raise ShowtimeCanceled
    if gate.status != ShowtimeStatus.PUBLISHED:  # a status of the next release, while both run
        raise NotOnSale
    return gate


def _require_not_paying(showtime_id: int, browser: Browser) -> None:
    if Booking.objects.awaiting_money().filter(showtime_id=showtime_id, holder=browser.holder).exists():
        raise Paying


def require_no_shared_block(hold: locks.LockedHold | Hold) -> None:
    """Refuse to change a friend's seats here: they go back to the block, not to everybody, and end with it. Raises
    SeatsOfSharedBlock.
    """
    if hold.shared_block_id is not None:
        raise SeatsOfSharedBlock


def require_few_showtimes(held_elsewhere: int) -> None:
    """Limit the showtimes at which seats are held for a browser, being paid for included. Raises TooManyHolds."""
    most = settings.LIVE_HOLDS_PER_HOLDER
    if most and held_elsewhere >= most:
        raise TooManyHolds(most)


def _require_patience(hold: locks.LockedHold) -> None:
    """Make a new hold wait after three that were never paid, longer each time. Raises ClickedTooFast."""
    step = settings.UNPAID_HOLD_PAUSE_SECONDS
    if not (hold.is_new and step and hold.unpaid_before >= UNPAID_HOLDS_FOR_FREE):
        return
    pause = min(LONGEST_PAUSE_SECONDS, step * 2 ** min(10, hold.unpaid_before - UNPAID_HOLDS_FOR_FREE))
    left = pause - (hold.seconds_since_last or 0)
    if left > 0:
        raise ClickedTooFast(math.ceil(left))


def _require_patience_of_address(hold: locks.LockedHold) -> None:
    """Make a new hold wait at an address where many holds end unpaid, also with a new cookie. Raises ClickedTooFast."""
    step = settings.UNPAID_HOLD_PAUSE_SECONDS
    if not (hold.is_new and step and settings.SHOWTIME_SHARE_PER_ADDRESS):
        return
    over = hold.unpaid_at_address - UNPAID_HOLDS_FOR_FREE_AT_ADDRESS
    if over < 0:
        return
    left = min(LONGEST_PAUSE_SECONDS_AT_ADDRESS, step * (over + 1)) - (hold.seconds_since_last_at_address or 0)
    if left > 0:
        raise ClickedTooFast(math.ceil(left))


def _why_not(
    showtime_id: int, hold: locks.LockedHold, outcome: locks.TakeOutcome, limits: locks.TakeLimits, wanted: int
) -> Exception:
    if outcome.found < wanted:
        return UnknownSeat()
    if outcome.paying:
        return Paying()
    if limits.per_hold and outcome.others + wanted > limits.per_hold:
        return TooManySeats(limits.per_hold)
    if not outcome.is_alive:
        return HoldLapsed()
    if limits.per_address and outcome.here + wanted > limits.per_address:
        _, ends_in = seats_at_address(hold_id=hold.id)
        return TooManyHere(ends_in)
    return _over_share(showtime_id, hold, outcome, wanted) or SeatGone()


def _over_share(showtime_id: int, hold: locks.LockedHold, outcome: locks.TakeOutcome, wanted: int) -> Exception | None:
    """Return the refusal for an address with too many seats, with the moment when one gets free."""
    if not (outcome.is_over_share or outcome.is_over_unpaid_share):
        return None
    share = address_share(showtime_id=showtime_id, hold_id=hold.id)
    if outcome.is_over_share:
        return TooManyHere(share.ends_in(wanted) if share else None)
    return TooManyUnpaid(whole(share.unpaid_ends_in) if share else None)


def clean_labels(labels: list[str]) -> list[str]:
    """Return labels as they are stored, sorted and each once. Raises UnknownSeat."""
    wanted = sorted({clean_label(label) for label in labels})
    if not wanted or len(wanted) > MOST_LABELS or not all(wanted):
        raise UnknownSeat
    return wanted


def check_pace(browser: Browser) -> None:
    """Limit clicks, before any transaction because Valkey is asked. Raises ClickedTooFast."""
    check(Limit("hold-holder", settings.HOLDS_PER_MINUTE_PER_HOLDER, refusal=ClickedTooFast), browser.holder)
    check_address(Limit("hold-address", settings.HOLDS_PER_MINUTE_PER_ADDRESS, refusal=ClickedTooFast), browser.address)
