"""How long best seats and the rule of single seats take: `python -m bench.best_seats --seats 620 --rooms 500`.

Pure functions in random auditoriums, filled at random, for random wishes; the time of the processor, the fastest of three
tries, so that other work on the machine counts little. Prints the median and the slowest of each kind of answer.
"""

import argparse
import os
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import django

from reservations.refusals.seats import NothingTogether, OnlyWholeSofas
from reservations.seats.best_seats import OpenSeats, SeatChoice, Wish, best_choices
from reservations.seats.fact_words import ARMREST_LIFTS, BESIDE_AISLE
from reservations.seats.geometry import NEIGHBOR, PlanSeat
from reservations.seats.single_seats import SingleSeatRule, judge_choice, picture_of
from theaters.seat_categories import is_for_some
from theaters.seat_facts import SeatFacts

RULE = SingleSeatRule(is_on=True, off_up_to=0)
FACTS = (SeatFacts(), SeatFacts(steps=0, hearing_loop=True), SeatFacts(steps=7, armrest_lifts=True))


def _groups(rng: random.Random, width: int, sofas: float) -> Iterator[tuple[str, int]]:
    """The categories of a row, from the left, with the number of seats that belong together."""
    usual = rng.choice(["STANDARD", "STANDARD", "PREMIUM"])
    while width > 3:
        dice = rng.random()
        group = ("SOFA", rng.choice([2, 3])) if dice < sofas else ("WHEELCHAIR", 1) if dice > 0.985 else (usual, 1)
        yield group
        width -= group[1]
        if group[0] == "WHEELCHAIR":
            yield ("COMPANION", 1)
            width -= 1


def _row(rng: random.Random, section: str, y: int, width: int, sofas: float) -> list[PlanSeat]:
    found: list[PlanSeat] = []
    x = rng.randint(0, 2)
    for group, (category, size) in enumerate(_groups(rng, width, sofas)):
        for _ in range(size):
            number, unit = len(found) + 1, f"{y}/{group}" if category == "SOFA" else ""
            label = f"R{y}-{number}"
            found.append(PlanSeat(label, f"R{y}", number, section, category, unit, x, y, rng.choice(FACTS)))
            x += NEIGHBOR
        x += NEIGHBOR * (rng.random() < 0.05)
    return found


def auditorium(rng: random.Random, size: int) -> list[PlanSeat]:
    sections, width, sofas = rng.randint(1, 3), rng.choice([8, 20, 26, 60]), rng.choice([0, 0, 0.1, 0.5])
    found: list[PlanSeat] = []
    y = 0
    while len(found) < size:
        found += _row(rng, str(len(found) * sections // size), y, width + rng.randint(0, 4), sofas)
        y += rng.choice([1, 1, 1, 2])
    return found[:size]


def free_in(rng: random.Random, seats: list[PlanSeat]) -> set[str]:
    """Empty to nearly full: single seats or groups are taken, or every third seat."""
    part, every, taken = rng.choice([0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95]), rng.choice([2, 3, 4]), set[str]()
    if rng.random() < 0.25:
        taken = {seat.label for seat in seats[::every]}
    most = rng.choice([1, 6])
    while len(taken) < part * len(seats):
        at = rng.randrange(len(seats))
        taken.update(seat.label for seat in seats[at : at + rng.randint(1, most)])
    return {seat.label for seat in seats} - taken


def wish_of(rng: random.Random) -> Wish:
    count = rng.randint(1, 10)
    must = rng.choice([(), (), (BESIDE_AISLE,), (BESIDE_AISLE, ARMREST_LIFTS)])
    asked: dict[str, Any] = {
        name: rng.random() < 0.2 for name in ("on_aisle", "near_exit", "step_free", "hearing_loop", "armrest_lifts")
    }
    return Wish(count, wheelchairs=min(count, rng.choice([0, 0, 0, 1, 2])), must=frozenset(must), **asked)


def _milliseconds(work: Callable[[], object]) -> float:
    times: list[float] = []
    for _ in range(3):
        before = time.process_time()
        work()
        times.append(time.process_time() - before)
    return min(times) * 1000


def _found(seats: OpenSeats[PlanSeat], wish: Wish) -> list[SeatChoice[PlanSeat]]:
    try:
        return best_choices(seats, wish)
    except (NothingTogether, OnlyWholeSofas):
        return []


def measure(size: int, seed: int) -> Iterator[tuple[str, float]]:
    rng = random.Random(seed)
    seats = auditorium(rng, size)
    free, wish = free_in(rng, seats), wish_of(rng)
    picture = picture_of(seats, free=free)
    open_seats = OpenSeats(seats, free, picture, exit_rows={"R1"})
    found = _found(open_seats, wish)
    how = "together" if found and found[0].is_together else "split" if found else "nothing"
    with_what = " with a wheelchair" * (wish.wheelchairs > 0) + " that must have something" * bool(wish.must)
    yield f"best seats, {how}{with_what}", _milliseconds(lambda: _found(open_seats, wish))
    ordinary = [seat for seat in seats if seat.label in free and not is_for_some(seat.category) and not seat.unit]
    if len(ordinary) >= wish.count:
        chosen = rng.sample(ordinary, wish.count)
        yield "rule of single seats", _milliseconds(lambda: judge_choice(picture, chosen, rule=RULE))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seats", type=int, default=620)
    parser.add_argument("--rooms", type=int, default=500)
    options = parser.parse_args()
    os.environ |= {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    times: dict[str, list[float]] = defaultdict(list)
    for seed in range(options.rooms):
        for kind, taken in measure(options.seats, seed):
            times[kind].append(taken)
    for kind, those in sorted(times.items()):
        print(f"{kind:75} {len(those):4} rooms, median {median(those):5.1f} ms, slowest {max(those):5.1f} ms")


if __name__ == "__main__":
    main()
