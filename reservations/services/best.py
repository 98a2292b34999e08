"""The best seats together: side by side, near the middle of the screen, two thirds back in their section."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from reservations.refusals import NothingTogether, NotYetOnSale, SeatGone, WouldGiveBack
from reservations.seats.map_markup import SeatFacts, prepared_map
from reservations.seats.taking import Browser, swap_seats, take_seats
from reservations.selectors.seats import look_at, showtime_frame
from reservations.services.counter import NOTHING, CounterTill, Overrides, release_at_counter, take_at_counter

MOST_TRIES = 3
OFFERED = frozenset({"STANDARD", "PREMIUM", "SOFA"})
GROUP_FROM = 10  # so many do not look for one row
NEIGHBOR = 2  # x counts half seat widths
ROW_WEIGHT = 3.0
# A section further from the screen counts like this many rows away: the middle of a balcony comes before the first
# rows of the stalls, and after the rows around their best one.
ROWS_PER_SECTION = 4


def take_best(
    *, showtime_id: int, browser: Browser, count: int, replaces: Sequence[str] = (), now: datetime
) -> list[SeatFacts]:
    """Hold the best `count` seats together and return them. Other seats that the browser holds are given back.

    `replaces` are the labels that the person agreed to give back. Raises WouldGiveBack when a seat without that consent
    would go back, and the refusals of taking seats; then nothing is changed.
    """
    for _ in range(MOST_TRIES):
        mine, seats = _mine_and_best(showtime_id, browser.holder, count, now)
        labels = [seat.label for seat in seats]
        give_back = sorted(set(mine) - set(labels))
        if not set(give_back) <= set(replaces):
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
    *, showtime_id: int, till: CounterTill, count: int, category: str = "", allow: Overrides = NOTHING, now: datetime
) -> None:
    """The same for a till: the new ones are taken first, so a refusal leaves what was held. Raises a Refusal.

    With a category seats of that one alone. As many as a group sit in rows behind each other.
    """
    for _ in range(MOST_TRIES):
        mine, seats = _mine_and_best(showtime_id, till.holder, count, now, categories=_offered(category))
        labels = [seat.label for seat in seats]
        try:
            take_at_counter(showtime_id=showtime_id, till=till, labels=labels, allow=allow, now=now)
        except SeatGone:
            continue
        if give_back := sorted(set(mine) - set(labels)):
            release_at_counter(showtime_id=showtime_id, till=till, labels=give_back)
        return
    raise SeatGone


def _offered(category: str) -> frozenset[str]:
    return frozenset({category}) & OFFERED if category else OFFERED


def _mine_and_best(
    showtime_id: int, holder: str, count: int, now: datetime, *, categories: frozenset[str] = OFFERED
) -> tuple[list[str], list[SeatFacts]]:
    """What is held now, and what would be best instead. Raises NothingTogether."""
    seen = look_at(showtime_id=showtime_id, holder=holder)
    if seen is None:
        raise NotYetOnSale
    mine = seen.own.labels if seen.own.is_holding else []
    currency = showtime_frame(showtime_id, now=now).facts.currency
    prepared = prepared_map(plan_id=seen.plan_id, version_id=seen.version_id, currency=currency)
    find = best_group if count >= GROUP_FROM else best_together
    return mine, find(prepared.seats, seen.states, count, categories=categories)


def best_together(
    seats: Sequence[SeatFacts], states: str, count: int, *, categories: frozenset[str] = OFFERED
) -> list[SeatFacts]:
    """The best run of `count` free or own neighbors. Raises NothingTogether."""
    runs = _runs(seats, states, categories)
    choices = [run[at : at + count] for run in runs for at in range(len(run) - count + 1)]
    if not choices or count < 1:
        raise NothingTogether
    return min(choices, key=_distance(seats))


def best_group(
    seats: Sequence[SeatFacts], states: str, count: int, *, categories: frozenset[str] = OFFERED
) -> list[SeatFacts]:
    """As few rows behind each other as hold `count`, in each its best neighbors, and nobody alone in a row.

    Raises NothingTogether.
    """
    distance = _distance(seats)
    rows: dict[tuple[str, int], list[list[SeatFacts]]] = {}
    for run in _runs(seats, states, categories):
        rows.setdefault((run[0].section, run[0].y), []).append(run)
    blocks = [block for size in range(1, len(rows) + 1) for block in _blocks(rows, size, count)]
    if not blocks:
        raise NothingTogether
    fewest = min(len(block) for block in blocks)
    best = min((block for block in blocks if len(block) == fewest), key=lambda block: sum(map(distance, block)))
    return [seat for run in best for seat in run]


def _blocks(
    rows: dict[tuple[str, int], list[list[SeatFacts]]], size: int, count: int
) -> Iterator[list[list[SeatFacts]]]:
    """Every `size` rows behind each other whose longest runs hold `count`, cut to as many in their middle."""
    for section, first in rows:
        names = [(section, first + at) for at in range(size)]
        if not all(name in rows for name in names):
            continue
        longest = sorted((max(rows[name], key=len) for name in names), key=len, reverse=True)
        if sum(map(len, longest)) < count or sum(map(len, longest[:-1])) >= count:
            continue
        yield _cut(longest, count)


def _cut(runs: list[list[SeatFacts]], count: int) -> list[list[SeatFacts]]:
    """Spread over the rows in the order given; the last two share so that nobody sits alone."""
    wanted: list[int] = []
    for run in runs:
        wanted.append(min(len(run), count - sum(wanted)))
    if len(wanted) > 1 and wanted[-1] == 1 and wanted[-2] > 2 and len(runs[-1]) > 1:
        wanted[-2:] = [wanted[-2] - 1, 2]
    cut = []
    for run, most in zip(runs, wanted, strict=True):
        at = (len(run) - most) // 2
        cut.append(run[at : at + most])
    return cut


def _distance(seats: Sequence[SeatFacts]) -> Callable[[Sequence[SeatFacts]], float]:
    """How far a run is from the best place of the auditorium."""
    middle = (max(seat.x for seat in seats) + min(seat.x for seat in seats)) / 2
    ideal = _ideal_rows(seats)

    def distance(run: Sequence[SeatFacts]) -> float:
        ideal_y, sections_before = ideal[run[0].section]
        rows = abs(run[0].y - ideal_y) + ROWS_PER_SECTION * sections_before
        return abs((run[0].x + run[-1].x) / 2 - middle) + ROW_WEIGHT * rows

    return distance


def in_words(run: Sequence[SeatFacts]) -> str:
    """Neighbors for people: "row M, seats 9 to 12, Stalls"."""
    numbers = sorted(seat.number for seat in run)
    seats = {1: f"seat {numbers[0]}", 2: f"seats {numbers[0]} and {numbers[-1]}"}
    words = f"row {run[0].row}, {seats.get(len(run), f'seats {numbers[0]} to {numbers[-1]}')}"
    return f"{words}, {run[0].section}" if run[0].section else words


def _ideal_rows(seats: Sequence[SeatFacts]) -> dict[str, tuple[float, int]]:
    """Of each section: where its best row lies, and how many sections lie between it and the screen."""
    rows: dict[str, list[int]] = {}
    for seat in seats:
        rows.setdefault(seat.section, []).append(seat.y)
    return {
        name: (min(ys) + (max(ys) - min(ys)) * 2 / 3, sum(max(other) < min(ys) for other in rows.values()))
        for name, ys in rows.items()
    }


def _runs(seats: Sequence[SeatFacts], states: str, categories: frozenset[str]) -> Iterator[list[SeatFacts]]:
    """Neighbors without an aisle, a taken seat or another category between them."""
    usable = [seat for seat, state in zip(seats, states, strict=True) if state in "fm" and seat.category in categories]
    for _, row in groupby(usable, key=lambda seat: (seat.y, seat.category)):
        run: list[SeatFacts] = []
        for seat in sorted(row, key=lambda seat: seat.x):
            if run and seat.x - run[-1].x != NEIGHBOR:
                yield run
                run = []
            run.append(seat)
        yield run
