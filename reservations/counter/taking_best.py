"""Taking the best seats for a party, for a customer and at the counter."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from reservations import locks
from reservations.counter.counter_seats import NOTHING, CounterSeller, Overrides, swap_at_counter, take_at_counter
from reservations.refusals.limits import TooManySeats
from reservations.refusals.on_sale import NotYetOnSale
from reservations.refusals.seats import NothingTogether, SeatGone, UnknownSeat, WouldGiveBack
from reservations.seats.best_seats import SeatChoice, Wish, best_choices
from reservations.seats.geometry import PlanSeat, stretches_of
from reservations.seats.map_reads import SeatMap, read_seat_map
from reservations.seats.open_seats import open_seats_of
from reservations.seats.plan_seats import seats_of_plan
from reservations.seats.taking import Browser, check_pace, clean_labels, require_on_sale, take_or_begin_anew
from theaters.seat_labels import is_place
from theaters.states import ShowtimeStatus

# Tries when a click on a single seat takes one of the best seats first. Other searches for best seats cannot: they wait
# for their turn.
MOST_TRIES = 3


def take_best(
    *, showtime_id: int, browser: Browser, wish: Wish, replaces: Sequence[str] = (), labels: Sequence[str] = ()
) -> SeatChoice[PlanSeat]:
    """Hold the best seats for a party, or those of the `labels`; other seats that the browser holds are given back.

    `replaces` are the labels that the person agreed to give back. Raises WouldGiveBack when a seat without that consent
    would go back, and the refusals of taking seats; then nothing is changed.
    """
    if not 1 <= wish.count <= (settings.MAX_SEATS_PER_HOLD or wish.count):
        raise TooManySeats(settings.MAX_SEATS_PER_HOLD)
    chosen = clean_labels(list(labels)) if labels else []
    check_pace(browser)
    with transaction.atomic():
        locks.turn_for_best_seats(showtime_id=showtime_id)
        for _ in range(MOST_TRIES):
            seat_map = _seat_map(showtime_id, browser.holder)
            best = _best_on_sale(showtime_id, seat_map, wish, chosen)
            try:
                _take_labels(showtime_id, browser, seat_map, best.labels, replaces=replaces)
            except SeatGone:
                if chosen:
                    raise
                continue
            return best
    raise SeatGone


def _take_labels(
    showtime_id: int, browser: Browser, seat_map: SeatMap, labels: list[str], *, replaces: Sequence[str]
) -> None:
    mine = _own_labels(seat_map)
    give_back = sorted(set(mine) - set(labels))
    if not set(give_back) <= set(replaces):
        _require_on_sale(showtime_id)
        raise WouldGiveBack(held=mine, count=len(labels))
    take_or_begin_anew(showtime_id, browser, sorted(labels), give_back)


def take_best_at_counter(
    *, showtime_id: int, seller: CounterSeller, wish: Wish, allow: Overrides = NOTHING, now: datetime
) -> SeatChoice[PlanSeat]:
    """Take the best seats for a seller, in place of those held. Raises a Refusal; then the held ones are kept."""
    with transaction.atomic():
        locks.turn_for_best_seats(showtime_id=showtime_id)
        for _ in range(MOST_TRIES):
            seat_map = _seat_map(showtime_id, seller.holder)
            best = best_choices(open_seats_of(seat_map), wish, others=0)[0]
            labels = best.labels
            give_back = sorted(set(_own_labels(seat_map)) - set(labels))
            try:
                if give_back:
                    swap_at_counter(
                        showtime_id=showtime_id, seller=seller, take=labels, release=give_back, allow=allow, now=now
                    )
                else:
                    take_at_counter(showtime_id=showtime_id, seller=seller, labels=labels, allow=allow, now=now)
            except SeatGone:
                continue
            return best
    raise SeatGone


def _best_on_sale(showtime_id: int, seat_map: SeatMap, wish: Wish, labels: Sequence[str]) -> SeatChoice[PlanSeat]:
    """Find the best seats. Raises NotOnSale before NothingTogether, so that people hear the more important reason."""
    try:
        if labels:
            return _of_labels(seats_of_plan(seat_map.plan_id), labels)
        return best_choices(open_seats_of(seat_map), wish, others=0)[0]
    except NothingTogether:
        _require_on_sale(showtime_id)
        raise


def _require_on_sale(showtime_id: int) -> None:
    """Check that the showtime is on sale. Raises NotOnSale or SalesPaused."""
    with transaction.atomic():
        require_on_sale(locks.showtime_gate(showtime_id))


def _seat_map(showtime_id: int, holder: str) -> SeatMap:
    """Read the seat map. Raises NotYetOnSale."""
    seat_map = read_seat_map(showtime_id=showtime_id, holder=holder)
    if seat_map is None or seat_map.status == ShowtimeStatus.DRAFT:
        raise NotYetOnSale
    return seat_map


def _own_labels(seat_map: SeatMap) -> list[str]:
    """Return the labels held by this seller, without places of areas, which are kept as they are."""
    return [label for label in seat_map.own.labels if not is_place(label)] if seat_map.own.is_holding else []


def _of_labels(seats: Sequence[PlanSeat], labels: Sequence[str]) -> SeatChoice[PlanSeat]:
    chosen = tuple(seat for seat in seats if seat.label in labels)
    if len(chosen) != len(labels):
        raise UnknownSeat
    return SeatChoice(tuple(map(tuple, stretches_of(chosen))))
