"""Best seats against every choice of small random rooms."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from reservations.refusals.seats import NothingTogether
from reservations.seats.best_seats import OpenSeats, Wish, best_choices
from reservations.seats.geometry import distance_from_best_place
from reservations.seats.single_seats import SingleSeatRule, judge_choice, picture_of
from tests.reservations.seats.test_geometry import seats_of
from tests.reservations.seats.test_single_seats import left_over
from theaters.seat_categories import is_for_some

ROWS = st.lists(st.sampled_from(["o", "o", "o", "o", "p", ".", "wc", ":"]), min_size=3, max_size=6).map("".join)
PLANS = st.lists(ROWS.filter(lambda row: "o" in row), min_size=1, max_size=3)
ON = SingleSeatRule(is_on=True, off_up_to=0)


def best(seats, free, wish):
    try:
        return best_choices(OpenSeats(seats, free, picture_of(seats, free=free)), wish)
    except NothingTogether:
        return []


def is_together(choice):
    xs = sorted(seat.x for seat in choice)
    return len({(seat.section, seat.y) for seat in choice}) == 1 and xs == list(range(xs[0], xs[0] + 2 * len(xs), 2))


def parts_of(choice):
    spots = {(seat.y, seat.x) for seat in choice}
    return sum((y, x - 2) not in spots for y, x in spots)


def room_of(rows, data):
    seats = seats_of("\n".join(f"{letter} {row}" for letter, row in zip("ABC", rows, strict=False)))
    return seats, {seat.label for seat in seats if data.draw(st.integers(0, 3))}


@settings(max_examples=120, deadline=None, database=None)
@given(rows=PLANS, count=st.integers(1, 4), data=st.data())
def test_ordinary_seats(rows, count, data):
    seats, free = room_of(rows, data)
    ordinary = [seat for seat in seats if seat.label in free and not is_for_some(seat.category)]
    every = list(combinations(ordinary, count))
    found = best(seats, free, Wish(count))
    assert bool(found) == bool(every)
    if not every:
        return
    distance = distance_from_best_place(seats)
    singles = lambda choice: len(left_over(seats, free, {seat.label for seat in choice}))
    together = [choice for choice in every if is_together(choice)]
    chosen = found[0].seats
    assert judge_choice(picture_of(seats, free=free), chosen, rule=ON) is None, "it is what the rule lets through"
    if together:
        legal = [choice for choice in together if not singles(choice)] or together
        plain = [choice for choice in legal if len({seat.category for seat in choice}) == 1] or legal
        assert found[0].is_together and distance(chosen) == min(map(distance, plain))
        assert len({label for choice in found for label in choice.labels}) == count * len(found)
        assert all(is_together(choice.seats) and len(choice.seats) == count for choice in found)
    else:
        fewest = min(map(parts_of, every))
        assert len(found[0].parts) == parts_of(chosen) == fewest


@settings(max_examples=80, deadline=None, database=None)
@given(rows=PLANS, count=st.integers(1, 4), wheelchairs=st.integers(1, 2), data=st.data())
def test_with_wheelchair_spaces(rows, count, wheelchairs, data):
    seats, free = room_of(rows, data)
    of = lambda choice, category: sum(seat.category == category for seat in choice)
    every = [
        choice
        for choice in combinations([seat for seat in seats if seat.label in free], count)
        if of(choice, "WHEELCHAIR") == wheelchairs
    ]
    found = best(seats, free, Wish(count, wheelchairs=wheelchairs)) if wheelchairs <= count else []
    if not found:
        # Companion seats away from the wheelchair spaces are not given to others of the party.
        assert all(of(choice, "COMPANION") for choice in every)
        return
    chosen = found[0].seats
    assert len({seat.label for seat in chosen}) == count and {seat.label for seat in chosen} <= free
    assert of(chosen, "WHEELCHAIR") == wheelchairs
    assert any(map(is_together, every)) == found[0].is_together
