"""Who sits where after a showtime moves to another auditorium: what always holds, and what people would expect."""

from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reservations.seats.geometry import beside_aisle
from reservations.seats.groups import Group, Sitter, are_together, level_of
from reservations.seats.new_seats import TooFewSeats, new_seats
from reservations.seats.units import cut_units, mates_of
from tests.theaters.plans import plans
from theaters.plans.plan_areas import places_of
from theaters.plans.plan_drawing import AreaDrawing
from theaters.plans.plan_files import read_plan, with_places


def seats_of(text):
    return with_places(read_plan(text))


def groups_of(seats, *parties):
    """One booking for each text like "A1 A2"."""
    by_label = {seat.label: seat for seat in seats}
    tickets = iter(range(1, 1000))
    return [
        Group(number, tuple(Sitter(next(tickets), by_label[label]) for label in party.split()))
        for number, party in enumerate(parties, 1)
    ]


def moved(old, new, *parties, closed=()):
    """The new labels of each party, in the order of the parties."""
    before, after = seats_of(old), seats_of(new)
    groups = groups_of(before, *parties)
    found = new_seats(groups, old=before, new=after, closed=closed)
    return [" ".join(found[one.ticket] for one in group.people) for group in groups]


@st.composite
def rooms(draw):
    """Random plans, some of them with an area."""
    seats = [*draw(plans()).seats]
    if draw(st.booleans()):
        capacity, category = draw(st.integers(1, 20)), draw(st.sampled_from(["STANDARD", "PREMIUM"]))
        seats += places_of([AreaDrawing("Floor of the area", capacity, category)])
    return seats


@st.composite
def sold_rooms(draw):
    """An auditorium and its bookings: whole sofas, and parties of up to six in the plan's order or in any order."""
    seats = draw(rooms())
    pieces = [list(piece) for _, piece in groupby(seats, key=lambda seat: seat.unit or seat.label)]
    if draw(st.booleans()):
        pieces = draw(st.permutations(pieces))
    parties, people = [], []
    for piece in pieces:
        if draw(st.integers(0, 3)):
            people += piece
        if people and draw(st.booleans()):
            parties.append(people)
            people = []
    numbers = iter(range(1, 10_000))
    groups = [Group(at, tuple(Sitter(next(numbers), seat) for seat in party)) for at, party in enumerate(parties, 1)]
    return seats, groups


def is_user(seat):
    return seat.category == "WHEELCHAIR"


def most_with_their_category(people, seats):
    """The largest number of people who can keep their category, computed slowly by a matching of people and seats."""
    mine = {}

    def found(one, seen):
        for seat in seats:
            if seat.label not in seen and level_of(seat) >= level_of(one.seat):
                seen.add(seat.label)
                if seat.label not in mine or found(mine[seat.label], seen):
                    mine[seat.label] = one
                    return True
        return False

    return sum(found(one, set()) for one in people)


@settings(max_examples=settings.default.max_examples // 3)
@given(sold_rooms(), rooms())
def test_whatever_is_given_is_a_seat_for_one_person_that_they_can_use(before, after):
    old, groups = before
    by_label = {seat.label: seat for seat in after}
    try:
        found = new_seats(groups, old=old, new=after)
    except TooFewSeats:
        return
    people = [one for group in groups for one in group.people]
    assert sorted(found) == sorted(one.ticket for one in people)
    assert len(set(found.values())) == len(people)
    for one in people:
        assert is_user(one.seat) == is_user(by_label[found[one.ticket]])
    mates = mates_of(after)
    for group in groups:
        assert list(cut_units(mates, [found[one.ticket] for one in group.people])) == []


@settings(max_examples=settings.default.max_examples // 3)
@given(sold_rooms(), rooms())
def test_nobody_is_left_without_a_seat_while_the_seats_suffice(before, after):
    """Plans with sofas are left out, because not every party fills a sofa."""
    old, groups = before
    after = [seat for seat in after if not seat.unit]
    people = [one for group in groups for one in group.people]
    users, spaces = sum(is_user(one.seat) for one in people), sum(map(is_user, after))
    suffices = users <= spaces and len(people) - users <= len(after) - spaces
    try:
        found = new_seats(groups, old=old, new=after)
    except TooFewSeats:
        assert not suffices
    else:
        assert suffices and len(found) == len(people)


@settings(max_examples=settings.default.max_examples // 3)
@given(sold_rooms(), rooms())
def test_as_few_people_as_possible_are_in_a_lower_category(before, after):
    old, groups = before
    after = [seat for seat in after if not seat.unit]
    by_label = {seat.label: seat for seat in after}
    try:
        found = new_seats(groups, old=old, new=after)
    except TooFewSeats:
        return
    people = [one for group in groups for one in group.people if not is_user(one.seat)]
    kept = sum(level_of(by_label[found[one.ticket]]) >= level_of(one.seat) for one in people)
    assert kept == most_with_their_category(people, [seat for seat in after if not is_user(seat)])


@settings(max_examples=settings.default.max_examples // 3)
@given(sold_rooms(), rooms())
def test_a_party_apart_has_no_free_seats_side_by_side_that_are_as_good(before, after):
    old, groups = before
    after = [seat for seat in after if not seat.unit]
    by_label = {seat.label: seat for seat in after}
    try:
        found = new_seats(groups, old=old, new=after)
    except TooFewSeats:
        return
    for group in groups:
        people = [one for one in group.people if not is_user(one.seat)]
        seats = [by_label[found[one.ticket]] for one in people]
        others = set(found.values()) - {seat.label for seat in seats}
        if len(people) < 2 or len(people) < len(group.people) or are_together(seats):
            continue
        free = [seat for seat in after if seat.label not in others and not is_user(seat)]
        lowest, highest = min(map(level_of, seats)), max(level_of(one.seat) for one in people)
        for window in windows_of(free, len(people)):
            # Seats that would be good enough for each of them, without making anybody worse off.
            assert min(map(level_of, window)) < max(highest, lowest), (people, seats, window)


def windows_of(seats, size):
    ordered = sorted(seats, key=lambda seat: (not seat.row, seat.section if not seat.row else "", seat.y, seat.x))
    for at in range(len(ordered) - size + 1):
        window = ordered[at : at + size]
        if are_together(window):
            yield window


class TestAsAPersonExpects:
    def test_the_same_room_gives_the_same_seats(self):
        plan = "A oooo.oooo\nB pppp.pppp\nC oooooooo"
        assert moved(plan, plan, "A1 A2", "B3 B4", "C8") == ["A1 A2", "B3 B4", "C8"]

    def test_parties_stay_together_and_the_largest_chooses_first(self):
        assert moved("A oooo\nB oooo", "A oo.ooo.oo\nB oo", "A1 A2 A3", "B1 B2", "A4") == ["A3 A4 A5", "A2 A1", "A6"]

    def test_a_party_that_fits_nowhere_sits_in_two_large_parts(self):
        (seats,) = moved("A oooooo", "A oooo\nB oooo", "A1 A2 A3 A4 A5 A6")
        assert [len([seat for seat in seats.split() if seat[0] == row]) for row in "AB"] in ([4, 2], [2, 4])

    def test_premium_stays_premium_though_standard_is_nearer(self):
        assert moved("A pp\nB oo", "A oo\nB oo\nC pp", "A1 A2") == ["C1 C2"]

    def test_a_better_category_is_given_where_the_own_is_full(self):
        assert moved("A oooo", "A oo\nB pp", "A1 A2", "A3 A4") == ["A1 A2", "B1 B2"]

    def test_premium_seats_are_kept_for_those_who_paid_for_them(self):
        """They are kept even if a party in standard seats that chooses first could only sit side by side in them."""
        assert moved("A ooo\nB ppp", "A o.o.o\nB ppp", "A1 A2 A3", "B1 B2 B3")[1] == "B1 B2 B3"

    def test_an_aisle_stays_an_aisle(self):
        (seat,) = moved("A ooo.ooo", "A ooooo.ooooo", "A4")
        assert seat in beside_aisle(seats_of("A ooooo.ooooo"))

    def test_wheelchair_users_have_spaces_and_their_companions_beside_them(self):
        old, new = "A wcoo\nB oooo", "A oooooo\nB oooowc\nC cwoooo"
        assert moved(old, new, "A1 A2") in (["B5 B6"], ["C2 C1"])

    def test_a_companion_space_is_chosen_over_a_nearer_space_without_one(self):
        assert moved("A wcoo", "A woooo\nB oooooo\nC wcoooo", "A1 A2") == ["C1 C2"]

    def test_nobody_else_is_put_into_a_wheelchair_space(self):
        with pytest.raises(TooFewSeats, match="3 are sold or kept for groups, and the other auditorium has 2"):
            moved("A ooo", "A oow", "A1 A2 A3")

    def test_too_few_spaces_are_named(self):
        with pytest.raises(
            TooFewSeats,
            match="Too few wheelchair spaces: 2 are sold or kept for groups, and the other auditorium has 1",
        ):
            moved("A wwoo", "A woooooo", "A1", "A2")

    def test_a_sofa_goes_to_one_party_as_a_whole(self):
        assert moved("A ssss", "A oooo\nB ssss", "A1 A2", "A3 A4") == ["B1 B2", "B3 B4"]

    def test_spare_sofas_seat_those_who_have_no_seat(self):
        assert moved("A oooo", "A oo\nB ss", "A1 A2", "A3 A4") in (["A1 A2", "B1 B2"], ["B1 B2", "A1 A2"])

    def test_a_sofa_that_nobody_fills_is_said(self):
        with pytest.raises(TooFewSeats, match="A sofa goes to one booking"):
            moved("A oooo", "A oo\nB ss", "A1", "A2", "A3", "A4")

    def test_a_closed_seat_is_given_to_nobody(self):
        assert moved("A oo", "A oo\nB oo", "A1 A2", closed={"A2"}) == ["B1 B2"]


def test_places_of_areas_are_counted():
    old = [*places_of([AreaDrawing("Stalls", 30, "STANDARD")])]
    new = [*places_of([AreaDrawing("Balcony", 20, "STANDARD")])]
    groups = [Group(1, tuple(Sitter(at, seat) for at, seat in enumerate(old[:12])))]
    assert sorted(new_seats(groups, old=old, new=new).values()) == [seat.label for seat in new[:12]]
    groups = [Group(1, tuple(Sitter(at, seat) for at, seat in enumerate(old)))]
    with pytest.raises(TooFewSeats, match="30 are sold or kept for groups, and the other auditorium has 20"):
        new_seats(groups, old=old, new=new)


def test_a_numbered_seat_stays_numbered_where_there_are_enough():
    old = seats_of("A oo")
    new = [*seats_of("A oo"), *places_of([AreaDrawing("Floor", 20, "STANDARD")])]
    groups = groups_of(old, "A1 A2")
    assert sorted(new_seats(groups, old=old, new=new).values()) == ["A1", "A2"]


def test_a_full_room_sits_as_it_sat():
    plan = "\n".join(f"{row} {'o' * 10}.{'o' * 10}" for row in "ABCDEFGHJKLMNPQ")
    seats = seats_of(plan)
    groups = [Group(at, tuple(Sitter(at + n, seats[at + n]) for n in range(2))) for at in range(0, 300, 2)]
    found = new_seats(groups, old=seats, new=seats_of(plan.replace(".", "..")))
    assert found == {at: seat.label for at, seat in enumerate(seats)}
