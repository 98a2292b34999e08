import pytest

from reservations.models import ShowtimeSeat
from reservations.refusals import NothingTogether
from reservations.services.best import take_best
from reservations.services.holds import Browser, take_seats
from tests.factories import make_auditorium, make_showtime, make_theater

pytestmark = pytest.mark.django_db
ADA = Browser(holder="a" * 64, address="192.0.2.1")
BOB = Browser(holder="b" * 64, address="192.0.2.2")


def held_by(browser):
    return list(ShowtimeSeat.objects.filter(hold__holder=browser.holder).order_by("pk").values_list("label", flat=True))


@pytest.fixture
def showtime():
    plan = "\n".join(f"{letter} oooooo" for letter in "ABCDEF")
    return make_showtime(auditorium=make_auditorium(make_theater(), plan))


def best(showtime, count, browser=ADA):
    take_best(showtime_id=showtime.pk, browser=browser, count=count, now=showtime.starts_at)


def test_two_thirds_back_in_the_middle(showtime):
    best(showtime, 2)
    assert held_by(ADA) == ["D3", "D4"]


def test_what_others_hold_is_left_out(showtime):
    take_seats(showtime_id=showtime.pk, browser=BOB, labels=["D3"])
    best(showtime, 3)
    assert held_by(ADA) == ["E2", "E3", "E4"]
    assert held_by(BOB) == ["D3"]


def test_a_new_wish_replaces_the_seats_held_before(showtime):
    take_seats(showtime_id=showtime.pk, browser=ADA, labels=["A1", "A6"])
    best(showtime, 4)
    assert held_by(ADA) == ["D2", "D3", "D4", "D5"]


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
