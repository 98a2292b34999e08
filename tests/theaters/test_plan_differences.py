"""The differences between two plans, in the words of every page that shows them."""

from hypothesis import given

from tests.theaters.plans import plans
from theaters.plans.plan_differences import SeatDifference, same_seats, seat_difference
from theaters.plans.plan_text import parse_plan

BEFORE = "A oo.ss\nB pppp\n"


def otherwise(after: str) -> SeatDifference:
    return seat_difference(parse_plan(BEFORE).seats, parse_plan(after).seats)


def test_new_gone_and_another_kind():
    assert otherwise("A oo.oo\nB ppp\nC oo\n") == SeatDifference(
        new=("C1", "C2"), gone=("B4",), changed=("A3", "A4"), moved=()
    )


def test_a_sofa_with_other_seats_on_it_is_another_sofa():
    assert otherwise("A oo.ttt\nB pppp\n") == SeatDifference(new=("A5",), gone=(), changed=("A3", "A4"), moved=())


def test_what_stands_elsewhere_is_told_but_not_a_plan_that_moved_as_a_whole():
    assert otherwise("A oo...ss\nB pppp\n").moved == ("A3", "A4")
    assert otherwise("Z oo\nA oo.ss\nB pppp\n") == SeatDifference(new=("Z1", "Z2"), gone=(), changed=(), moved=())
    assert otherwise("[Stalls]\nA oo.ss\n[Back]\nB pppp\n").moved == ("A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4")


TWO_ROWS_A = "[Stalls]\nA oo\n[Balcony]\nA oo\n"


def test_a_second_row_of_that_name_makes_no_other_seats_of_the_first():
    """Its labels change from then on, but its seats are the same, also if its section had no name before."""
    after = parse_plan(TWO_ROWS_A).seats
    assert same_seats(parse_plan("[Stalls]\nA oo\n").seats, after) == {"A1": "Stalls A1", "A2": "Stalls A2"}
    assert same_seats(parse_plan("A oo\n").seats, after) == {"A1": "Stalls A1", "A2": "Stalls A2"}
    assert same_seats(parse_plan("[Balcony]\nA oo\n").seats, after) == {"A1": "Balcony A1", "A2": "Balcony A2"}
    difference = seat_difference(parse_plan("[Stalls]\nA ooo\n").seats, after)
    assert (difference.new, difference.gone) == (("Balcony A1", "Balcony A2"), ("A3",))


def test_the_same_the_other_way():
    after = parse_plan("[Balcony]\nA oo\n").seats
    assert same_seats(parse_plan(TWO_ROWS_A).seats, after) == {"Balcony A1": "A1", "Balcony A2": "A2"}


@given(plans(), plans())
def test_every_seat_is_told_once(one, other):
    difference, same = seat_difference(one.seats, other.seats), same_seats(one.seats, other.seats)
    before, after = [seat.label for seat in one.seats], [seat.label for seat in other.seats]
    assert sorted([*difference.new, *same.values()]) == sorted(after)
    assert sorted([*difference.gone, *same]) == sorted(before)
    assert {*difference.changed, *difference.moved} <= same.keys()
    assert not seat_difference(one.seats, one.seats)


def test_other_facts_of_a_seat_are_told_apart_from_another_kind():
    """Nobody loses what they bought by a change of facts, so a showtime may move to the plan."""
    before, after = "steps 0\nA oo\nB oo\n", "steps 0\nA oo\nsteps 1\nB oo\n"
    difference = seat_difference(parse_plan(before).seats, parse_plan(after).seats)
    assert difference == SeatDifference(new=(), gone=(), changed=(), moved=(), told_anew=("B1", "B2"))
    assert not difference.is_nothing
