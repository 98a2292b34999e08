"""Offers to the waiting list: seats that came back are held for the first party they fit, for a stated time, then
passed on."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction

from core.clock import ClockTimestamp, database_now
from core.limits.addresses import origin_of
from core.live import seat_map_changes
from core.texts.lazy_text import gettext_lazy as _
from reservations import locks
from reservations.models import Booking, Hold, SeatOffer, WaitingEntry, WaitingSkip
from reservations.refusals.limits import TooManyHere
from reservations.refusals.on_sale import SalesPaused
from reservations.refusals.seats import FewerPlaces, HoldLapsed, Paying, SeatGone
from reservations.seats.address_limits import require_seats_left_at_address
from reservations.seats.map_reads import SeatMap, read_seat_map, showtimes_held_elsewhere
from reservations.seats.party_seats import Fit, PartyWish, fitting, free_for, why_skipped
from reservations.seats.places import PlacesWanted, lock_places
from reservations.seats.taking import Browser, end_hold, require_few_showtimes, require_no_shared_block, require_on_sale
from reservations.states import WAITING_MOVES, HoldEnd, OfferEnd, SkipReason, WaitingMailKind, WaitingStatus
from reservations.waiting.waiting_mails import write_waiting_mail
from reservations.waiting.waiting_seats import end_hold_of_waiting_list, keep_for_waiting_list
from theaters.models import Showtime
from theaters.prices.early_prices import prices_by_moment
from theaters.seat_labels import is_place, section_in
from theaters.states import ShowtimeStatus

# Near the end of sales an offer is shorter: a quarter of the time that is left, at least this.
SHORTEST_OFFER_SECONDS = 600
# Seats stay held a little longer than the mail says, so that the sweep passes them on before they are free for all.
GRACE_SECONDS = 120


class OfferOver(HoldLapsed):
    """Refused: the offer ran out, was passed on, or withdrawn; the page below says what is now."""

    staff_can = "Nothing: the page says whether they are still on the waiting list."
    sentence = _("We no longer hold this for you: the time was over, or it was passed on.")


class OfferTaken(HoldLapsed):
    """Refused: another browser has taken the offer."""

    staff_can = "Ask who else has the link: the tickets are held, or paid for, in the browser that was first."
    sentence = _("This offer was accepted with this link already.")


NO_LIMITS = locks.TakeLimits(per_hold=0, per_address=0)


def offer_seats(*, showtime_id: int) -> int:
    """Hold free seats for waiting parties, in their order; returns how many got an offer. Does nothing while sales are
    paused.
    """
    try:
        with transaction.atomic():
            locks.turn_for_best_seats(showtime_id=showtime_id)
            gate = locks.showtime_gate(showtime_id)
            if gate is None or gate.status != ShowtimeStatus.PUBLISHED or not gate.is_before_close:
                return 0
            entries = locks.waiting_entries(showtime_id)
            # Locked before any area, hold or seat: a buyer who has these two locks may wait for seats that this
            # transaction gives back.
            for network in sorted({entry.network for entry in entries} - {""}):
                locks.turn_of_network(showtime_id=showtime_id, network=network)
            locks.lock_areas(showtime_id)
            _pass_on_what_ran_out(showtime_id)
            end_hold_of_waiting_list(showtime_id)
            return sum(_offer_or_skip(showtime_id, entry) for entry in entries)
    except SalesPaused:
        return 0


def _offer_or_skip(showtime_id: int, entry: WaitingEntry) -> bool:
    seat_map = read_seat_map(showtime_id=showtime_id, holder="")
    assert seat_map is not None
    wish = wish_of_entry(entry)
    free = free_for(seat_map, wish)
    if not free:
        return False
    found = _fitting(seat_map, entry, wish)
    if isinstance(found, SkipReason):
        _note_skip(entry, found, free)
        return False
    try:
        _offer(entry, found)
    except TooManyHere:
        _note_skip(entry, SkipReason.SHARE, free)
        return False
    except (SeatGone, FewerPlaces):
        # A click was faster. The next run looks again.
        return False
    return True


def _fitting(seat_map: SeatMap, entry: WaitingEntry, wish: PartyWish) -> Fit | SkipReason:
    """Find seats for the whole party; else return why there are none."""
    found = fitting(seat_map, wish)
    if isinstance(found, SkipReason):
        return why_skipped(seat_map, wish, found)
    passed_on = list(entry.offers.filter(end=OfferEnd.PASSED).values_list("labels", flat=True))
    return next((fit for fit in found if not _is_among(fit, passed_on)), SkipReason.PASSED)


def _is_among(fit: Fit, offers: list[list[str]]) -> bool:
    """Whether this was offered before; places of one area count as the same."""
    if isinstance(fit, PlacesWanted):
        return any(is_place(label) and section_in(label) == fit.area for labels in offers for label in labels)
    return sorted(fit.labels) in offers


def wish_of_entry(entry: WaitingEntry) -> PartyWish:
    return PartyWish(
        count=entry.count,
        wheelchairs=entry.wheelchairs,
        is_together=entry.is_together,
        section=entry.section,
        is_numbered=entry.is_numbered,
        is_step_free=entry.is_step_free,
        has_hearing_loop=entry.has_hearing_loop,
        has_lifting_armrest=entry.has_lifting_armrest,
        is_near_exit=entry.is_near_exit,
        is_beside_aisle=entry.is_beside_aisle,
        has_transfer=entry.has_transfer,
        has_dog=entry.has_dog,
    )


def _offer(entry: WaitingEntry, fit: Fit) -> None:
    with transaction.atomic():
        hold = _nobodys_hold(entry)
        labels = _labels(entry.showtime_id, fit, hold)
        require_seats_left_at_address(hold, more=len(labels))
        taken = locks.take_seats(
            showtime_id=entry.showtime_id, holder=hold.holder, hold=_as_locked(hold), labels=labels, limits=NO_LIMITS
        )
        if not taken.taken:
            raise SeatGone
    held = dict.fromkeys(labels, seat_map_changes.held_until(hold.expires_at))
    seat_map_changes.publish_on_commit(entry.showtime_id, held)
    until = hold.expires_at - timedelta(seconds=GRACE_SECONDS)
    offer = SeatOffer.objects.create(entry=entry, hold=hold, labels=labels, until=until)
    WAITING_MOVES.move(entry, WaitingStatus.OFFERED)
    write_waiting_mail(entry, WaitingMailKind.OFFER, about=offer.pk)


def _labels(showtime_id: int, fit: Fit, hold: Hold) -> list[str]:
    """Return the labels to hold, with places of an area locked. Raises FewerPlaces."""
    if isinstance(fit, PlacesWanted):
        return lock_places(showtime_id=showtime_id, wanted=fit, hold_id=hold.pk)
    return sorted(fit.labels)


def _nobodys_hold(entry: WaitingEntry) -> Hold:
    """Create a hold of no browser, which counts at the entry's address, but not as an unpaid one; who takes the offer
    gets it.
    """
    showtime = Showtime.objects.get(pk=entry.showtime_id)
    now = database_now()
    until = now + timedelta(seconds=_offer_seconds(showtime, now) + GRACE_SECONDS)
    more = timedelta(seconds=max(0, settings.HOLD_CAP_SECONDS - settings.HOLD_SECONDS))
    return Hold.objects.create(
        showtime=showtime,
        holder=sha256(secrets.token_bytes(32)).hexdigest(),
        address=entry.address,
        network=entry.network,
        has_paid=True,
        price_version_id=prices_by_moment(showtime).version_at(now),
        expires_at=until,
        cap_at=until + more,
    )


def _offer_seconds(showtime: Showtime, now: datetime) -> int:
    left = (showtime.sales_close_at - now).total_seconds()
    return int(min(settings.WAITING_OFFER_SECONDS, max(SHORTEST_OFFER_SECONDS, left / 4)))


def _as_locked(hold: Hold) -> locks.LockedHold:
    return locks.LockedHold(hold.pk, hold.expires_at, True, True, 0, 0, None, 0, None)


def _note_skip(entry: WaitingEntry, reason: SkipReason, free: int) -> None:
    """Record why a party was skipped, unless the last record says the same."""
    last = entry.skips.order_by("pk").last()
    if last is None or (last.reason, last.free) != (reason, free):
        WaitingSkip.objects.create(entry=entry, reason=reason, free=free)


def _pass_on_what_ran_out(showtime_id: int) -> None:
    """End expired offers, in the transaction that offers their seats to the next party."""
    run_out = SeatOffer.objects.filter(entry__showtime=showtime_id, ended_at=None, until__lte=ClockTimestamp())
    for entry_id in run_out.order_by("entry_id").values_list("entry_id", flat=True):
        entry = locks.waiting_entry(entry_id)
        hold = _end_offer(entry, OfferEnd.RAN_OUT)
        if hold is not None:
            WAITING_MOVES.move(entry, WaitingStatus.MISSED, ended_at=ClockTimestamp())
            _end_unless_ended(hold, HoldEnd.LAPSED)


def _end_offer(entry: WaitingEntry, end: OfferEnd) -> Hold | None:
    """End a locked entry's open offer and return its locked hold; None when there is none."""
    offer = entry.offers.filter(ended_at=None).first()
    if offer is None:
        return None
    SeatOffer.objects.filter(pk=offer.pk).update(ended_at=ClockTimestamp(), end=end)
    return locks.hold_by_id(offer.hold_id)


def _end_unless_ended(hold: Hold, end: HoldEnd) -> None:
    if hold.ended_at is None:
        end_hold(hold, end=end)


def withdraw_offers(showtime_id: int) -> None:
    """End open offers, whose seats are gone, and put their parties back in their place. Needs the showtime's lock."""
    offers = SeatOffer.objects.filter(entry__showtime=showtime_id, ended_at=None)
    for entry_id in offers.order_by("entry_id").values_list("entry_id", flat=True):
        entry = locks.waiting_entry(entry_id)
        hold = _end_offer(entry, OfferEnd.RAN_OUT)
        if hold is not None:
            WAITING_MOVES.move(entry, WaitingStatus.WAITING)
            _end_unless_ended(hold, HoldEnd.MOVED)


def take_offer(*, code: str, browser: Browser) -> WaitingEntry:
    """Give the offered seats to this browser, in place of what it held there; a second time changes nothing.

    They were offered within the share of the address where the entry was made. At another address they are judged again.

    Raises OfferTaken or OfferOver when there is nothing to take. The offer stays open when it raises Paying while this
    browser pays for other seats of the showtime, SeatsOfSharedBlock, TooManyHere, TooManyHolds, NotOnSale,
    WaitingEntry.DoesNotExist.
    """
    showtime_id = WaitingEntry.objects.values_list("showtime_id", flat=True).get(code=code)
    with transaction.atomic():
        # Not beside `offer_seats`, which has the lock of networks before those of entries.
        locks.turn_for_best_seats(showtime_id=showtime_id)
        require_on_sale(locks.showtime_gate(showtime_id))
        entry = locks.waiting_entry_by_code(code)
        if entry.status == WaitingStatus.TOOK:
            if was_taken_by(entry, browser.holder):
                return entry
            raise OfferTaken
        offer = entry.offers.filter(ended_at=None, until__gt=ClockTimestamp()).first()
        if offer is None or entry.status != WaitingStatus.OFFERED:
            raise OfferOver
        before = locks.live_hold(showtime_id=showtime_id, holder=browser.holder)
        if network := origin_of(browser.address).network:
            locks.turn_of_network(showtime_id=showtime_id, network=network)
        _require_not_paying(showtime_id, browser)
        require_few_showtimes(showtimes_held_elsewhere(showtime_id=showtime_id, holder=browser.holder))
        hold = _end_offer(entry, OfferEnd.TAKEN)
        if hold is None or hold.ended_at is not None:
            raise OfferOver
        if before is not None:
            require_no_shared_block(before)
            end_hold(before, end=HoldEnd.RELEASED)
        offered_at = hold.address
        _hand_to(hold, browser)
        if hold.address != offered_at:
            require_seats_left_at_address(hold)
        WAITING_MOVES.move(entry, WaitingStatus.TOOK, ended_at=ClockTimestamp())
    return entry


def was_taken_by(entry: WaitingEntry, holder: str) -> bool:
    """Whether the browser with this holder took the offer of the entry."""
    return entry.offers.filter(end=OfferEnd.TAKEN, hold__holder=holder).exists()


def _require_not_paying(showtime_id: int, browser: Browser) -> None:
    if Booking.objects.awaiting_money().filter(showtime_id=showtime_id, holder=browser.holder).exists():
        raise Paying


def _hand_to(hold: Hold, browser: Browser) -> None:
    """Give the offered hold to this browser, with the usual time to pay."""
    origin = origin_of(browser.address)
    hold.holder, hold.address, hold.network, hold.has_paid = browser.holder, origin.address, origin.network, False
    least = database_now() + timedelta(seconds=settings.HOLD_SECONDS)
    if hold.expires_at < least:
        hold.expires_at, hold.cap_at = least, max(hold.cap_at, least)
        locks.lengthen_seats(hold_id=hold.pk, expires_at=least)
    hold.changed_at = ClockTimestamp()
    hold.save(update_fields=["holder", "address", "network", "has_paid", "expires_at", "cap_at", "changed_at"])


def pass_on(*, code: str) -> None:
    """Decline an offer and wait on in the same place. Raises WaitingEntry.DoesNotExist."""
    with transaction.atomic():
        entry = locks.waiting_entry_by_code(code)
        if entry.status == WaitingStatus.OFFERED:
            end_offer_for_the_next(entry, WaitingStatus.WAITING)


def end_offer_for_the_next(entry: WaitingEntry, status: WaitingStatus, **columns: Any) -> None:
    """End the open offer of a locked entry: its seats go to others who wait, or are free for all."""
    hold = _end_offer(entry, OfferEnd.PASSED)
    WAITING_MOVES.move(entry, status, **columns)
    if hold is not None and hold.ended_at is None:
        keep_for_waiting_list(entry.showtime_id, locks.seats_of_hold(hold.pk))
        end_hold(hold, end=HoldEnd.RELEASED)
