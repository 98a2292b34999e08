"""No single seat is left over: examples that explain the rule, and an oracle that tries every choice in small auditoriums."""

from dataclasses import replace
from itertools import combinations
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reservations.seats.single_seats import SingleSeatRule, judge_choice, picture_of
from reservations.seats.units import are_whole, sizes_of
from tests.reservations.seats.test_geometry import seats_of
from theaters.seat_categories import is_for_some

ON = SingleSeatRule(is_on=True, off_up_to=0)


def judge(plan, chosen, *, taken=(), later=(), rule=ON):
    seats = seats_of(plan)
    free = [seat.label for seat in seats if seat.label not in {*taken, *later}]
    picture = picture_of(seats, free=free, later=later)
    return judge_choice(picture, [seat for seat in seats if seat.label in chosen], rule=rule)


def singles(*args, **choice):
    left = judge(*args, **choice)
    return left and [seat.label for seat in left.singles]


@pytest.mark.parametrize(
    ("what", "plan", "chosen", "taken", "expected"),
    [
        ("at the end of a row", "A oooooo", "A2 A3", "", ["A1"]),
        ("in the middle of the party", "A oooooo", "A1 A3", "", ["A2"]),
        ("beside a held seat", "A oooooo", "A3 A4", "A6", ["A5"]),
        ("on both sides", "A oooo\nB oooo", "A2 A3", "", ["A1", "A4"]),
        ("an aisle ends a run", "A ooo.ooo\nB oo", "A1 A2", "", ["A3"]),
        ("a pillar ends a run", "A ooo.ooo\nB oo", "A1 A2", "", ["A3"]),
        ("a wheelchair space ends a run", "A woooo", "A3 A4", "", ["A2", "A5"]),
        ("a companion seat ends a run", "A wcoooo", "A4 A5", "", ["A3", "A6"]),
        ("another price does not end a run", "A oopp", "A1 A2", "", None),
        ("another price belongs to the run", "A oop\nB oo", "A1 A2", "", ["A3"]),
        ("two seats are a pair", "A oooooo", "A3 A4", "", None),
        ("it was alone before", "A oooooo", "A1 A2", "A4 A6", None),
        ("nothing better in this section", "A ooo\nB ooo", "A1 A2", "", None),
        ("nothing better side by side", "A ooo\nB oo", "B1 B2", "", None),
        ("better only with somebody alone", "A ooo\nB ooo", "A1 A2 B1 B2", "", None),
        ("something better in another section only", "[S]\nA ooo\n[T]\nB oooo", "A1 A2", "", None),
        ("something better at another price only", "A ooo\nB pppp", "A1 A2", "", None),
        ("a wheelchair space is chosen too", "A wcoooo\nB oooo", "A1 A2 A4", "", None),
        ("one person alone", "A oooooo", "A2", "", None),
        ("a sofa and a seat beside it are side by side", "A ssooo\nB ooss", "A1 A2 A3 A4", "", ["A5"]),
    ],
)
def test_what_leaves_a_single_seat_over(what, plan, chosen, taken, expected):
    assert singles(plan, chosen.split(), taken=taken.split()) == expected, what


def test_what_is_offered_instead_is_near_and_as_many():
    left = judge("A oooooo\nB oooooo", ["A2", "A3"])
    assert {seat.label for seat in left.instead} in ({"A1", "A2"}, {"A3", "A4"})
    left = judge("A oooooo\nB oooooo", ["A1", "A3", "B1"])
    assert len(left.instead) == 3 and {seat.label for seat in left.instead} <= {
        f"{row}{n}" for row in "AB" for n in range(1, 7)
    }


@pytest.mark.parametrize(
    ("rule", "refused"),
    [
        (SingleSeatRule(is_on=True, off_up_to=5), True),
        (SingleSeatRule(is_on=True, off_up_to=6), False),
        (SingleSeatRule(is_on=False, off_up_to=0), False),
    ],
)
def test_the_theater_switches_it_off_or_it_ends_when_few_are_left(rule, refused):
    assert bool(judge("A oooooo", ["A2", "A3"], rule=rule)) is refused


def test_who_came_later_answers_for_what_is_left_then():
    """I held A1 and A2 of six; somebody took A4 to A6 after that."""
    assert singles("A oooooo\nB oooo", ["A1", "A2"], later=["A4", "A5", "A6"]) is None
    assert singles("A oooooo\nB oooo", ["A1", "A2"], taken=["A4", "A5", "A6"]) == ["A3"]


ROWS = st.lists(st.sampled_from(["o", "o", "o", "o", "p", ".", ":", "w", "ss"]), min_size=3, max_size=8).map("".join)
PLANS = st.lists(ROWS, min_size=1, max_size=2).filter(lambda rows: all(set(row) & set("opws") for row in rows))


def left_over(seats, free, chosen):
    """The rule computed in another way: seat by seat by position, instead of by runs."""
    here = {(seat.y, seat.x): seat for seat in seats if not is_for_some(seat.category)}

    def beside(seat):
        near = (here.get((seat.y, seat.x + step)) for step in (-2, 2))
        return [other for other in near if other and other.unit == seat.unit]

    open_still = [
        seat for seat in seats if seat.label in free and seat.label not in chosen and (seat.y, seat.x) in here
    ]
    return {
        seat.label
        for seat in open_still
        if any(other.label in chosen for other in beside(seat))
        and not any(other in open_still for other in beside(seat))
    }


def parts(seats, chosen):
    spots = {(seat.y, seat.x) for seat in seats if seat.label in chosen}
    return sum((y, x - 2) not in spots for y, x in spots)


def alone(seats, chosen):
    spots = {(seat.y, seat.x) for seat in seats if seat.label in chosen}
    return sum((y, x - 2) not in spots and (y, x + 2) not in spots for y, x in spots)


def cost_of(seats, choice, chosen):
    """Its parts, people alone, and how far it is from the middle of the chosen seats."""
    x, y = fmean(seat.x for seat in chosen), fmean(seat.y for seat in chosen)
    labels = {seat.label for seat in choice}
    far = sum(abs(seat.x - x) + 3 * abs(seat.y - y) for seat in choice)
    return parts(seats, labels), alone(seats, labels), round(far, 6)


@settings(max_examples=150, deadline=None, database=None)
@given(rows=PLANS, data=st.data())
def test_refused_just_when_a_better_choice_exists(rows, data):
    seats = seats_of("\n".join(f"{letter} {row}" for letter, row in zip("AB", rows, strict=False)))
    open_units = {seat.unit or seat.label: data.draw(st.integers(0, 3)) for seat in seats}
    free = {seat.label for seat in seats if open_units[seat.unit or seat.label]}
    ordinary = [seat for seat in seats if seat.label in free and seat.category != "WHEELCHAIR"]
    if len(ordinary) < 2:
        return
    pressed = {
        seat.unit or seat.label for seat in data.draw(st.sets(st.sampled_from(ordinary), min_size=2, max_size=4))
    }
    chosen = [seat for seat in seats if (seat.unit or seat.label) in pressed]
    mine = {seat.label for seat in chosen}
    not_offered = frozenset(
        seat.label for seat in seats if seat.label in free - mine and not data.draw(st.integers(0, 4))
    )
    picture = replace(picture_of(seats, free=free), not_offered=not_offered)
    found = judge_choice(picture, chosen, rule=ON)
    bad = left_over(seats, free, mine)
    wanted = sorted(seat.category for seat in chosen)
    better = [
        choice
        for choice in combinations(ordinary, len(chosen))
        if not_offered.isdisjoint(seat.label for seat in choice)
        and are_whole(choice, sizes_of(seats))
        and sorted(seat.category for seat in choice) == wanted
        and parts(seats, {seat.label for seat in choice}) <= parts(seats, mine)
        and alone(seats, {seat.label for seat in choice}) <= alone(seats, mine)
        and not left_over(seats, free, {seat.label for seat in choice})
    ]
    if found:
        assert {seat.label for seat in found.singles} == bad
        assert any({seat.label for seat in choice} == {seat.label for seat in found.instead} for choice in better)
        cost = lambda choice: cost_of(seats, choice, chosen)
        assert cost(found.instead) == min(map(cost, better))
    else:
        assert not bad or not better


@settings(max_examples=60, deadline=None, database=None)
@given(row=st.lists(st.sampled_from(["o", "o", "o", "p", ".", "wc", "ss"]), min_size=2, max_size=8), data=st.data())
def test_neighbors_leave_over_what_stands_at_their_two_ends(row, data):
    seats = seats_of(f"A {''.join(row)}o")
    free = {seat.label for seat in seats if data.draw(st.integers(0, 3))}
    later = {seat.label for seat in seats if seat.label not in free and data.draw(st.booleans())}
    picture = picture_of(seats, free=free, later=later)
    labels = [[seat.label for seat in run] for run in picture.runs]
    parts = [run[begin:end] for run in labels for begin, end in combinations(range(len(run) + 1), 2)]
    for part in parts:
        if free.issuperset(part):
            ends = picture.singles_before(part[0]) + picture.singles_behind(part[-1])
            assert len(picture.left_over(part)) == ends
