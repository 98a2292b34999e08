"""The board in the foyer: an enrolled device without an operator shows tonight's showtimes of its theater."""

import pytest
from django.test import Client

from staff.models import Device
from staff.services.devices import revoke
from tests.clock import begins_in
from tests.devices import enrolled, make_device
from tests.factories import make_auditorium, make_movie, make_showtime, make_theater
from tests.house_with_terms import make_house
from theaters.models import Movie, Showtime
from theaters.states import ShowtimeStatus

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def theater():
    return make_theater()


def showing(theater, title, minutes, **columns):
    movie = make_movie(title=title, slug=title.lower().replace(" ", "-"))
    showtime = make_showtime(movie=movie, auditorium=make_auditorium(theater, "\nA oooooooooo\n"))
    begins_in(showtime, minutes=minutes)
    Showtime.objects.filter(pk=showtime.pk).update(**columns)
    return showtime


def lines_of(answer):
    return [(line.movie, line.state) for line in answer.context["board"].lines]


def test_enrolling_a_board_opens_the_program_and_nobody_signs_in(theater):
    device, client = make_device(theater, "BOARD"), Client()
    answer = client.post(f"/device/enroll/{device.name.replace(' ', '%20')}/", follow=True)
    assert answer.redirect_chain == [("/board/", 302)] and answer.status_code == 200
    assert theater.name in answer.content.decode()
    assert client.get("/device/").url == "/board/"


def test_it_says_what_runs_tonight_how_full_it_is_and_what_is_canceled(theater):
    showing(theater, "Metropolis", 60)
    showing(theater, "Sunrise", 30, seats_taken=10)
    showing(theater, "Nosferatu", 90, seats_taken=6)
    showing(theater, "Faust", 45, status=ShowtimeStatus.CANCELED)
    showing(theater, "M", -5)
    showing(theater, "Tartuffe", -30)
    showing(theater, "Tabu", 24 * 60)
    showing(make_theater(), "Elsewhere", 60)
    showing(theater, "Phantom", 60, status=ShowtimeStatus.DRAFT)
    _device, client = enrolled(theater, "BOARD")
    answer = client.get("/board/")
    assert lines_of(answer) == [
        ("M", "begun"), ("Sunrise", "sold_out"), ("Faust", "canceled"), ("Metropolis", "free"), ("Nosferatu", "filling"),
    ]  # fmt: skip
    for words in ("Has begun", "Sold out", "Canceled", "Plenty left", "Filling up", "As of"):
        assert words in answer.content.decode(), words


def test_names_are_text(theater):
    showtime = showing(theater, "Metropolis", 60)
    Movie.objects.filter(pk=showtime.movie_id).update(title="<b onclick=alert(1)>Metropolis</b>")
    _device, client = enrolled(theater, "BOARD")
    page = client.get("/board/").content.decode()
    assert "&lt;b onclick=alert(1)&gt;Metropolis" in page and "<b onclick" not in page


def test_a_late_evening_says_what_comes_next(theater):
    showing(theater, "Tabu", 24 * 60)
    _device, client = enrolled(theater, "BOARD")
    page = client.get("/board/").content.decode()
    assert "Nothing more begins today." in page and "Tabu" in page


def test_more_than_fits_is_counted(theater):
    for number in range(16):
        showing(theater, f"Short {number}", 10 + number)
    _device, client = enrolled(theater, "BOARD")
    answer = client.get("/board/")
    assert (len(lines_of(answer)), "4 more showtimes later" in answer.content.decode()) == (12, True)


def test_it_asks_for_the_part_that_changes_and_for_all_after_a_release(theater):
    device, client = enrolled(theater, "BOARD")
    look = client.get("/board/").context["look"]
    part = client.get("/board/", {"look": look}, headers=HTMX)
    assert part.content.decode().lstrip().startswith('<div id="tonight"')
    assert client.get("/board/", {"look": "old.css"}, headers=HTMX).headers["HX-Refresh"] == "true"
    device.refresh_from_db()
    assert device.used_at is not None


@pytest.mark.parametrize("task", ["COUNTER", "DOOR"])
def test_other_devices_are_no_boards_and_a_board_is_nothing_else(theater, task):
    _other, client = enrolled(theater, task)
    assert client.get("/board/").status_code == 403
    _board, board = enrolled(theater, "BOARD")
    for page in ("/counter/", "/door/"):
        assert board.get(page).status_code == 403


def test_a_revoked_board_and_a_browser_that_is_no_device_are_refused(theater):
    device, client = enrolled(theater, "BOARD")
    revoke(device_id=device.pk, user_id=device.made_by_id, reason="Sold")
    assert client.get("/board/").status_code == 403
    assert client.get("/board/", headers=HTMX).headers["HX-Redirect"].startswith("/device/")
    assert Client().get("/board/").status_code == 403
    assert client.post("/board/").status_code == 405
    assert Device.objects.get(pk=device.pk).used_at is None


def test_it_shows_the_house_of_its_theater(theater):
    make_house("Lantern", domains=["lantern.example"])
    theater.house = make_house("Kino Kronen", domains=["kronen.example"])
    theater.save()
    _device, client = enrolled(theater, "BOARD")
    page = client.get("/board/").content.decode()
    assert "Kino Kronen" in page and "Lantern" not in page
