"""Where the rule about single seats is asked: in the panel, at the checkout, at Pay, and for seats taken later by others."""

from dataclasses import replace
from itertools import combinations

import pytest
from django.db import transaction

from houses.models import Theater
from reservations.models import Booking, ShowtimeSeat
from reservations.refusals.seats import LeavesSingleSeats
from reservations.seats.single_seat_check import judge_held
from reservations.seats.single_seats import SingleSeatRule, judge_choice, picture_of
from reservations.seats.taking import release_seats, take_seats
from reservations.selling.bookings import open_booking
from tests.factories import hold_seats, make_auditorium, make_browser, make_showtime, make_theater, pay_form
from theaters.models import Seat

pytestmark = pytest.mark.django_db
ADA, BOB = make_browser(1), make_browser(2)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def showtime():
    return make_showtime(auditorium=make_auditorium(make_theater(), "A oooooo\nB oooooo\nC oooooo"))


def pay(showtime, browser, *labels):
    with transaction.atomic():
        return open_booking(showtime_id=showtime.pk, browser=browser, form=pay_form(showtime, *labels))


def held(showtime):
    return list(ShowtimeSeat.objects.filter(showtime=showtime).exclude(hold=None).values_list("label", flat=True))


def test_the_panel_says_it_at_the_second_seat_and_one_press_takes_others(showtime, client):
    url = f"/showtimes/{showtime.pk}/seats/"
    panel = client.post(url, {"take": "A2"}, headers=HTMX).content.decode()
    assert "left over" not in panel and "Continue" in panel
    panel = client.post(url, {"take": "A3"}, headers=HTMX).content.decode()
    assert "Seat A1 would be left over alone" in panel and "Continue" not in panel
    assert "Take row A, seats 1 and 2 instead" in panel or "Take row A, seats 3 and 4 instead" in panel
    assert "would be left over" in client.get(f"/showtimes/{showtime.pk}/").content.decode()
    wanted = {"take": ["A4"], "release": ["A2"]} if 'value="A4"' in panel else {"take": ["A1"], "release": ["A3"]}
    panel = client.post(url, wanted, headers=HTMX).content.decode()
    assert "left over" not in panel and "Continue" in panel
    assert client.get(f"/checkout/{showtime.pk}/").status_code == 200


def test_the_checkout_leads_back_to_the_map(showtime, client):
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A2", "A3"]})
    for answer in (
        client.get(f"/checkout/{showtime.pk}/"),
        client.post(
            f"/checkout/{showtime.pk}/", {"action": "pay", "type-A2": "ADULT", "type-A3": "ADULT", "total": "29.00"}
        ),
    ):
        assert (answer.status_code, answer.url) == (302, f"/showtimes/{showtime.pk}/")
    assert "Seat A1 would be left over alone" in client.get(answer.url).content.decode()
    assert not Booking.objects.exists()


def test_pay_refuses_and_changes_nothing(showtime):
    hold_seats(showtime, ADA, "A2", "A3")
    with pytest.raises(LeavesSingleSeats) as refused:
        pay(showtime, ADA, "A2", "A3")
    assert len(refused.value.labels) == 2 and held(showtime) == ["A2", "A3"]
    take_seats(showtime_id=showtime.pk, browser=ADA, labels=["A1"])
    assert pay(showtime, ADA, "A1", "A2", "A3")


@pytest.mark.parametrize(("plan", "labels"), [("A oooooo", ["A1", "A3"]), ("A oo.oo.oooo", ["A2", "A4"])])
def test_pay_refuses_separate_seats_that_leave_single_seats(plan, labels, client):
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), plan + "\nB oooooo\nC oooooo"))
    panel = client.post(f"/showtimes/{showtime.pk}/seats/", {"take": labels}, headers=HTMX).text
    assert "left over alone" in panel and "Continue" not in panel
    hold_seats(showtime, ADA, "B1", "B3")
    with pytest.raises(LeavesSingleSeats):
        pay(showtime, ADA, "B1", "B3")


@pytest.mark.parametrize("freed", [(), ("A9",)])
def test_it_judges_by_the_seats_around_as_by_all_seats(theater_of_rows, freed):
    """The sale reads only the seats around the chosen ones, and must say what the rule says about the whole auditorium.

    In an exchange the old seats count as free, and not as chosen.
    """
    showtime, hold = theater_of_rows
    rule = SingleSeatRule(is_on=True, off_up_to=0)
    every = list(Seat.objects.filter(plan=showtime.plan))
    seats = [seat for seat in every if seat.label != "A9"]
    found = {}
    for chosen in (some for count in (2, 3) for some in combinations(seats[:9], count)):
        labels = tuple(names(chosen))
        judged = judge_held(
            showtime_id=showtime.pk, plan_id=showtime.plan_id, hold_id=hold.pk, labels=labels, rule=rule, freed=freed
        )
        picture = replace(picture_of(every, free=names(seats).union(freed)), not_offered=frozenset(freed))
        left = judge_choice(picture, chosen, rule=rule)
        found[labels] = (judged and names(judged.singles), left and names(left.singles))
    assert {labels: says for labels, says in found.items() if says[0] != says[1]} == {}
    assert sum(says[1] is not None for says in found.values()) > 20


@pytest.fixture
def theater_of_rows():
    """A row with an aisle, in which somebody else has A9, and a row behind it."""
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), "A ooo.ooooooo\nB oooooo"))
    hold_seats(showtime, BOB, "A9")
    return showtime, hold_seats(showtime, ADA, "B1")


def names(seats):
    return {seat.label for seat in seats}


@pytest.mark.parametrize("labels", [["A2"], ["A3", "A4"], ["A1", "A2"]])
def test_one_person_alone_and_choices_without_singles_pay(showtime, labels):
    hold_seats(showtime, ADA, *labels)
    assert pay(showtime, ADA, *labels)


@pytest.mark.parametrize("switched", [{"avoids_single_seats": False}, {"single_seats_off_up_to": 18}])
def test_the_theater_switches_it_off(showtime, switched):
    Theater.objects.update(**switched)
    hold_seats(showtime, ADA, "A2", "A3")
    assert pay(showtime, ADA, "A2", "A3")


def test_who_came_first_does_not_answer_for_who_came_later(showtime):
    hold_seats(showtime, ADA, "A1", "A2")
    hold_seats(showtime, BOB, "A4", "A5", "A6")
    with pytest.raises(LeavesSingleSeats):
        pay(showtime, BOB, "A4", "A5", "A6")
    assert pay(showtime, ADA, "A1", "A2")


def test_what_is_free_again_is_free(showtime):
    hold_seats(showtime, BOB, "A1")
    hold_seats(showtime, ADA, "A3", "A4")
    with pytest.raises(LeavesSingleSeats):
        pay(showtime, ADA, "A3", "A4")
    release_seats(showtime_id=showtime.pk, browser=BOB, labels=["A1"])
    assert pay(showtime, ADA, "A3", "A4")
