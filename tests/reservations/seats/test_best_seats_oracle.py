"""Best seats compared with every possible choice in small random auditoriums."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reservations.refusals.seats import NothingTogether, OnlyWholeSofas
from reservations.seats.best_seats import OpenSeats, Wish, best_choices
from reservations.seats.fact_words import ARMREST_LIFTS, BESIDE_AISLE
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
    for choice in found:
        assert judge_choice(picture_of(seats, free=free), choice.seats, rule=ON) is None, (
            "it is what the rule lets through"
        )
    if together:
        legal = [choice for choice in together if not singles(choice)] or together
        plain = [choice for choice in legal if len({seat.category for seat in choice}) == 1] or legal
        assert found[0].is_together and distance(chosen) == min(map(distance, plain))
        assert len({label for choice in found for label in choice.labels}) == count * len(found)
        assert all(is_together(choice.seats) and len(choice.seats) == count for choice in found)
    else:
        fewest = min(map(parts_of, every))
        assert len(found[0].parts) == parts_of(chosen) == fewest


SOFA_ROWS = st.lists(st.sampled_from(["o", "o", "o", "p", ".", "ss", "ttt"]), min_size=2, max_size=5).map("".join)


@settings(max_examples=120, deadline=None, database=None)
@given(
    rows=st.lists(SOFA_ROWS.filter(lambda row: set(row) != {"."}), min_size=1, max_size=3),
    count=st.integers(1, 5),
    categories=st.sampled_from([None, frozenset({"STANDARD"}), frozenset({"STANDARD", "SOFA"})]),
    data=st.data(),
)
def test_beside_sofas_that_are_never_cut(rows, count, categories, data):
    """This includes a sofa that is too large between the seats of a party, and a category between its prices."""
    seats = seats_of("\n".join(f"{letter} {row}" for letter, row in zip("ABC", rows, strict=False)))
    units = {seat.unit or seat.label: data.draw(st.integers(0, 3)) for seat in seats}
    free = {seat.label for seat in seats if units[seat.unit or seat.label]}
    wanted = [seat for seat in seats if seat.label in free and (categories is None or seat.category in categories)]
    sizes = Counter(seat.unit for seat in seats)
    every = [choice for choice in combinations(wanted, count) if is_whole(choice, sizes)]
    try:
        found = best_choices(OpenSeats(seats, free, picture_of(seats, free=free)), Wish(count, categories=categories))
    except (NothingTogether, OnlyWholeSofas):
        found = []
    assert bool(found) == bool(every)
    if not every:
        return
    chosen = found[0].seats
    assert is_whole(chosen, sizes)
    assert (parts_of(chosen), people_alone(chosen)) == min((parts_of(one), people_alone(one)) for one in every) or (
        any(map(is_together, every)) and is_together(chosen)
    )
    assert judge_choice(picture_of(seats, free=free), chosen, rule=ON) is None, "it is what the rule lets through"


def is_whole(choice, sizes):
    return all(count == sizes[unit] for unit, count in Counter(seat.unit for seat in choice if seat.unit).items())


def people_alone(choice):
    spots = {(seat.y, seat.x) for seat in choice}
    return sum((y, x - 2) not in spots and (y, x + 2) not in spots for y, x in spots)


@pytest.mark.parametrize(
    ("plan", "wish", "expected"),
    [
        ("A otttoo", Wish(3, categories=frozenset({"STANDARD"})), "A1 A5 A6"),
        ("A o\nB o\nC ssoss", Wish(4), "C1 C2 C4 C5"),
        ("A o\nB opooo", Wish(4, categories=frozenset({"STANDARD"})), "A1 B3 B4 B5"),
    ],
)
def test_a_party_around_what_it_cannot_have(plan, wish, expected):
    """The party sits around a sofa that is too large, around nobody, and around a seat of another price that would be
    left over.
    """
    seats = seats_of(plan)
    free = {seat.label for seat in seats}
    assert sorted(best(seats, free, wish)[0].labels) == expected.split()


def test_the_party_of_an_aisle_is_split_as_seldom_as_can_be():
    """One person beside the aisle and three on a sofa, not two beside the aisle and the others in two rows."""
    seats = seats_of("A oo.oo\nB ttt\nC o\nD o")
    free = {seat.label for seat in seats} - {"A3", "A4"}
    [choice, *_] = best(seats, free, Wish(4, must=frozenset({BESIDE_AISLE})))
    assert sorted(choice.labels) == ["A2", "B1", "B2", "B3"]


def test_a_chair_beside_a_sofa_is_side_by_side_with_it_for_the_rule_too():
    """The best seats once offered it, and Continue refused it for a choice in two rows."""
    seats = seats_of("A ssopo\nB oww")
    free = {"A1", "A2", "A3", "A4", "B1"}
    [choice, *_] = best(seats, free, Wish(3))
    assert choice.labels == ["A1", "A2", "A3"]
    assert judge_choice(picture_of(seats, free=free), choice.seats, rule=ON) is None


def test_nobody_is_given_what_is_not_offered_for_the_single_seat_that_they_leave():
    """B3 and row C have steps, and the party asked for seats without: so B3 is left over between its parts."""
    seats = seats_of("B ooooo\nC oooo")
    free = {seat.label for seat in seats}
    offered = OpenSeats(seats, free, picture_of(seats, free=free)).without({"B3", "C1", "C2", "C3", "C4"})
    assert sorted(best_choices(offered, Wish(4))[0].labels) == ["B1", "B2", "B4", "B5"]


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


FACT_LINES = st.sampled_from(
    [
        "steps 0", "steps 1", "steps 7", "steps unknown",
        "hearing loop yes", "hearing loop no", "hearing loop unknown",
        "armrest lifts yes", "armrest lifts no", "armrest lifts unknown",
    ]
)  # fmt: skip
TOLD_ROWS = st.lists(
    st.tuples(st.lists(FACT_LINES, max_size=2), ROWS.filter(lambda row: "oo" in row)), min_size=1, max_size=3
)


def steps_of(choice):
    """The largest number of steps; unknown counts as more than any number."""
    return max(100 if seat.facts.steps is None else seat.facts.steps for seat in choice)


def loop_of(choice):
    said = [seat.facts.hearing_loop for seat in choice]
    return 2 if False in said else 1 if None in said else 0


def armrest_of(choice):
    """Whether one of the seats has a suitable armrest, which is enough for the party."""
    said = [seat.facts.armrest_lifts for seat in choice]
    return 0 if True in said else 1 if None in said else 2


def is_at_gap(seats, choice):
    """Computed by hand: whether a side of the seat has a gap, with the row continuing behind it; the ends of rows count
    if no row has such a gap.
    """
    rows = {}
    for seat in seats:
        rows.setdefault(seat.y, []).append(seat.x)
    gap = lambda seat: any(
        seat.x + side not in rows[seat.y] and any((x - seat.x) * side > 0 for x in rows[seat.y]) for side in (-2, 2)
    )
    end = lambda seat: seat.x in (min(rows[seat.y]), max(rows[seat.y]))
    return any(map(gap if any(map(gap, seats)) else end, choice))


@settings(max_examples=120, deadline=None, database=None)
@given(rows=TOLD_ROWS, count=st.integers(1, 3), wish=st.tuples(*[st.booleans()] * 4), data=st.data())
def test_facts_and_aisles_that_are_asked_for_come_before_the_distance(rows, count, wish, data):
    lines = [line for (facts, row), letter in zip(rows, "ABC", strict=False) for line in (*facts, f"{letter} {row}")]
    seats = seats_of("\n".join(lines))
    free = {seat.label for seat in seats if data.draw(st.integers(0, 3))}
    step_free, hearing_loop, armrest, aisle = wish
    ordinary = [seat for seat in seats if seat.label in free and not is_for_some(seat.category)]
    together = [choice for choice in combinations(ordinary, count) if is_together(choice)]
    asked = Wish(count, on_aisle=aisle, step_free=step_free, hearing_loop=hearing_loop, armrest_lifts=armrest)
    found = best(seats, free, asked)
    if not together:
        return
    legal = [choice for choice in together if not left_over(seats, free, {seat.label for seat in choice})] or together
    distance = distance_from_best_place(seats)

    def ranks(choice):
        """How far it is from each that was asked for. Aisle and armrest have to be at one seat."""
        at_aisle = [seat for seat in choice if is_at_gap(seats, [seat])]
        both = armrest and armrest_of(choice) == 0 and not any(seat.facts.armrest_lifts for seat in at_aisle)
        return [
            steps_of(choice) if step_free else 0,
            loop_of(choice) if hearing_loop else 0,
            armrest_of(choice) if armrest else 0,
            (1 if at_aisle and both else 0 if at_aisle else 2) if aisle else 0,
        ]

    missing = lambda choice: sum(rank != 0 for rank in ranks(choice))
    leaves = lambda choice: bool(left_over(seats, free, {seat.label for seat in choice}))
    is_let = count == 1 and any(wish)  # one person may leave a single seat over, for what they need
    rank = lambda choice: (
        missing(choice),
        is_let and leaves(choice),
        is_mixed(choice),
        *ranks(choice),
        distance(choice),
    )
    assert rank(found[0].seats) == min(map(rank, together if is_let else legal))
    lacks = [missing(choice.seats) for choice in found]
    assert lacks == sorted(lacks), "what meets more comes before what lies in another row"


def is_mixed(choice):
    return len({seat.category for seat in choice}) > 1


@settings(max_examples=120, deadline=None, database=None)
@given(rows=TOLD_ROWS, count=st.integers(1, 4), must=st.sampled_from(["aisle", "armrest", "both"]), data=st.data())
def test_what_a_party_must_have_it_has_together_or_apart(rows, count, must, data):
    lines = [line for (facts, row), letter in zip(rows, "ABC", strict=False) for line in (*facts, f"{letter} {row}")]
    seats = seats_of("\n".join(lines))
    free = {seat.label for seat in seats if data.draw(st.integers(0, 3))}
    ordinary = [seat for seat in seats if seat.label in free and not is_for_some(seat.category)]
    names = {"aisle": {BESIDE_AISLE}, "armrest": {ARMREST_LIFTS}, "both": {BESIDE_AISLE, ARMREST_LIFTS}}[must]
    has = lambda seat: (
        (must == "armrest" or is_at_gap(seats, [seat])) and (must == "aisle" or seat.facts.armrest_lifts is True)
    )
    every = [choice for choice in combinations(ordinary, count) if any(map(has, choice))]
    found = best(seats, free, Wish(count, must=frozenset(names)))
    assert bool(found) == bool(every)
    assert all(any(map(has, choice.seats)) and len(set(choice.labels)) == count for choice in found)
    if every:
        assert found[0].is_together == any(map(is_together, every))
        assert parts_of(found[0].seats) == min(map(parts_of, every))
