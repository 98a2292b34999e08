import re

import pytest

from reservations.counter.taking_best import take_best
from reservations.models import ShowtimeSeat
from reservations.refusals.seats import NothingTogether, WouldGiveBack
from reservations.seats.best_seats import OpenSeats, Wish, best_choices
from reservations.seats.single_seats import picture_of
from reservations.seats.taking import Browser, take_seats
from tests.factories import make_auditorium, make_showtime, make_theater
from theaters.plans.plan_text import parse_plan
from theaters.plans.plans import as_seats

pytestmark = pytest.mark.django_db
ADA = Browser(holder="a" * 64, address="192.0.2.1")
BOB = Browser(holder="b" * 64, address="192.0.2.2")


def held_by(browser):
    return list(ShowtimeSeat.objects.filter(hold__holder=browser.holder).order_by("pk").values_list("label", flat=True))


@pytest.fixture
def showtime():
    plan = "\n".join(f"{letter} oooooo" for letter in "ABCDEF")
    return make_showtime(auditorium=make_auditorium(make_theater(), plan))


def best(showtime, count, browser=ADA, **choice):
    return take_best(showtime_id=showtime.pk, browser=browser, wish=Wish(count), **choice)


def test_two_thirds_back_in_the_middle(showtime):
    best(showtime, 2)
    assert held_by(ADA) == ["D3", "D4"]


def test_what_others_hold_is_left_out(showtime):
    take_seats(showtime_id=showtime.pk, browser=BOB, labels=["D3"])
    best(showtime, 3)
    assert held_by(ADA) == ["D4", "D5", "D6"]
    assert held_by(BOB) == ["D3"]


def test_seats_held_before_are_replaced_only_when_the_person_agreed(showtime):
    take_seats(showtime_id=showtime.pk, browser=ADA, labels=["A1", "A6"])
    for agreed in ([], ["A1"]):
        with pytest.raises(WouldGiveBack) as refusal:
            best(showtime, 4, replaces=agreed)
        assert (refusal.value.held, held_by(ADA)) == (["A1", "A6"], ["A1", "A6"])
    best(showtime, 4, replaces=["A1", "A6"])
    assert held_by(ADA) == ["D1", "D2", "D3", "D4"]


def test_nobody_is_asked_when_nothing_is_given_back(showtime):
    best(showtime, 2)
    best(showtime, 4)
    assert held_by(ADA) == ["D1", "D2", "D3", "D4"]


def seats_of(plan_text):
    return as_seats(parse_plan(plan_text).seats)


def best_of(seats, states, wish):
    free = {seat.label for seat, state in zip(seats, states, strict=True) if state == "f"}
    return best_choices(OpenSeats(seats, free, picture_of(seats, free=free)), wish)


STALLS = "".join(f"{letter} oooooooooo\n" for letter in "ABCDEFGHIJKLMNOPQRST")
BALCONY = "".join(f"B{letter} oooooooooo\n" for letter in "ABCDEF")
TWO_SECTIONS = f"[Stalls]\n{STALLS}\n[Balcony]\n{BALCONY}"


@pytest.mark.parametrize("count", range(1, 10))
def test_two_thirds_back_in_the_stalls_of_a_room_with_a_balcony(count):
    seats = seats_of(TWO_SECTIONS)
    run = best_of(seats, "f" * len(seats), Wish(count))[0].seats
    assert {(seat.section, seat.row) for seat in run} == {("Stalls", "N")}
    # Nobody sits beside a single seat, so seven or eight of ten sit at one end of the row.
    assert abs(sum(seat.number for seat in run) / count - 5.5) <= (1.5 if count in (7, 8) else 0.5)


def test_the_middle_of_the_balcony_comes_before_the_first_rows():
    """Rows M to T are sold: the best free seats of the balcony are better than rows more than four away from the best of
    the stalls.
    """
    seats = seats_of(TWO_SECTIONS)
    for sold, best_row in [("MNO", "L"), ("HIJKLMNOPQRST", "BD")]:
        states = "".join("s" if seat.row in sold else "f" for seat in seats)
        assert {seat.row for seat in best_of(seats, states, Wish(2))[0].seats} == {best_row}


@pytest.mark.parametrize(
    ("count", "words"), [(1, "row D, seat 3"), (2, "row D, seats 3 and 4"), (3, "row D, seats 1 to 3")]
)
def test_what_was_chosen_is_named(showtime, client, count, words):
    answer = client.post(f"/showtimes/{showtime.pk}/best/", {"count": count}, headers={"HX-Request": "true"})
    assert f"Held for you: {words}." in answer.content.decode()


@pytest.mark.parametrize(
    ("count", "words"), [(1, "Reihe D, Platz 3"), (2, "Reihe D, Plätze 3 und 4"), (3, "Reihe D, Plätze 1 bis 3")]
)
def test_what_was_chosen_is_named_in_the_language_of_the_visitor(showtime, client, count, words):
    german = {"HX-Request": "true", "Accept-Language": "de"}
    answer = client.post(f"/showtimes/{showtime.pk}/best/", {"count": count}, headers=german)
    assert f"Für Sie freigehalten: {words}." in answer.content.decode()


def test_the_question_over_http_and_both_answers(showtime, client):
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A1", "A6"]})
    for headers in ({}, {"HX-Request": "true"}):
        asked = client.post(f"/showtimes/{showtime.pk}/best/", {"count": "2"}, headers=headers)
        assert asked.status_code == 409
        page = asked.content.decode()
        assert 'name="replaces" value="A1"' in page and f'href="/showtimes/{showtime.pk}/">Keep my seats' in page
        assert ShowtimeSeat.objects.exclude(hold=None).count() == 2
    yes = client.post(f"/showtimes/{showtime.pk}/best/", {"count": "2", "replaces": ["A1", "A6"]}, follow=True)
    assert "Held for you: row D, seats 3 and 4." in yes.content.decode()


def test_a_party_that_finds_no_row_is_split_and_told(client):
    showtime = make_showtime()  # two rows: three seats, an aisle, three seats
    page = client.post(f"/showtimes/{showtime.pk}/best/", {"count": "4"}, follow=True).content.decode()
    assert "Held for you: row A, seats 2 and 3; row B, seats 2 and 3." in page
    assert "There is no longer a row with 4 free seats side by side, so we have split your party." in page


def test_a_split_party_has_three_other_ways_one_press_away(client):
    """In four rows of two times three there are no four seats side by side. The press takes what the button says."""
    plan = "\n".join(f"{letter} ooo.ooo" for letter in "ABCDEF")
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), plan))
    page = client.post(f"/showtimes/{showtime.pk}/best/", {"count": "4"}, follow=True).content.decode()
    offered = [value.split("\t") for value in re.findall(r'name="choices" value="([^"]*)"', page)]
    held = set(ShowtimeSeat.objects.exclude(hold=None).values_list("label", flat=True))
    assert [len(labels) for labels in offered] == [4, 4, 4] and len(held) == 4
    assert not held & set(offered[0]), "another place in the auditorium comes first"
    name = ", ".join(f"{first} and {last}" for first, last in (offered[0][:2], offered[0][2:]))
    assert f">{name}\n" in page, "short enough for a button on a phone"
    pressed = {"count": "4", "replaces": sorted(held), "choices": "\t".join(offered[0])}
    page = client.post(f"/showtimes/{showtime.pk}/best/", pressed, headers={"HX-Request": "true"}).content.decode()
    assert set(ShowtimeSeat.objects.exclude(hold=None).values_list("label", flat=True)) == set(offered[0])
    assert "so we have split your party" in page and "\t".join(sorted(held)) in page, "the first way is still offered"


@pytest.mark.parametrize(
    ("plan", "count", "ways"),
    [
        # One seat is left over, so each other choice changes one part.
        ("A ooo\nB ooo\nC ooo", 6, [["A1", "A2", "A3", "C1", "C2", "C3"]]),
        # No other choice has room for all without making somebody sit alone.
        ("A oo\nB oo", 4, []),
        ("A oo.o.o\nB oo", 4, []),
        # A choice with one more part is offered too.
        ("A ooo.ooo\nB oo\nC oo\nD oo", 6, [["B1", "B2", "C1", "C2", "D1", "D2"]]),
    ],
)
def test_the_other_ways_of_a_split_party_are_about_as_good(plan, count, ways):
    seats = seats_of(plan)
    best, *others = best_of(seats, "f" * len(seats), Wish(count))
    assert not best.is_together
    for way in ways:
        assert way in [sorted(other.labels) for other in others]
    assert len(others) >= len(ways) and (ways or not others)
    for other in others:
        assert set(other.labels) != set(best.labels) and len(other.labels) == count
        assert len(other.parts) <= len(best.parts) + 1 and other.alone <= best.alone


def test_too_few_free_seats(showtime):
    take_seats(showtime_id=showtime.pk, browser=BOB, labels=[f"{row}{n}" for row in "AB" for n in range(1, 6)])
    for row in "CDE":
        take_seats(
            showtime_id=showtime.pk,
            browser=Browser(holder=row.lower() * 64, address="192.0.2.3"),
            labels=[f"{row}{n}" for n in range(1, 7)],
        )
    best(showtime, 8)
    assert held_by(ADA) == ["A6", "B6", *(f"F{n}" for n in range(1, 7))]
    with pytest.raises(NothingTogether):
        best(showtime, 9, replaces=held_by(ADA))
    assert len(held_by(ADA)) == 8


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_where_only_wheelchair_spaces_are_free_the_notice_asks_how_many(client, headers):
    """No more than there are people or spaces. What was asked for besides is asked again."""
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), "[Hall]\nA wcw\nB wcc\n[Balcony]\nC oo"))
    url = f"/showtimes/{showtime.pk}/best/"
    for count, offered in [("2", ["1", "2"]), ("9", ["1", "2", "3"])]:
        answer = client.post(url, {"count": count, "section": "Hall", "aisle": "yes"}, headers=headers)
        form = re.search(r'<form class="actions"[^>]*best/.*?</form>', answer.text, re.DOTALL)[0]
        assert answer.status_code == 409 and "how many wheelchair spaces you need" in answer.text
        assert re.findall(r"<option>(\d)", form) == offered
        sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        assert sent["count"] == count and sent["section"] == "Hall" and sent["aisle"] == "yes"
    client.post(url, {"count": "2", "section": "Hall", "wheelchairs": "1"})
    assert set(ShowtimeSeat.objects.exclude(hold=None).values_list("label", flat=True)) == {"B1", "B2"}


@pytest.mark.parametrize("plan", ["A wcw\nB oo", "A cc"])
def test_who_finds_no_seats_is_not_asked_for_wheelchair_spaces_where_that_does_not_help(plan):
    seats = seats_of(plan)
    with pytest.raises(NothingTogether) as refusal:
        best_of(seats, "f" * len(seats), Wish(3))
    assert type(refusal.value) is NothingTogether


def test_three_others_are_one_press_away(showtime, client):
    page = client.post(f"/showtimes/{showtime.pk}/best/", {"count": "2"}, follow=True).content.decode()
    assert [name for name in ("Row E, middle", "Row C, middle", "Row F, middle") if name in page] == [
        "Row E, middle", "Row C, middle", "Row F, middle"
    ]  # fmt: skip
    pressed = {"count": "2", "replaces": ["D3", "D4"], "choices": "E3\tE4"}
    page = client.post(f"/showtimes/{showtime.pk}/best/", pressed, headers={"HX-Request": "true"}).content.decode()
    assert "Held for you: row E, seats 3 and 4." in page and "Row D, middle" in page
    assert set(ShowtimeSeat.objects.exclude(hold=None).values_list("label", flat=True)) == {"E3", "E4"}


SECTIONS = """[Stalls]
A wcooo.ooo
B ppppp.ppp
[Balcony]
C ooooo.ooo
"""


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"count": "2"}, ["B4", "B5"]),
        ({"count": "2", "section": "Balcony"}, ["C4", "C5"]),
        ({"count": "2", "category": "standard", "section": "Stalls"}, ["A4", "A5"]),
        ({"count": "2", "price": "14.50"}, ["C4", "C5"]),
        ({"count": "3", "wheelchairs": "1"}, ["A1", "A2", "A3"]),
        ({"count": "1", "wheelchairs": "1"}, ["A1"]),
        ({"count": "2", "section": "Balcony", "aisle": "yes"}, ["C4", "C5"]),
        ({"count": "2", "section": "Circle"}, None),
        ({"count": "2", "price": "1"}, None),
        ({"count": "2", "wheelchairs": "2"}, None),
    ],
)
def test_what_can_be_wished_for(client, asked, expected):
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), SECTIONS))
    answer = client.post(f"/showtimes/{showtime.pk}/best/", asked, headers={"HX-Request": "true"})
    held = list(ShowtimeSeat.objects.exclude(hold=None).order_by("pk").values_list("label", flat=True))
    assert held == (expected or []) and answer.status_code == (200 if expected else 409)


@pytest.mark.parametrize(
    ("free_rows", "near_exit", "best_row"),
    [("ABCDEF", True, "B"), ("ABCDEF", False, "D"), ("ACDEF", True, "D")],
)
def test_rows_near_an_exit_come_first_for_who_needs_one_and_are_no_condition(free_rows, near_exit, best_row):
    seats = seats_of("\n".join(f"{letter} oooooo" for letter in "ABCDEF"))
    free = {seat.label for seat in seats if seat.row in free_rows}
    choices = best_choices(OpenSeats(seats, free, None, exit_rows={"B", "Z"}), Wish(2, near_exit=near_exit))
    assert choices[0].seats[0].row == best_row


def test_a_large_group_sits_in_few_rows_and_nobody_alone():
    seats = seats_of("\n".join(f"{letter} oooooooooo" for letter in "ABCDEF"))
    for count, in_rows in [(10, 1), (11, 2), (15, 2), (30, 3), (60, 6)]:
        choice = best_of(seats, "f" * len(seats), Wish(count))[0]
        assert len(choice.parts) == in_rows and min(map(len, choice.parts)) > 1
        rows = sorted({part[0].row for part in choice.parts})
        assert "".join(rows) in "ABCDEF"
    with pytest.raises(NothingTogether):
        best_of(seats, "f" * len(seats), Wish(61))


def test_a_count_that_cannot_be_is_422_over_http(showtime, client):
    for count in ("0", "11", "x", "", "99999999999"):
        assert client.post(f"/showtimes/{showtime.pk}/best/", {"count": count}).status_code == 422
    assert client.get(f"/showtimes/{showtime.pk}/best/").status_code == 405
    assert client.post(f"/showtimes/{showtime.pk}/best/", {"count": "2"}).status_code == 302
    assert ShowtimeSeat.objects.exclude(hold=None).count() == 2
