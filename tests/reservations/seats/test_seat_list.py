"""The list beside the map: what a party of a given size can take side by side, among free seats only."""

from decimal import Decimal

from django.http import QueryDict

from reservations.seats.list_wish import ListWish, list_wish_of
from reservations.seats.screen_views import AuditoriumMeasures
from reservations.seats.seat_list import HouseFacts, seat_list
from theaters.plans.plan_text import parse_plan
from theaters.seat_categories import Categories
from theaters.seat_facts import KnownFacts
from theaters.seat_labels import seat_label
from theaters.states import UsualCategory

PRICES = dict.fromkeys(UsualCategory.values, Decimal("14.50")) | {"PREMIUM": Decimal("17.50")}


def listed(text, wish, taken=(), measures=None, exit_rows=()):
    seats = parse_plan(text).seats
    states = "".join("s" if seat.label in taken else "f" for seat in seats)
    house, known = HouseFacts(exit_rows=exit_rows), Categories()
    return seat_list(
        seats, states, wish, prices=PRICES, currency="GBP", categories=known, measures=measures, house=house
    )


def names(found):
    return [[[group.name for group in row.groups] for row in section.rows] for section in found.sections]


def test_each_free_seat_stands_in_its_row_and_section():
    found = listed("[Stalls]\nA oo.o\nB pp\n[Balcony]\nC oo\n", ListWish(), taken={"A2", "C1", "C2"})
    assert [section.name for section in found.sections] == ["Stalls"]
    assert names(found) == [[["Row A, seat 1", "Row A, seat 3"], ["Row B, seat 1", "Row B, seat 2"]]]
    rows = found.sections[0].rows
    assert [(row.free_in_words, row.least) for row in rows] == [
        ("2 free seats", Decimal("14.50")), ("2 free seats", Decimal("17.50")),
    ]  # fmt: skip


def test_groups_are_side_by_side_and_never_across_an_aisle_or_a_taken_seat():
    found = listed("A ooo.oo\nB oopp\n", ListWish(count=2), taken={"A2"})
    assert names(found) == [
        [["Row A, seats 4 and 5"], ["Row B, seats 1 and 2", "Row B, seats 2 and 3", "Row B, seats 3 and 4"]],
    ]
    assert names(listed("A oooo\n", ListWish(count=3))) == [[["Row A, seats 1 to 3", "Row A, seats 2 to 4"]]]
    assert names(listed("A oooo\n", ListWish(count=5))) == []


def test_a_group_says_its_category_price_and_facts():
    group = listed("A oo.oo\n", ListWish(count=2)).sections[0].rows[0].groups[0]
    assert group.labels == ("A1", "A2")
    assert group.spoken == "Row A, seats 1 and 2, Standard, £29.00, beside an aisle"


def test_a_group_of_several_categories_says_which_seat_is_which_with_its_price():
    group = listed("A oppp\n", ListWish(count=3)).sections[0].rows[0].groups[0]
    assert group.spoken == (
        "Row A, seats 1 to 3, seat 1: Standard £14.50, seats 2 and 3: Premium £17.50, £49.50, beside an aisle"
    )
    assert (group.category, group.fits_less) == ("", True)


def test_a_row_name_that_two_sections_have_says_its_section():
    found = listed("[Stalls]\nA oo\n[Balcony]\nA oo\n", ListWish(count=2))
    assert names(found) == [[["Stalls, row A, seats 1 and 2"]], [["Balcony, row A, seats 1 and 2"]]]


def test_it_is_narrowed_by_category_and_ordered_by_price_or_place():
    plan = "A pp\nB oo\nC oo\nD oo\n"
    rows = lambda wish: [row.name for row in listed(plan, wish).sections[0].rows]
    assert rows(ListWish()) == ["Row A", "Row B", "Row C", "Row D"]
    assert rows(ListWish(category="premium")) == ["Row A"]
    assert rows(ListWish(sort="price")) == ["Row B", "Row C", "Row D", "Row A"]
    assert rows(ListWish(sort="best"))[0] == "Row C"


def test_it_is_narrowed_to_aisles_and_ordered_by_how_large_the_screen_looks():
    plan = "A oooo.oo\nB oooo.oo\n"
    assert names(listed(plan, ListWish(aisle=True)))[0][0] == ["Row A, seat 4", "Row A, seat 5"]
    measures = AuditoriumMeasures(screen_width=10, screen_height=4, first_row=4, pitch=1, rise=0.2)
    first = listed(plan, ListWish(sort="screen"), measures=measures).sections[0].rows[0].groups[0]
    assert first.spoken == (
        "Row A, seat 4, Standard, £14.50, beside an aisle, 4 m from the screen, the screen 103° wide and up to 45° high"
    )


def row_names(found):
    return [row.name for section in found.sections for row in section.rows]


def test_it_is_ordered_by_the_way_to_the_nearest_exit_and_shows_the_rest_after():
    plan = "[Stalls]\nA oooo\nB oooo\nC oo.oo\nD oooo\n[Balcony]\nE oooo\nF oooo\n"
    found = listed(plan, ListWish(sort="exit"), exit_rows={"C", "F"})
    assert row_names(found) == ["Row C", "Row B", "Row D", "Row A", "Row F", "Row E"]
    assert names(found)[0][0] == ["Row C, seat 2", "Row C, seat 3", "Row C, seat 1", "Row C, seat 4"]
    of_balcony = listed(plan, ListWish(sort="exit"), exit_rows={"F"})
    assert row_names(of_balcony)[:2] == ["Row F", "Row E"]


def test_it_is_ordered_by_aisles_and_then_by_how_good_seats_are():
    found = listed("A oo.oo\nB oooo\nC oo.oo\nD oo.oo\n", ListWish(sort="aisle"))
    assert row_names(found) == ["Row C", "Row D", "Row A", "Row B"]
    assert names(found)[0][0][:2] == ["Row C, seat 2", "Row C, seat 3"]


def test_a_section_with_the_lower_price_comes_first():
    found = listed("[Stalls]\nA pp\n[Balcony]\nB oo\n", ListWish(sort="price"))
    assert row_names(found) == ["Row B", "Row A"]


def test_what_is_asked_is_read_or_as_if_not_asked():
    assert list_wish_of(QueryDict("")) is None
    assert list_wish_of(QueryDict("view=list")) == ListWish()
    odd = "view=list&count=x&category=%27&sort=drop"
    assert list_wish_of(QueryDict(odd)) == ListWish()
    wish = list_wish_of(QueryDict("view=list&count=3&category=PREMIUM&sort=price&aisle=yes"))
    assert wish == ListWish(3, "premium", "price", aisle=True)
    assert list_wish_of(QueryDict(wish.query)) == wish
    assert list_wish_of(QueryDict("view=list&count=0")).count == 1
    assert list_wish_of(QueryDict("view=list&count=99")).count == 20


def test_a_label_in_the_list_is_that_of_the_map():
    group = listed("A oo\n", ListWish()).sections[0].rows[0].groups[1]
    assert group.labels == (seat_label("A", 2),)


FACTS = """\
steps 2
hearing loop no
A oooo
steps 0
hearing loop yes
seats 1: armrest lifts yes
seats 3: armrest lifts no
seats 4: note Behind a pillar
B oooo
steps unknown
hearing loop unknown
C oooo
"""


def spoken(found):
    return [group.spoken for section in found.sections for row in section.rows for group in row.groups]


def labels_of(found):
    return [
        label for section in found.sections for row in section.rows for group in row.groups for label in group.labels
    ]


def test_the_spoken_sentence_says_facts_and_of_what_is_asked_for_that_nobody_knows():
    said = spoken(listed(FACTS, ListWish()))
    assert said[0] == "Row A, seat 1, Standard, £14.50, beside an aisle, 2 steps"
    assert said[4] == "Row B, seat 1, Standard, £14.50, beside an aisle, no steps, hearing loop, armrest lifts"
    assert said[7] == "Row B, seat 4, Standard, £14.50, beside an aisle, no steps, hearing loop, Behind a pillar"
    assert said[9] == "Row C, seat 2, Standard, £14.50"
    assert (
        spoken(listed(FACTS, ListWish(sort="steps")))[-2]
        == "Row C, seat 1, Standard, £14.50, beside an aisle, steps not known"
    )
    by_loop = spoken(listed(FACTS, ListWish(sort="loop")))
    assert "Row C, seat 2, Standard, £14.50, hearing loop not known" in by_loop
    assert by_loop[-1].endswith("2 steps, no hearing loop")


def test_of_several_seats_a_fact_is_said_where_it_is_true_of_all_or_with_its_seat():
    said = spoken(listed(FACTS, ListWish(count=2, sort="armrest")))
    assert "armrest of seat 1 lifts" in said[0] and said[0].startswith("Row B, seats 1 and 2")
    of_row_b = next(words for words in said if words.startswith("Row B, seats 3 and 4"))
    assert (
        "seat 4: Behind a pillar" in of_row_b
        and "armrest not known" in of_row_b
        and "no steps, hearing loop" in of_row_b
    )


def test_it_is_ordered_by_facts_with_what_nobody_knows_behind_what_is_known_to_be_so():
    assert row_names(listed(FACTS, ListWish(sort="steps"))) == ["Row B", "Row A", "Row C"]
    assert row_names(listed(FACTS, ListWish(sort="loop"))) == ["Row B", "Row C", "Row A"]
    assert row_names(listed(FACTS, ListWish(sort="armrest")))[0] == "Row B"


def test_it_is_narrowed_to_seats_of_which_a_fact_is_known():
    assert {label[0] for label in labels_of(listed(FACTS, ListWish(step_free=True)))} == {"B"}
    assert {label[0] for label in labels_of(listed(FACTS, ListWish(hearing_loop=True)))} == {"B"}
    assert labels_of(listed(FACTS, ListWish(armrest_lifts=True))) == ["B1"]
    assert labels_of(listed(FACTS, ListWish(count=2, armrest_lifts=True))) == ["B1", "B2"]


def test_its_ticks_are_in_its_address():
    wish = ListWish(sort="loop", step_free=True, hearing_loop=True, armrest_lifts=True)
    assert list_wish_of(QueryDict(wish.query)) == wish
    assert wish.as_known(KnownFacts(steps=True)) == ListWish(sort="loop", step_free=True)
    assert wish.is_narrowed and not ListWish(sort="loop").is_narrowed
