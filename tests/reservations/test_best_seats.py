from dataclasses import asdict

import pytest

from reservations.models import ShowtimeSeat
from reservations.refusals import NothingTogether, WouldGiveBack
from reservations.seats.best_seats import best_together
from reservations.seats.taking import Browser, take_seats
from reservations.services.taking_best import take_best
from tests.factories import make_auditorium, make_showtime, make_theater
from theaters.models import Seat
from theaters.plan_text import parse_plan

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
    take_best(showtime_id=showtime.pk, browser=browser, count=count, **choice)


def test_two_thirds_back_in_the_middle(showtime):
    best(showtime, 2)
    assert held_by(ADA) == ["D3", "D4"]


def test_what_others_hold_is_left_out(showtime):
    take_seats(showtime_id=showtime.pk, browser=BOB, labels=["D3"])
    best(showtime, 3)
    assert held_by(ADA) == ["E2", "E3", "E4"]
    assert held_by(BOB) == ["D3"]


def test_seats_held_before_are_replaced_only_when_the_person_agreed(showtime):
    take_seats(showtime_id=showtime.pk, browser=ADA, labels=["A1", "A6"])
    for agreed in ([], ["A1"]):
        with pytest.raises(WouldGiveBack) as refusal:
            best(showtime, 4, replaces=agreed)
        assert (refusal.value.held, held_by(ADA)) == (["A1", "A6"], ["A1", "A6"])
    best(showtime, 4, replaces=["A1", "A6"])
    assert held_by(ADA) == ["D2", "D3", "D4", "D5"]


def test_nobody_is_asked_when_nothing_is_given_back(showtime):
    best(showtime, 2)
    best(showtime, 4)
    assert held_by(ADA) == ["D2", "D3", "D4", "D5"]


def seats_of(plan_text):
    return [Seat(**asdict(seat)) for seat in parse_plan(plan_text).seats]


STALLS = "".join(f"{letter} oooooooooo\n" for letter in "ABCDEFGHIJKLMNOPQRST")
BALCONY = "".join(f"B{letter} oooooooooo\n" for letter in "ABCDEF")
TWO_SECTIONS = f"[Stalls]\n{STALLS}\n[Balcony]\n{BALCONY}"


@pytest.mark.parametrize("count", range(1, 10))
def test_two_thirds_back_in_the_stalls_of_a_room_with_a_balcony(count):
    seats = seats_of(TWO_SECTIONS)
    run = best_together(seats, "f" * len(seats), count)
    assert {(seat.section, seat.row) for seat in run} == {("Stalls", "N")}
    assert abs(sum(seat.number for seat in run) / count - 5.5) <= 0.5


def test_the_middle_of_the_balcony_comes_before_the_first_rows():
    """Rows M to T are sold: more than four rows from the best of the stalls, the best of the balcony is better."""
    seats = seats_of(TWO_SECTIONS)
    for sold, best_row in [("MNO", "L"), ("HIJKLMNOPQRST", "BD")]:
        states = "".join("s" if seat.row in sold else "f" for seat in seats)
        assert {seat.row for seat in best_together(seats, states, 2)} == {best_row}


@pytest.mark.parametrize(
    ("count", "words"), [(1, "row D, seat 3"), (2, "row D, seats 3 and 4"), (3, "row D, seats 2 to 4")]
)
def test_what_was_chosen_is_named(showtime, client, count, words):
    answer = client.post(f"/showtimes/{showtime.pk}/best/", {"count": count}, headers={"HX-Request": "true"})
    assert f"Held for you: {words}." in answer.content.decode()


@pytest.mark.parametrize(
    ("count", "words"), [(1, "Reihe D, Platz 3"), (2, "Reihe D, Plätze 3 und 4"), (3, "Reihe D, Plätze 2 bis 4")]
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


def test_an_aisle_does_not_make_neighbors():
    showtime = make_showtime()  # two rows of three, an aisle, three
    with pytest.raises(NothingTogether):
        best(showtime, 4)
    assert held_by(ADA) == []


def test_over_http_with_a_count_that_is_none(showtime, client):
    for count in ("0", "11", "x", "", "99999999999"):
        assert client.post(f"/showtimes/{showtime.pk}/best/", {"count": count}).status_code == 422
    assert client.get(f"/showtimes/{showtime.pk}/best/").status_code == 405
    assert client.post(f"/showtimes/{showtime.pk}/best/", {"count": "2"}).status_code == 302
    assert ShowtimeSeat.objects.exclude(hold=None).count() == 2
