"""Taking the best seats together, for a customer and at the counter."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from reservations import locks
from reservations.refusals import NothingTogether, NotYetOnSale, SeatGone, TooManySeats, WouldGiveBack
from reservations.seats.best_seats import OFFERED, best_seats
from reservations.seats.geometry import PlanSeat
from reservations.seats.map_reads import read_seat_map
from reservations.seats.plan_seats import seats_of_plan
from reservations.seats.taking import Browser, require_on_sale, swap_seats, take_seats
from reservations.services.counter_seats import NOTHING, CounterSeller, Overrides, swap_at_counter, take_at_counter
from theaters.states import ShowtimeStatus

MOST_TRIES = 3


def take_best(*, showtime_id: int, browser: Browser, count: int, replaces: Sequence[str] = ()) -> list[PlanSeat]:
    """Hold the best `count` seats together and return them. Other seats that the browser holds are given back.

    `replaces` are the labels that the person agreed to give back. Raises WouldGiveBack when a seat without that consent
    would go back, and the refusals of taking seats; then nothing is changed.
    """
    if not 1 <= count <= (settings.MAX_SEATS_PER_HOLD or count):
        raise TooManySeats(settings.MAX_SEATS_PER_HOLD)
    for _ in range(MOST_TRIES):
        mine, seats = _mine_and_best_on_sale(showtime_id, browser.holder, count)
        labels = [seat.label for seat in seats]
        give_back = sorted(set(mine) - set(labels))
        if not set(give_back) <= set(replaces):
            _require_on_sale(showtime_id)
            raise WouldGiveBack(held=mine, count=count)
        try:
            if give_back:
                swap_seats(showtime_id=showtime_id, browser=browser, take=labels, release=give_back)
            else:
                take_seats(showtime_id=showtime_id, browser=browser, labels=labels)
        except SeatGone:
            continue
        return seats
    raise SeatGone


def take_best_at_counter(
    *,
    showtime_id: int,
    seller: CounterSeller,
    count: int,
    category: str = "",
    allow: Overrides = NOTHING,
    now: datetime,
) -> None:
    """The same for a seller. Raises a Refusal; then what was held is held still.

    With a category seats of that one alone. As many as a group sit in rows behind each other.
    """
    for _ in range(MOST_TRIES):
        mine, seats = _mine_and_best(showtime_id, seller.holder, count, categories=_offered(category))
        labels = [seat.label for seat in seats]
        give_back = sorted(set(mine) - set(labels))
        try:
            if give_back:
                swap_at_counter(
                    showtime_id=showtime_id, seller=seller, take=labels, release=give_back, allow=allow, now=now
                )
            else:
                take_at_counter(showtime_id=showtime_id, seller=seller, labels=labels, allow=allow, now=now)
        except SeatGone:
            continue
        return
    raise SeatGone


def _offered(category: str) -> frozenset[str]:
    return frozenset({category}) & OFFERED if category else OFFERED


def _mine_and_best_on_sale(showtime_id: int, holder: str, count: int) -> tuple[list[str], list[PlanSeat]]:
    """That the showtime is not on sale is said before that no seats are together. Raises NothingTogether, and NotOnSale."""
    try:
        return _mine_and_best(showtime_id, holder, count)
    except NothingTogether:
        _require_on_sale(showtime_id)
        raise


def _require_on_sale(showtime_id: int) -> None:
    """Raises NotOnSale, and SalesPaused."""
    with transaction.atomic():
        require_on_sale(locks.showtime_gate(showtime_id))


def _mine_and_best(
    showtime_id: int, holder: str, count: int, *, categories: frozenset[str] = OFFERED
) -> tuple[list[str], list[PlanSeat]]:
    """What is held now, and what would be best instead. Raises NothingTogether."""
    seat_map = read_seat_map(showtime_id=showtime_id, holder=holder)
    if seat_map is None or seat_map.status == ShowtimeStatus.DRAFT:
        raise NotYetOnSale
    mine = seat_map.own.labels if seat_map.own.is_holding else []
    return mine, best_seats(seats_of_plan(seat_map.plan_id), seat_map.states, count, categories=categories)
