"""What the list offers, compared with what Continue and the best seats say, in small random auditoriums."""

from collections import Counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reservations.refusals.seats import NothingTogether
from reservations.seats import list_groups
from reservations.seats.best_seats import OpenSeats, Wish, best_choices
from reservations.seats.geometry import stretches_of
from reservations.seats.list_groups import GroupRules
from reservations.seats.list_wish import ListWish
from reservations.seats.seat_list import HouseFacts, seat_list
from reservations.seats.single_seats import SingleSeatRule, judge_choice, picture_of
from tests.reservations.seats.test_geometry import seats_of
from theaters.seat_categories import Categories, is_companion, is_wheelchair

ROWS = st.lists(st.sampled_from(["o", "o", "o", "p", "p", ".", "wc", "cw", ":", "ss"]), min_size=2, max_size=6).map(
    "".join
)
PLANS = st.lists(ROWS.filter(lambda row: "o" in row), min_size=1, max_size=3)
SECTIONS = ("", "[Balcony]\n", "[Gallery]\n")
ON, OFF = SingleSeatRule(is_on=True, off_up_to=0), SingleSeatRule(is_on=False, off_up_to=0)


def companions_alone(seats):
    spaces, companions = (sum(is_a(seat.category) for seat in seats) for is_a in (is_wheelchair, is_companion))
    return max(companions - 3 * spaces, 0)


def listed(seats, free, wish, *, held=(), rule=ON, companions=companions_alone):
    """The list for a browser that holds some of the free seats."""
    mine = {seat.label for seat in held}
    states = "".join("m" if seat.label in mine else "f" if seat.label in free else "s" for seat in seats)
    rules = GroupRules(picture_of(seats, free=free), rule, companions, held)
    prices = dict.fromkeys({seat.category for seat in seats})
    house = HouseFacts(rules=rules)
    return seat_list(seats, states, wish, prices=prices, currency="GBP", categories=Categories(), house=house)


def offered(found):
    return [group.labels for section in found.sections for row in section.rows for group in row.groups]


def room_of(rows, data, *, has_sections=False):
    """The seats of a plan, and those of them that are free; a sofa is free or taken as a whole."""
    lines = [f"{letter} {row}\n" for letter, row in zip("ABC", rows, strict=False)]
    text = "[Stalls]\n" + "".join(map("".join, zip(SECTIONS, lines, strict=False))) if has_sections else "".join(lines)
    seats = seats_of(text)
    units = {seat.unit or seat.label: data.draw(st.integers(0, 3)) for seat in seats}
    return seats, {seat.label for seat in seats if units[seat.unit or seat.label]}


def side_by_side(seats, free, count):
    """Computed by hand: every group of this size that cuts no sofa."""
    sizes = Counter(seat.unit for seat in seats if seat.unit)
    for stretch in stretches_of([seat for seat in seats if seat.label in free]):
        for at in range(len(stretch) - count + 1):
            group = stretch[at : at + count]
            units = Counter(seat.unit for seat in group if seat.unit)
            if all(sizes[unit] == number for unit, number in units.items()):
                yield group


@settings(max_examples=60, deadline=None, database=None)
@given(
    rows=PLANS,
    count=st.integers(1, 4),
    category=st.sampled_from(["", "", "standard", "wheelchair", "companion"]),
    ticks=st.fixed_dictionaries({"aisle": st.booleans()}),
    holds=st.integers(0, 2),
    has_sections=st.booleans(),
    data=st.data(),
)
def test_continue_lets_through_what_the_list_offers(rows, count, category, ticks, holds, has_sections, data):
    seats, free = room_of(rows, data, has_sections=has_sections)
    loose = [seat for seat in seats if seat.label in free and not seat.unit]
    held = data.draw(st.permutations(loose))[:holds]
    picture, by_label = picture_of(seats, free=free), {seat.label: seat for seat in seats}
    assume(judge_choice(picture, held, rule=ON) is None and not companions_alone(held))
    for labels in offered(listed(seats, free, ListWish(count, category, **ticks), held=held)):
        chosen = [*held, *(by_label[label] for label in labels)]
        assert judge_choice(picture, chosen, rule=ON) is None
        assert not companions_alone(chosen)


@settings(max_examples=60, deadline=None, database=None)
@given(rows=PLANS, count=st.integers(1, 4), wheelchairs=st.integers(0, 1), data=st.data())
def test_where_the_best_seats_lie_side_by_side_the_list_has_some_of_the_size(rows, count, wheelchairs, data):
    seats, free = room_of(rows, data)
    picture = picture_of(seats, free=free)
    found = listed(seats, free, ListWish(count, "wheelchair" if wheelchairs else ""))
    try:
        best = best_choices(OpenSeats(seats, free, picture, sells_empty_places=True), Wish(count, wheelchairs))
    except NothingTogether:
        best = []
    sizes = {len(labels) for labels in offered(found)}
    assert count in sizes or not best or not best[0].is_together or len(best[0].labels) > count


@settings(max_examples=40, deadline=None, database=None)
@given(rows=PLANS, count=st.integers(1, 4), data=st.data())
def test_nothing_is_left_out_without_something_better(rows, count, data):
    """Within one category only what Continue refuses is left out; across categories, only if the section offers other
    groups of the size.
    """
    seats, free = room_of(rows, data)
    picture, found = picture_of(seats, free=free), offered(listed(seats, free, ListWish(count)))
    for group in side_by_side(seats, free, count):
        if tuple(seat.label for seat in group) in found or companions_alone(group):
            continue
        is_uniform = len({seat.category for seat in group}) == 1
        assert (
            judge_choice(picture, group, rule=ON) is not None
            if is_uniform
            else any(len(labels) == count for labels in found)
        )


@pytest.mark.parametrize("rule", [OFF, SingleSeatRule(is_on=True, off_up_to=3)])
def test_where_the_rule_is_off_nothing_is_left_out(rule):
    seats = seats_of("A ooo")
    free = {"A1", "A2", "A3"}
    assert offered(listed(seats, free, ListWish(2), rule=rule)) == [("A1", "A2"), ("A2", "A3")]


def test_a_pair_that_leaves_a_single_seat_is_listed_only_where_the_section_has_no_other():
    seats = seats_of("[Stalls]\nA ooo\nB oooo\n[Balcony]\nC ooo")
    free = {seat.label for seat in seats}
    pairs = [("B1", "B2"), ("B3", "B4"), ("C1", "C2"), ("C2", "C3")]
    assert offered(listed(seats, free, ListWish(2))) == pairs
    assert offered(listed(seats, free - {"B2", "B4"}, ListWish(2))) == [("A1", "A2"), ("A2", "A3"), *pairs[2:]]


def test_what_is_held_already_is_judged_with_it():
    """A1 is held. In the first auditorium every seat would leave another one over; in the second A3, B2 and B3 would."""
    seats = seats_of("A ooo.oo\nB oo")
    free, held = {seat.label for seat in seats}, [seats[0]]
    assert offered(listed(seats, free, ListWish(), held=held)) == []
    seats = seats_of("A oooo\nB oooo")
    free, held = {seat.label for seat in seats}, [seats[0]]
    assert offered(listed(seats, free, ListWish(), held=held)) == [("A2",), ("A4",), ("B1",), ("B4",)]


def test_better_choices_are_searched_for_once_for_each_kind_not_for_each_group(monkeypatch):
    """Each search walks the whole section. Twenty rows of alternating prices, and what is held leaves no group whole."""
    seats = seats_of("\n".join(f"{letter} opopop.popopo" for letter in "ABCDEFGHIJKLMNOPQRST"))
    searches = []
    counted = lambda picture, chosen, *, rule: searches.append(chosen) or judge_choice(picture, chosen, rule=rule)
    monkeypatch.setattr(list_groups, "judge_choice", counted)
    held = [seat for seat in seats if seat.label in ("A2", "C5")]
    listed(seats, {seat.label for seat in seats}, ListWish(2), held=held)
    assert len(searches) < 10


def test_a_companion_seat_alone_is_left_out_until_it_is_released():
    seats = seats_of("A wcoo")
    free = {"A1", "A2"}
    assert offered(listed(seats, free, ListWish())) == [("A1",)]
    nothing = listed(seats, {"A2"}, ListWish())
    assert (offered(nothing), nothing.refused) == ([], "companions")
    assert offered(listed(seats, {"A2"}, ListWish(), companions=lambda _seats: 0)) == [("A2",)]
    assert offered(listed(seats, free, ListWish(), held=[seats[0]])) == [("A2",)], "with the space of the same party"


@pytest.mark.parametrize(
    ("plan", "count", "groups"),
    [
        ("A opopop", 2, ["12", "34", "56"]),
        ("A ppoopp", 4, ["1234", "3456"]),
        ("A wcoo", 2, ["12", "34"]),
    ],
)
def test_a_group_has_several_categories_where_they_lie_side_by_side(plan, count, groups):
    seats = seats_of(plan)
    found = offered(listed(seats, {seat.label for seat in seats}, ListWish(count)))
    assert found == [tuple(f"A{number}" for number in group) for group in groups]


def test_with_the_wheelchair_filter_the_seats_beside_the_space_belong_to_the_group():
    seats = seats_of("A wcoo")
    free = {seat.label for seat in seats}
    for count in (1, 2, 3, 4):
        assert offered(listed(seats, free, ListWish(count, "wheelchair"))) == [
            tuple(f"A{n}" for n in range(1, count + 1))
        ]


def test_the_list_says_why_it_offers_nothing_though_seats_are_free():
    """At the aisle every pair would leave a single seat over. Row B has pairs that would not, but away from the aisle."""
    seats = seats_of("A o.ooo\nB oooo")
    free = {seat.label for seat in seats}
    found = listed(seats, free, ListWish(2, aisle=True))
    assert (offered(found), found.refused) == ([], "singles")
    assert listed(seats, free, ListWish(2)).refused == ""


def test_the_best_come_first_without_several_prices_and_wheelchair_spaces_nobody_asked_for():
    seats = seats_of("A oo\nB op\nC wo")
    free = {seat.label for seat in seats}
    first = lambda wish: offered(listed(seats, free, wish))[0]
    assert first(ListWish(2, sort="best")) == ("A1", "A2")
    assert first(ListWish(2, "wheelchair", sort="best")) == ("C1", "C2")
