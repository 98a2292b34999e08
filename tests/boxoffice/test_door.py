"""The door's page: what works, and what is refused for a wrong method, person or state."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from accounts.models import SavedNeeds, User
from reservations.models import Scan, Ticket
from sales.models import Sale
from tests.aging import unguarded
from tests.boxoffice.scenes import book
from tests.clock import begins_in
from tests.factories import PASS_PHRASE, make_auditorium, make_showtime, make_staff, make_theater
from tests.variants import some

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def tonight(showtime):
    """A showtime that starts in half an hour."""
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


def test_places_without_numbers_are_counted_not_named(db):
    """The usher never reads the names by which we tell places apart, such as Hall 0002."""
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), "[Hall]\nunreserved 12\n"))
    begins_in(showtime, minutes=20)
    booking = book(showtime, "Hall 0001", "Hall 0002")
    usher = usher_at(showtime.auditorium.theater)
    usher.post("/door/here/", {"place": f"{showtime.auditorium.theater_id}-{showtime.auditorium_id}", "name": "door 2"})
    for page in (f"/door/bookings/{booking.reference}/", f"/door/showtimes/{showtime.pk}/"):
        words = " ".join(usher.get(page).text.split())
        assert re.search(r"missing:? Hall \(2 unreserved\)", words), page
        assert not re.search(r">[^<]*Hall 000\d", words), page


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
    ("method", "path"),
    [
        *[("get", path) for path in ("/door/scan/", "/door/undo/1/", "/door/here/", "/door/overrule/1/")],
        *[("post", path) for path in ("/door/", "/door/bookings/KX7M-4QPD/", "/door/showtimes/1/")],
        ("get", "/door/bookings/KX7M-4QPD/admit/"),
    ],
)
def test_the_wrong_method(usher, method, path):
    assert getattr(usher, method)(path).status_code == 405


@pytest.mark.parametrize(
    "path",
    some(
        ["/door/here/", "/door/scan/", "/door/undo/1/", "/door/overrule/1/", "/door/bookings/KX7M-4QPD/admit/"], every=3
    ),
)
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


def stand_in_foyer(client, theater) -> Client:
    client.post("/door/here/", {"place": f"{theater.pk}", "name": "foyer"})
    return client


@pytest.fixture
def manager(showtime) -> Client:
    client = Client()
    client.force_login(make_staff("MANAGER", showtime.auditorium.theater))
    return stand_in_foyer(client, showtime.auditorium.theater)


def test_a_manager_overrules_with_a_reason_and_an_usher_is_told_who_can(usher, manager, ticket):
    for _ in range(2):
        page = usher.post("/door/scan/", {"code": ticket.code}, headers=HTMX).content.decode()
    path = f"/door/overrule/{Scan.objects.latest('pk').pk}/"
    assert "Used at" in page
    assert (path in page, "A manager who signs in" in page) == (False, True)
    assert usher.post(path, {"reason": "Came back"}, headers=HTMX).status_code == 403
    assert path in manager.get(f"/door/?scan={Scan.objects.latest('pk').pk}").content.decode()
    assert manager.post(path, {"reason": ""}, headers=HTMX).status_code == 409
    assert 'data-answer="welcome"' in manager.post(path, {"reason": "Came back"}, headers=HTMX).content.decode()
    assert Scan.objects.filter(outcome="ADMITTED").count() == 2


def test_an_old_entry_needs_the_right_and_a_reason(usher, manager, ticket):
    usher.post("/door/scan/", {"code": ticket.code})
    with unguarded():
        Scan.objects.update(at=timezone.now() - timezone.timedelta(minutes=31))
    path = f"/door/undo/{Scan.objects.get().pk}/"
    refused = usher.post(path, headers=HTMX)
    assert (refused.status_code, "A manager can take it back here" in refused.content.decode()) == (409, True)
    assert usher.post(path, {"reason": "Wrong person"}, headers=HTMX).status_code == 403
    assert f'action="{path}"' in manager.post(path, headers=HTMX).content.decode()
    assert "good again" in manager.post(path, {"reason": "Wrong person"}, headers=HTMX).content.decode()
    assert Ticket.objects.get().status == "VALID"


def test_a_reference_shows_the_party_and_one_press_lets_it_in(usher, tonight):
    booking = book(tonight, "A1", "A2")
    typed = booking.reference.lower().replace("-", " ")
    page = usher.post("/door/scan/", {"code": typed}, headers=HTMX).content.decode()
    assert ('data-answer="party"' in page, "missing: A1, A2" in page, "Let all 2 in" in page) == (True, True, True)
    assert Ticket.objects.filter(status="USED").count() == 0
    page = usher.post(f"/door/bookings/{booking.reference}/admit/", headers=HTMX).content.decode()
    assert ('data-answer="welcome"' in page, "2 let in: A1, A2" in page) == (True, True)


def test_the_door_sees_who_is_missing_and_neither_money_nor_addresses(usher, tonight):
    booking = book(tonight, "A1", "A2", email="ada@example.com")
    usher.post("/door/scan/", {"code": booking.tickets.first().code})
    pages = ["/door/", f"/door/showtimes/{tonight.pk}/", f"/door/bookings/{booking.reference}/"]
    told = [usher.get(path).content.decode() for path in pages]
    assert ["1 of 2" in page for page in told] == [True] * 3
    assert "missing A2" in told[1]
    assert [word for page in told for word in ("ada@", "14.50", "£") if word in page] == []


def test_the_door_sees_what_somebody_agreed_to_tell_it(usher, tonight):
    booking = book(tonight, "A1", "A2")
    ada = User.objects.create_user("ada@example.com", PASS_PHRASE)
    Sale.objects.filter(pk=booking.sale_id).update(user=ada)
    SavedNeeds.objects.create(user=ada, needs=["DOG", "HEARING_LOOP"], tells_staff=True)
    scanned = usher.post("/door/scan/", {"code": booking.tickets.first().code}, headers=HTMX).text
    for page in (scanned, usher.get(f"/door/bookings/{booking.reference}/").text):
        assert "Good to know:</b> needs the hearing loop, comes with an assistance dog" in page


def test_the_door_sees_only_today_and_only_its_own_theater(usher, tonight):
    elsewhere = make_showtime(theater=make_theater())
    begins_in(elsewhere, minutes=30)
    theirs = book(elsewhere, "A1")
    later = make_showtime(theater=tonight.auditorium.theater)
    begins_in(later, days=2)
    book(later, "A1", number=1)
    for path in (f"showtimes/{elsewhere.pk}", f"showtimes/{later.pk}", f"bookings/{theirs.reference}"):
        assert usher.get(f"/door/{path}/").status_code == 404
    assert usher.post(f"/door/bookings/{theirs.reference}/admit/").status_code == 404
    page = usher.post("/door/scan/", {"code": theirs.reference}, headers=HTMX).content.decode()
    assert f"No booking {theirs.reference} is for" in page
    assert not Scan.objects.filter(outcome="ADMITTED").exists()


def test_without_script_a_party_has_an_address(usher, tonight):
    booking = book(tonight, "A1", "A2")
    answer = usher.post("/door/scan/", {"code": booking.reference})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/door/bookings/{booking.reference}/")
    assert "Let all 2 in" in usher.get(answer.headers["Location"]).content.decode()
    assert usher.post(f"/door/bookings/{booking.reference}/admit/").status_code == 302
    assert Ticket.objects.filter(status="USED").count() == 2


ASKS_FOR_THE_DOOR = {"door", "choose_door"}


def test_a_device_that_stands_at_no_door_is_asked_where_it_does_at_every_address(showtime):
    client = usher_at(showtime.auditorium.theater)
    found = {}
    for pattern in addresses(get_resolver().url_patterns):
        path = reverse(pattern.name, kwargs=dict.fromkeys(pattern.pattern.converters, 1))
        if path.startswith("/door/") and pattern.name not in ASKS_FOR_THE_DOOR:
            answers = [client.get(path), client.post(path)]
            found[pattern.name] = sorted((answer.status_code, answer.headers.get("Location")) for answer in answers)
    assert len(found) > 6
    assert all(seen == [(302, "/door/"), (405, None)] for seen in found.values()), found


def addresses(patterns):
    """Yield the patterns of the door's addresses, without the office's."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            if str(pattern.pattern).startswith("door/"):
                yield pattern
        elif not str(pattern.pattern):
            yield from addresses(pattern.url_patterns)
