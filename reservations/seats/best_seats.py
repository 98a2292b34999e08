"""Which free seats are the best together: side by side, near the middle of the screen, two thirds back in their section."""

from collections.abc import Iterator, Sequence

from reservations.refusals import NothingTogether
from reservations.seats.geometry import Placed, distance_from_best_place, runs_of

OFFERED = frozenset({"STANDARD", "PREMIUM", "SOFA"})
GROUP_FROM = 10  # as many people do not look for one row


def best_seats[S: Placed](
    seats: Sequence[S], states: str, count: int, *, categories: frozenset[str] = OFFERED
) -> list[S]:
    """Of a plan's seats, with the letter of each in `states`. Raises NothingTogether."""
    find = best_group if count >= GROUP_FROM else best_together
    return find(seats, states, count, categories=categories)


def best_together[S: Placed](
    seats: Sequence[S], states: str, count: int, *, categories: frozenset[str] = OFFERED
) -> list[S]:
    """The best run of `count` free or own neighbors. Raises NothingTogether."""
    runs = runs_of(_usable(seats, states, categories))
    choices = [run[at : at + count] for run in runs for at in range(len(run) - count + 1)]
    if not choices or count < 1:
        raise NothingTogether
    return min(choices, key=distance_from_best_place(seats))


def best_group[S: Placed](
    seats: Sequence[S], states: str, count: int, *, categories: frozenset[str] = OFFERED
) -> list[S]:
    """As few rows behind each other as hold `count`, in each its best neighbors, and nobody alone in a row.

    Raises NothingTogether.
    """
    distance = distance_from_best_place(seats)
    rows: dict[tuple[str, int], list[list[S]]] = {}
    for run in runs_of(_usable(seats, states, categories)):
        rows.setdefault((run[0].section, run[0].y), []).append(run)
    blocks = [block for size in range(1, len(rows) + 1) for block in _blocks(rows, size, count)]
    if not blocks:
        raise NothingTogether
    fewest = min(len(block) for block in blocks)
    best = min((block for block in blocks if len(block) == fewest), key=lambda block: sum(map(distance, block)))
    return [seat for run in best for seat in run]


def _blocks[S: Placed](rows: dict[tuple[str, int], list[list[S]]], size: int, count: int) -> Iterator[list[list[S]]]:
    """Every `size` rows behind each other whose longest runs hold `count`, cut to as many in their middle."""
    for section, first in rows:
        names = [(section, first + at) for at in range(size)]
        if not all(name in rows for name in names):
            continue
        longest = sorted((max(rows[name], key=len) for name in names), key=len, reverse=True)
        if sum(map(len, longest)) < count or sum(map(len, longest[:-1])) >= count:
            continue
        yield _cut(longest, count)


def _cut[S: Placed](runs: list[list[S]], count: int) -> list[list[S]]:
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


def _usable[S: Placed](seats: Sequence[S], states: str, categories: frozenset[str]) -> list[S]:
    """Free, or mine."""
    return [seat for seat, state in zip(seats, states, strict=True) if state in "fm" and seat.category in categories]
