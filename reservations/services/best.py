"""The best seats together: near the middle of the room, two thirds back, side by side."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from reservations.refusals import NothingTogether, NotYetOnSale, SeatGone
from reservations.seat_markup import SeatFacts, prepared_map
from reservations.selectors.seats import look_at, showtime_frame
from reservations.services.counter import NOTHING, CounterTill, Overrides, release_at_counter, take_at_counter
from reservations.services.holds import Browser, swap_seats, take_seats

MOST_TRIES = 3
OFFERED = frozenset({"STANDARD", "PREMIUM", "SOFA"})
NEIGHBOR = 2  # x counts half seat widths
ROW_WEIGHT = 3.0


def take_best(*, showtime_id: int, browser: Browser, count: int, now: datetime) -> None:
    """Hold the best `count` seats together instead of what is held now. Raises a Refusal."""
    for _ in range(MOST_TRIES):
        mine, labels = _mine_and_best(showtime_id, browser.holder, count, now)
        try:
            if give_back := sorted(set(mine) - set(labels)):
                swap_seats(showtime_id=showtime_id, browser=browser, take=labels, release=give_back)
            else:
                take_seats(showtime_id=showtime_id, browser=browser, labels=labels)
        except SeatGone:
            continue
        return
    raise SeatGone


def take_best_at_counter(
    *, showtime_id: int, till: CounterTill, count: int, allow: Overrides = NOTHING, now: datetime
) -> None:
    """The same for a till: the new ones are taken first, so a refusal leaves what was held. Raises a Refusal."""
    for _ in range(MOST_TRIES):
        mine, labels = _mine_and_best(showtime_id, till.holder, count, now)
        try:
            take_at_counter(showtime_id=showtime_id, till=till, labels=labels, allow=allow, now=now)
        except SeatGone:
            continue
        if give_back := sorted(set(mine) - set(labels)):
            release_at_counter(showtime_id=showtime_id, till=till, labels=give_back)
        return
    raise SeatGone


def _mine_and_best(showtime_id: int, holder: str, count: int, now: datetime) -> tuple[list[str], list[str]]:
    """What is held now, and what would be best instead. Raises NothingTogether."""
    seen = look_at(showtime_id=showtime_id, holder=holder)
    if seen is None:
        raise NotYetOnSale
    mine = seen.own.labels if seen.own.is_holding else []
    currency = showtime_frame(showtime_id, now=now).facts.currency
    prepared = prepared_map(plan_id=seen.plan_id, version_id=seen.version_id, currency=currency)
    return mine, best_together(prepared.seats, seen.states, count)


def best_together(seats: Sequence[SeatFacts], states: str, count: int) -> list[str]:
    """The labels of the best run of `count` free or own neighbors. Raises NothingTogether."""
    middle = (max(seat.x for seat in seats) + min(seat.x for seat in seats)) / 2
    ideal = max(seat.y for seat in seats) * 2 / 3

    def distance(run: Sequence[SeatFacts]) -> float:
        center = (run[0].x + run[-1].x) / 2
        return abs(center - middle) + ROW_WEIGHT * abs(run[0].y - ideal)

    choices = [run[at : at + count] for run in _runs(seats, states) for at in range(len(run) - count + 1)]
    if not choices or count < 1:
        raise NothingTogether
    return [seat.label for seat in min(choices, key=distance)]


def _runs(seats: Sequence[SeatFacts], states: str) -> Iterator[list[SeatFacts]]:
    """Neighbors without an aisle, a taken seat or another category between them."""
    usable = [seat for seat, state in zip(seats, states, strict=True) if state in "fm" and seat.category in OFFERED]
    for _, row in groupby(usable, key=lambda seat: (seat.y, seat.category)):
        run: list[SeatFacts] = []
        for seat in sorted(row, key=lambda seat: seat.x):
            if run and seat.x - run[-1].x != NEIGHBOR:
                yield run
                run = []
            run.append(seat)
        yield run
