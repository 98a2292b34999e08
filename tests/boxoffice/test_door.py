"""The page of the door: works, wrong method, wrong person, wrong state."""

import pytest
from django.test import Client
from django.utils import timezone

from reservations.models import Scan, Ticket
from tests.boxoffice.scenes import book
from tests.clock import begins_in
from tests.factories import make_showtime, make_staff, make_theater

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def tonight(showtime):
    """It starts in half an hour."""
    begins_in(showtime, minutes=30)
    return showtime


@pytest.fixture
def ticket(showtime, tonight, request) -> Ticket:
    showtime.sales_close_at = timezone.now() + timezone.timedelta(minutes=10)
    showtime.save()
    return book(showtime, "A3").tickets.get()


def usher_at(theater) -> Client:
    client = Client()
    client.force_login(make_staff("DOOR", theater))
    return client


@pytest.fixture
def usher(showtime) -> Client:
    client = usher_at(showtime.auditorium.theater)
    room = showtime.auditorium
    answer = client.post("/door/here/", {"place": f"{room.theater_id}-{room.pk}", "name": "door 2"})
    assert answer.headers["Location"] == "/door/"
    return client


def test_a_scan_answers_with_words_and_the_log(usher, ticket):
    page = usher.post("/door/scan/", {"code": ticket.code}, headers=HTMX)
    html = page.content.decode()
    assert page.status_code == 200
    assert 'data-answer="welcome"' in html
    assert "Row A, seat 3" in html
    assert "<html" not in html
    assert Ticket.objects.get().status == "USED"


def test_without_script_a_reload_does_not_scan_again(usher, ticket):
    answer = usher.post("/door/scan/", {"code": ticket.code})
    scan = Scan.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/door/?scan={scan.pk}")
    for _ in range(2):
        assert 'data-answer="welcome"' in usher.get(f"/door/?scan={scan.pk}").content.decode()
    assert Scan.objects.count() == 1


def test_only_the_door_may_use_the_camera(usher):
    assert usher.get("/door/").headers["Permissions-Policy"].startswith("camera=(self),")
    assert usher.get("/").headers["Permissions-Policy"].startswith("camera=(),")


@pytest.mark.parametrize(
    ("method", "path"), [("get", "/door/scan/"), ("get", "/door/undo/1/"), ("post", "/door/"), ("get", "/door/here/")]
)
def test_the_wrong_method(usher, method, path):
    assert getattr(usher, method)(path).status_code == 405


@pytest.mark.parametrize("path", ["/door/here/", "/door/scan/", "/door/undo/1/"])
@pytest.mark.parametrize(("role", "status"), [(None, 302), ("FINANCE", 403), ("customer", 403)])
def test_the_wrong_person(showtime, django_user_model, path, role, status):
    client = Client()
    if role == "customer":
        client.force_login(django_user_model.objects.create_user("eve@example.com", "x"))
    elif role:
        client.force_login(make_staff(role, showtime.auditorium.theater))
    assert client.post(path, {"code": "x"}).status_code == status
    assert not Scan.objects.exists()


@pytest.mark.parametrize(("role", "is_there"), [("DOOR", False), ("MANAGER", True)])
def test_who_sells_too_finds_the_counter_from_the_door(showtime, role, is_there):
    client = Client()
    client.force_login(make_staff(role, showtime.auditorium.theater))
    assert ('href="/counter/"' in client.get("/door/").content.decode()) is is_there


def test_an_usher_stands_only_in_the_own_theater(usher, showtime):
    other = make_showtime(theater=make_theater()).auditorium
    assert other.theater.name not in usher.get("/door/?change").content.decode()
    refused = usher.post("/door/here/", {"place": f"{other.theater_id}-{other.pk}", "name": "door 9"})
    assert refused.status_code == 422


def test_who_lost_the_role_is_asked_nothing_more(usher, ticket, showtime):
    showtime.auditorium.theater.staff_roles.all().delete()
    assert usher.post("/door/scan/", {"code": ticket.code}).status_code == 403
    assert Ticket.objects.get().status == "VALID"


def test_a_device_that_stands_nowhere_is_asked_where(showtime, ticket):
    client = usher_at(showtime.auditorium.theater)
    answer = client.post("/door/scan/", {"code": ticket.code})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/door/")
    assert "Where do you stand?" in client.get("/door/").content.decode()
    assert not Scan.objects.exists()


def test_undo_twice_says_so(usher, ticket):
    usher.post("/door/scan/", {"code": ticket.code})
    path = f"/door/undo/{Scan.objects.get().pk}/"
    assert "the ticket is good again" in usher.post(path, headers=HTMX).content.decode()
    again = usher.post(path, headers=HTMX)
    assert again.status_code == 409
    assert "taken back already" in again.content.decode()
    assert Ticket.objects.get().status == "VALID"
